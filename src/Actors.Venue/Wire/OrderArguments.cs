using Actors.Bitmex;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>Reads order requests. What the venue does not trade yet is refused by name, never ignored.</summary>
internal static class OrderArguments
{
    private const string Submitted = "Submitted via API.";

    private static readonly string[] Unavailable = ["stopPx", "pegOffsetValue", "pegPriceType", "displayQty", "contingencyType", "clOrdLinkID"];

    public static NewOrder New(RequestArguments arguments)
    {
        foreach (var name in Unavailable) Refuse(arguments, name);
        var quantity = arguments.Whole("orderQty");
        var price = arguments.Number("price");
        return new NewOrder(
            arguments.Text("symbol") ?? throw RequestException.Invalid("'symbol' is a required arg."),
            Direction(arguments, quantity),
            quantity is { } signed ? Math.Abs(signed) : null,
            price,
            Type(arguments.Text("ordType"), price),
            Force(arguments.Text("timeInForce")),
            Flags(arguments),
            arguments.Text("clOrdID") ?? "",
            arguments.Text("text") is { } text ? Bounded(text) + "\n" + Submitted : Submitted);
    }

    public static OrderAmendment Amendment(RequestArguments arguments)
    {
        Refuse(arguments, "stopPx");
        Refuse(arguments, "pegOffsetValue");
        var newId = arguments.Has("origClOrdID") ? arguments.Text("clOrdID") : null;
        return new OrderAmendment(
            arguments.Whole("orderQty") is { } quantity ? Math.Abs(quantity) : null,
            arguments.Number("price"),
            arguments.Whole("leavesQty"),
            newId,
            arguments.Text("text") is { } text ? Bounded(text) + "\n" + Submitted : null);
    }

    /// <summary>A client's own words, cut at a length that no answer suffers from.</summary>
    public static string Bounded(string text) => text.Length <= 256 ? text : text[..256];

    private static void Refuse(RequestArguments arguments, string name)
    {
        if (arguments.Has(name)) throw new RequestException(400, $"Invalid {name}: not available on this venue yet");
    }

    private static Side Direction(RequestArguments arguments, long? quantity)
    {
        if (arguments.Text("side") is not { } text) return quantity < 0 ? Side.Sell : Side.Buy;
        return WireNames.TryParseSide(text, out var side) ? side : throw new RequestException(400, "Invalid side");
    }

    private static OrderType Type(string? text, decimal? price) => text switch
    {
        null => price is null ? OrderType.Market : OrderType.Limit,
        "Limit" => OrderType.Limit,
        "Market" => OrderType.Market,
        "Stop" or "StopLimit" or "MarketIfTouched" or "LimitIfTouched" or "Pegged" => throw new RequestException(400, $"Invalid ordType: {text} is not available on this venue yet"),
        _ => throw new RequestException(400, "Invalid ordType"),
    };

    private static TimeInForce Force(string? text) => text switch
    {
        null or "GoodTillCancel" => TimeInForce.GoodTillCancel,
        "ImmediateOrCancel" => TimeInForce.ImmediateOrCancel,
        "FillOrKill" => TimeInForce.FillOrKill,
        "Day" => throw new RequestException(400, "Invalid timeInForce: Day is not available on this venue yet"),
        _ => throw new RequestException(400, "Invalid timeInForce"),
    };

    private static OrderFlags Flags(RequestArguments arguments)
    {
        var flags = OrderFlags.None;
        foreach (var instruction in (arguments.Text("execInst") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            flags |= instruction switch
            {
                WireNames.PostOnly => OrderFlags.PostOnly,
                WireNames.ReduceOnly => OrderFlags.ReduceOnly,
                _ => throw new RequestException(400, $"Invalid execInst: {Bounded(instruction)} is not available on this venue yet"),
            };
        }

        return flags;
    }
}
