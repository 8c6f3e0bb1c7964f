using Actors.Domain.Instruments;

namespace Actors.Venue.Trading;

/// <summary>The order types that the venue trades; the domain's, and orders pegged to the market.</summary>
internal enum VenueOrderType
{
    Limit = 1,
    Market = 2,
    Stop = 3,
    StopLimit = 4,
    MarketIfTouched = 5,
    LimitIfTouched = 6,
    Pegged = 7,
}

/// <summary>How an order may be executed; the members are named as on the wire.</summary>
[Flags]
internal enum ExecutionInstructions
{
    None = 0,

    /// <summary>Ends rather than take liquidity.</summary>
    ParticipateDoNotInitiate = 1,

    /// <summary>Trades whole or not at all. The venue has refused it since 2018.</summary>
    AllOrNone = 2,

    /// <summary>Triggers on the mark price: the default.</summary>
    MarkPrice = 4,

    /// <summary>Triggers on the index price.</summary>
    IndexPrice = 8,

    /// <summary>Triggers on the last price traded.</summary>
    LastPrice = 16,

    /// <summary>Closes the position: reduces only, and makes room for itself.</summary>
    Close = 32,

    /// <summary>Only ever makes the position smaller.</summary>
    ReduceOnly = 64,

    /// <summary>A pegged price is set once, at acceptance.</summary>
    Fixed = 128,

    /// <summary>With <see cref="LastPrice"/>: triggers only while the last price is near the mark.</summary>
    LastWithinMark = 256,
}

/// <summary>What a price is pegged to; the members are named as on the wire.</summary>
internal enum PegPriceType
{
    None = 0,

    /// <summary>The best price of the order's own side.</summary>
    PrimaryPeg = 1,

    /// <summary>The best price of the other side.</summary>
    MarketPeg = 2,

    /// <summary>A trigger price that follows the market as it moves away.</summary>
    TrailingStopPeg = 3,

    /// <summary>Refused since December 2019.</summary>
    LastPeg = 4,

    /// <summary>Refused since December 2019.</summary>
    MidPricePeg = 5,
}

/// <summary>What linked orders do to each other; the members are named as on the wire.</summary>
internal enum ContingencyType
{
    None = 0,

    /// <summary>The first of them that trades, even in part, or that triggers cancels the others.</summary>
    OneCancelsTheOther = 1,

    /// <summary>Orders linked to it after it wait until it is filled.</summary>
    OneTriggersTheOther = 2,

    /// <summary>What one of them fills is taken off the others, contract for contract.</summary>
    OneUpdatesTheOtherAbsolute = 3,

    /// <summary>The others become smaller by the same part as the one that fills.</summary>
    OneUpdatesTheOtherProportional = 4,
}

/// <summary>Why an order that waited became active; the names are those of FIX, of which the first was seen on the venue's rows.</summary>
internal enum OrderTrigger
{
    None = 0,
    StopOrderTriggered = 1,
    OtoOrderTriggered = 2,
}

/// <summary>Groups of types and instructions that rules speak of.</summary>
internal static class OrderTerms
{
    public const ExecutionInstructions TriggerPrices =
        ExecutionInstructions.MarkPrice | ExecutionInstructions.IndexPrice | ExecutionInstructions.LastPrice;

    public const ExecutionInstructions Reducing = ExecutionInstructions.Close | ExecutionInstructions.ReduceOnly;

    /// <summary>Whether a fill of one such order makes the others smaller.</summary>
    public static bool Updates(this ContingencyType type) =>
        type is ContingencyType.OneUpdatesTheOtherAbsolute or ContingencyType.OneUpdatesTheOtherProportional;

    /// <summary>Whether an order of this type waits for its trigger.</summary>
    public static bool Waits(this VenueOrderType type) =>
        type is VenueOrderType.Stop or VenueOrderType.StopLimit or VenueOrderType.MarketIfTouched or VenueOrderType.LimitIfTouched;

    /// <summary>Whether an order of this type names a price.</summary>
    public static bool HasPrice(this VenueOrderType type) =>
        type is VenueOrderType.Limit or VenueOrderType.StopLimit or VenueOrderType.LimitIfTouched;

    /// <summary>
    /// Whether such an order triggers when the price is at its trigger or above. A stop triggers behind the market and an if-touched
    /// order before it: a buy stop above and a buy-if-touched below.
    /// </summary>
    public static bool TriggersAbove(this VenueOrderType type, Side side) =>
        (type is VenueOrderType.Stop or VenueOrderType.StopLimit) == (side == Side.Buy);

    /// <summary>The price that triggers: the mark unless the order says otherwise.</summary>
    public static ExecutionInstructions TriggerPrice(this ExecutionInstructions instructions) =>
        (instructions & TriggerPrices) is not ExecutionInstructions.None and var named ? named : ExecutionInstructions.MarkPrice;
}
