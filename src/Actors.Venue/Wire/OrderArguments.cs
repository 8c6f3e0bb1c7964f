using Actors.Bitmex;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>Reads order requests. What the venue does not know is refused by name, never ignored.</summary>
internal static class OrderArguments
{
    private const string Submitted = "Submitted via API.";
    private const string Closed = "Position Close via API.";

    // Gone from the venue since January 2023, and pools, hedge mode and sub-accounts, which this venue has not.
    private static readonly string[] Unavailable =
        ["simpleOrderQty", "simpleLeavesQty", "expiryTime", "maxSlippagePct", "targetAccountId"];

    public static NewOrder New(RequestArguments arguments)
    {
        foreach (var name in Unavailable) Refuse(arguments, name);
        RefuseOther(arguments, "strategy", "OneWay");
        RefuseOther(arguments, "pool", "Primary");
        var quantity = arguments.Whole("orderQty");
        var price = arguments.Number("price");
        return new NewOrder(
            Required(arguments, "symbol"),
            Direction(arguments, quantity),
            quantity is { } signed ? Math.Abs(signed) : null,
            price,
            Type(arguments, price),
            Force(arguments.Text("timeInForce")),
            Instructions(arguments),
            arguments.Text("clOrdID") ?? "",
            Annotated(arguments, Submitted))
        {
            DisplayQuantity = arguments.Whole("displayQty"),
            StopPrice = arguments.Number("stopPx"),
            Peg = Named(arguments, "pegPriceType", PegPriceType.None, "Unsupported pegPriceType"),
            PegOffset = arguments.Number("pegOffsetValue"),
            LinkId = arguments.Text("clOrdLinkID") ?? "",
            Contingency = Named(arguments, "contingencyType", ContingencyType.None, "Unsupported contingencyType"),
        };
    }

    /// <summary>The deprecated way to close a position: at the market, or at a price.</summary>
    public static NewOrder Close(RequestArguments arguments)
    {
        var price = arguments.Number("price");
        return new NewOrder(
            Required(arguments, "symbol"),
            null,
            null,
            price,
            price is null ? VenueOrderType.Market : VenueOrderType.Limit,
            null,
            ExecutionInstructions.Close,
            "",
            Closed);
    }

    public static OrderAmendment Amendment(RequestArguments arguments)
    {
        foreach (var name in Unavailable) Refuse(arguments, name);
        return new OrderAmendment(
            arguments.Whole("orderQty") is { } quantity ? Math.Abs(quantity) : null,
            arguments.Number("price"),
            arguments.Whole("leavesQty") is { } leaves ? Math.Abs(leaves) : null,
            arguments.Has("origClOrdID") ? arguments.Text("clOrdID") : null,
            arguments.Text("text") is null ? null : Annotated(arguments, Submitted),
            arguments.Number("stopPx"),
            arguments.Number("pegOffsetValue"));
    }

    /// <summary>A client's own words, cut at a length that no answer suffers from.</summary>
    public static string Bounded(string text) => text.Length <= 256 ? text : text[..256];

    private static string Required(RequestArguments arguments, string name) =>
        arguments.Text(name) ?? throw RequestException.Invalid($"'{name}' is a required arg.");

    private static string Annotated(RequestArguments arguments, string origin) =>
        arguments.Text("text") is { } text ? Bounded(text) + "\n" + origin : origin;

    private static void Refuse(RequestArguments arguments, string name)
    {
        if (arguments.Has(name)) throw new RequestException(400, $"Invalid {name}: not available on this venue");
    }

    private static void RefuseOther(RequestArguments arguments, string name, string only)
    {
        if (arguments.Text(name) is { } text && text != only) throw new RequestException(400, $"Invalid {name}: only {only} is available on this venue");
    }

    private static Side? Direction(RequestArguments arguments, long? quantity)
    {
        if (arguments.Text("side") is not { } text) return quantity is null ? null : quantity < 0 ? Side.Sell : Side.Buy;
        return WireNames.TryParseSide(text, out var side) ? side : throw new RequestException(400, "Invalid side");
    }

    /// <summary>A type that is not named follows from the fields that are there, as the venue always did.</summary>
    private static VenueOrderType Type(RequestArguments arguments, decimal? price)
    {
        if (arguments.Has("ordType")) return Named(arguments, "ordType", default(VenueOrderType), "Unsupported ordType");
        if (arguments.Has("stopPx")) return price is null ? VenueOrderType.Stop : VenueOrderType.StopLimit;
        if (arguments.Has("pegPriceType")) return VenueOrderType.Pegged;
        return price is null ? VenueOrderType.Market : VenueOrderType.Limit;
    }

    private static TimeInForce? Force(string? text) => text switch
    {
        null => null,
        "GoodTillCancel" => TimeInForce.GoodTillCancel,
        "ImmediateOrCancel" => TimeInForce.ImmediateOrCancel,
        "FillOrKill" => TimeInForce.FillOrKill,
        "Day" => TimeInForce.Day,
        _ => throw new RequestException(400, "Unsupported timeInForce"),
    };

    private static ExecutionInstructions Instructions(RequestArguments arguments)
    {
        var all = ExecutionInstructions.None;
        foreach (var text in (arguments.Text("execInst") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            all |= Parsed<ExecutionInstructions>(text) ?? throw new RequestException(400, "Unsupported execInst");
        }

        return all;
    }

    private static T Named<T>(RequestArguments arguments, string name, T absent, string words)
        where T : struct, Enum => arguments.Text(name) is { } text ? Parsed<T>(text) ?? throw new RequestException(400, words) : absent;

    /// <summary>A member by its exact name; numbers, lists and the zero that stands for absent are none.</summary>
    private static T? Parsed<T>(string text)
        where T : struct, Enum
    {
        var index = Array.IndexOf(Enum.GetNames<T>(), text);
        return index < 0 || text == "None" ? null : Enum.GetValues<T>()[index];
    }
}
