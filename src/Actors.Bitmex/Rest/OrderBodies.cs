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
        writer.WriteNumber("orderQty", terms.Quantity.Contracts);
        writer.WriteString("ordType", terms.Type.Name());
        if (terms.Price is { } price) writer.WriteNumber("price", instrument.Tick.ToDecimal(price));
        if (terms.StopPrice is { } stop) writer.WriteNumber("stopPx", instrument.Tick.ToDecimal(stop));
        // A market order's own time in force is immediate; naming another would be refused.
        if (terms.Type != OrderType.Market) writer.WriteString("timeInForce", terms.TimeInForce.Name());
        if (Instructions(terms.Flags) is { Length: > 0 } instructions) writer.WriteString("execInst", instructions);
        writer.WriteString("clOrdID", terms.Id.Value);
    });

    public static byte[] Amend(ClientOrderId id, Instrument instrument, Price? price, Quantity? quantity) => Write(writer =>
    {
        writer.WriteString("origClOrdID", id.Value);
        if (quantity is { } total) writer.WriteNumber("orderQty", total.Contracts);
        if (price is { } changed) writer.WriteNumber("price", instrument.Tick.ToDecimal(changed));
    });

    public static byte[] Cancel(IReadOnlyList<ClientOrderId> ids) => Write(writer =>
    {
        writer.WriteStartArray("clOrdID");
        foreach (var id in ids) writer.WriteStringValue(id.Value);
        writer.WriteEndArray();
    });

    public static byte[] CancelAll() => Write(_ => { });

    public static byte[] Beat(TimeSpan timeout) => Write(writer => writer.WriteNumber("timeout", (long)timeout.TotalMilliseconds));

    private static string Instructions(OrderFlags flags) => string.Join(
        ',',
        new[] { (OrderFlags.PostOnly, WireNames.PostOnly), (OrderFlags.ReduceOnly, WireNames.ReduceOnly) }
            .Where(pair => flags.HasFlag(pair.Item1))
            .Select(pair => pair.Item2));

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
