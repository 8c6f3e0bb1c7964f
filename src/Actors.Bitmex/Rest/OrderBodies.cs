using System.Buffers;
using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;

namespace Actors.Bitmex.Rest;

/// <summary>Writes the bodies of order requests: exact decimals, no field that is not meant.</summary>
internal static class OrderBodies
{
    public static byte[] Place(OrderTerms terms, Instrument instrument) => Write(writer =>
    {
        writer.WriteString("symbol", terms.Symbol.Value);
        writer.WriteString("side", terms.Side.Name());
        // Without a quantity the whole position is closed, and the venue does not shed such an order when it is overloaded.
        if (!terms.Quantity.IsZero) writer.WriteNumber("orderQty", terms.Quantity.Contracts);
        writer.WriteString("ordType", terms.Type.Name());
        if (terms.Price is { } price) writer.WriteNumber("price", instrument.Tick.ToDecimal(price));
        if (terms.StopPrice is { } stop) writer.WriteNumber("stopPx", instrument.Tick.ToDecimal(stop));
        if (terms.DisplayQuantity is { } shown) writer.WriteNumber("displayQty", shown.Contracts);
        if (terms.Peg is { } peg)
        {
            writer.WriteString("pegPriceType", peg.Kind.Name());
            writer.WriteNumber("pegOffsetValue", instrument.Tick.ToDecimal(new Price(peg.OffsetTicks)));
        }

        // A market order's own time in force is immediate; naming another would be refused.
        if (terms.Type != OrderType.Market) writer.WriteString("timeInForce", terms.TimeInForce.Name());
        if (Instructions(terms) is { Length: > 0 } instructions) writer.WriteString("execInst", instructions);
        writer.WriteString("clOrdID", terms.Id.Value);
        if (terms.Link is { } link) WriteLink(writer, link);
    });

    public static byte[] Amend(ClientOrderId id, Instrument instrument, OrderChange change) => Write(writer =>
    {
        writer.WriteString("origClOrdID", id.Value);
        if (change.Quantity is { } total) writer.WriteNumber("orderQty", total.Contracts);
        if (change.Price is { } price) writer.WriteNumber("price", instrument.Tick.ToDecimal(price));
        if (change.StopPrice is { } stop) writer.WriteNumber("stopPx", instrument.Tick.ToDecimal(stop));
        if (change.PegOffsetTicks is { } offset) writer.WriteNumber("pegOffsetValue", instrument.Tick.ToDecimal(new Price(offset)));
    });

    public static byte[] Cancel(IReadOnlyList<ClientOrderId> ids) => Write(writer =>
    {
        writer.WriteStartArray("clOrdID");
        foreach (var id in ids) writer.WriteStringValue(id.Value);
        writer.WriteEndArray();
    });

    public static byte[] CancelAll() => Write(_ => { });

    public static byte[] Beat(TimeSpan timeout) => Write(writer => writer.WriteNumber("timeout", (long)timeout.TotalMilliseconds));

    private static void WriteLink(Utf8JsonWriter writer, OrderLink link)
    {
        writer.WriteString("clOrdLinkID", link.Id);
        if (link.Contingency != Contingency.None) writer.WriteString("contingencyType", link.Contingency.Name());
    }

    private static string Instructions(OrderTerms terms)
    {
        var words = new List<string>();
        if (terms.Flags.HasFlag(OrderFlags.PostOnly)) words.Add(WireNames.PostOnly);
        if (terms.Flags.HasFlag(OrderFlags.ReduceOnly)) words.Add(WireNames.ReduceOnly);
        if (terms.Flags.HasFlag(OrderFlags.Close)) words.Add(WireNames.Close);
        words.AddRange(WireNames.Instructions(terms.Trigger));
        // A peg that does not trail is set once, at acceptance; the venue takes no other.
        if (terms.Peg is { Kind: not PegKind.TrailingStop }) words.Add(WireNames.Fixed);
        return string.Join(',', words);
    }

    private static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
