using Actors.Domain.Instruments;
using Actors.Domain.Orders;

namespace Actors.Domain.Port;

/// <summary>The state of an order as its venue tells it.</summary>
public enum VenueOrderStatus
{
    New = 1,
    PartiallyFilled = 2,
    Filled = 3,
    Canceled = 4,
    Rejected = 5,
    Expired = 6,

    /// <summary>Accepted by the venue's front, not by its matching yet: new, amend or cancel under way.</summary>
    Pending = 7,
}

/// <summary>What an execution records.</summary>
public enum ExecutionKind
{
    New = 1,
    Trade = 2,
    Canceled = 3,
    Replaced = 4,
    Rejected = 5,
    CancelRejected = 6,
    AmendRejected = 7,
    Funding = 8,
    Settlement = 9,
    Liquidation = 10,
    Bankruptcy = 11,
    Triggered = 12,
    Other = 13,
}

/// <summary>An instrument's definition with what moves: mark and index price in quote units, funding rate as a fraction per interval.</summary>
public sealed record InstrumentReport(
    Instrument Definition,
    decimal? MarkPrice,
    decimal? IndexPrice,
    decimal? LastPrice,
    decimal? FundingRate,
    DateTimeOffset? FundingTime,
    DateTimeOffset Timestamp);

/// <summary>An order's state. <see cref="ClientId"/> is empty for orders placed by other means. Prices in quote units, quantities in contracts.</summary>
public sealed record OrderReport(
    string VenueOrderId,
    ClientOrderId ClientId,
    Symbol Symbol,
    Side Side,
    OrderType Type,
    Quantity Quantity,
    decimal? Price,
    VenueOrderStatus Status,
    Quantity Filled,
    Quantity Leaves,
    decimal? AveragePrice,
    string Text,
    DateTimeOffset Timestamp)
{
    public decimal? StopPrice { get; init; }

    public TimeInForce? TimeInForce { get; init; }

    public OrderFlags Flags { get; init; }

    public Quantity? DisplayQuantity { get; init; }

    public TriggerKind Trigger { get; init; }

    public PegKind? Peg { get; init; }

    /// <summary>Distance from what the order is pegged to, in quote units, signed.</summary>
    public decimal? PegOffset { get; init; }

    public OrderLink? Link { get; init; }

    /// <summary>Whether what the order waited for has happened.</summary>
    public bool IsTriggered { get; init; }

    /// <summary>Whether it stands in the book and is charged for, and does not wait for a trigger; null where the venue does not say.</summary>
    public bool? IsWorking { get; init; }
}

/// <summary>
/// One event of an order or of the account, identified for ever by <see cref="ExecutionId"/>. <see cref="Commission"/> is what was paid (negative:
/// received), <see cref="Cost"/> the signed cost of the fill (see <see cref="ContractValue"/>), both in minor units of <see cref="Settlement"/>.
/// </summary>
public sealed record ExecutionReport(
    string ExecutionId,
    ExecutionKind Kind,
    string VenueOrderId,
    ClientOrderId ClientId,
    Symbol Symbol,
    Side? Side,
    Quantity LastQuantity,
    decimal? LastPrice,
    Currency Settlement,
    long Cost,
    long Commission,
    decimal CommissionRate,
    bool? AddedLiquidity,
    VenueOrderStatus OrderStatus,
    Quantity Filled,
    Quantity Leaves,
    string Text,
    DateTimeOffset Timestamp);

/// <summary>A position as the venue keeps it. Quantity signed; money in minor units of <see cref="Settlement"/>; prices in quote units.</summary>
public sealed record PositionReport(
    Symbol Symbol,
    Currency Settlement,
    Quantity Quantity,
    decimal? AverageEntryPrice,
    decimal? MarkPrice,
    decimal? LiquidationPrice,
    long UnrealisedCost,
    long RealisedPnl,
    long UnrealisedPnl,
    decimal Leverage,
    bool IsCross,
    DateTimeOffset Timestamp)
{
    /// <summary>Margin that the owner moved into an isolated position, less what of it is lost already; zero under cross.</summary>
    public long TransferredMargin { get; init; }

    /// <summary>The risk limit that holds, chosen or automatic; null where the venue names none.</summary>
    public long? RiskLimit { get; init; }
}

/// <summary>An account's money in one currency, in minor units.</summary>
public sealed record MarginReport(
    Currency Currency,
    long WalletBalance,
    long MarginBalance,
    long AvailableMargin,
    long InitialMargin,
    long MaintenanceMargin,
    long RealisedPnl,
    long UnrealisedPnl,
    DateTimeOffset Timestamp);

/// <summary>How an order request ended.</summary>
public abstract record OrderEntryOutcome
{
    private OrderEntryOutcome()
    {
    }

    /// <summary>The venue answered with the order's state; null where it only said yes (cancel all).</summary>
    public sealed record Accepted(OrderReport? Order) : OrderEntryOutcome;

    /// <summary>The request was certainly not executed. <see cref="Retryable"/>: overload or rate limit, nothing wrong with the order.</summary>
    public sealed record Refused(string Reason, bool Retryable) : OrderEntryOutcome;

    /// <summary>No answer, or one that does not say whether the request was executed. Never to be read as a refusal.</summary>
    public sealed record Unknown(string Reason) : OrderEntryOutcome;
}
