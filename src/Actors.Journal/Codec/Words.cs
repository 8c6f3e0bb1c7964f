using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Reconciliation;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;

namespace Actors.Journal.Codec;

/// <summary>The stable words that an enumeration's values are stored as: renaming or renumbering a value in code leaves the journal as it is.</summary>
internal sealed class Words<T>
    where T : struct, Enum
{
    private readonly Dictionary<T, string> _words = [];
    private readonly Dictionary<string, T> _values = new(StringComparer.Ordinal);

    /// <summary>Throws <see cref="ArgumentException"/> when a value or a word is there twice.</summary>
    public Words(params ReadOnlySpan<(T Value, string Word)> pairs)
    {
        foreach (var (value, word) in pairs)
        {
            _words.Add(value, word);
            _values.Add(word, value);
        }
    }

    public string Of(T value) =>
        _words.TryGetValue(value, out var word) ? word : throw new JournalFormatException($"no word is known for {typeof(T).Name} {value}");

    public bool Covers(T value) => _words.ContainsKey(value);

    public bool TryRead(string word, out T value) => _values.TryGetValue(word, out value);

    public override string ToString() => string.Join(", ", _values.Keys);
}

/// <summary>The words of every enumeration that is journaled.</summary>
internal static class Vocabulary
{
    public static readonly Words<Side> Sides = new((Side.Buy, "buy"), (Side.Sell, "sell"));

    public static readonly Words<OrderType> OrderTypes = new(
        (OrderType.Limit, "limit"),
        (OrderType.Market, "market"),
        (OrderType.Stop, "stop"),
        (OrderType.StopLimit, "stop-limit"),
        (OrderType.MarketIfTouched, "market-if-touched"),
        (OrderType.LimitIfTouched, "limit-if-touched"),
        (OrderType.Pegged, "pegged"));

    public static readonly Words<TimeInForce> TimesInForce = new(
        (TimeInForce.GoodTillCancel, "good-till-cancel"),
        (TimeInForce.ImmediateOrCancel, "immediate-or-cancel"),
        (TimeInForce.FillOrKill, "fill-or-kill"),
        (TimeInForce.Day, "day"));

    /// <summary>One word a flag; "none" is the empty list.</summary>
    public static readonly Words<OrderFlags> Flags = new((OrderFlags.PostOnly, "post-only"), (OrderFlags.ReduceOnly, "reduce-only"), (OrderFlags.Close, "close"));

    public static readonly Words<TriggerKind> Triggers = new(
        (TriggerKind.VenueDefault, "venue-default"),
        (TriggerKind.Mark, "mark"),
        (TriggerKind.Last, "last"),
        (TriggerKind.Index, "index"),
        (TriggerKind.LastNearMark, "last-near-mark"));

    public static readonly Words<PegKind> Pegs = new((PegKind.Primary, "primary"), (PegKind.Market, "market"), (PegKind.TrailingStop, "trailing-stop"));

    public static readonly Words<Contingency> Contingencies = new(
        (Contingency.None, "none"),
        (Contingency.OneCancelsTheOther, "one-cancels-the-other"),
        (Contingency.OneTriggersTheOther, "one-triggers-the-other"));

    public static readonly Words<OrderState> OrderStates = new(
        (OrderState.Submitted, "submitted"),
        (OrderState.Working, "working"),
        (OrderState.Unknown, "unknown"),
        (OrderState.Filled, "filled"),
        (OrderState.Cancelled, "cancelled"),
        (OrderState.Rejected, "rejected"),
        (OrderState.Expired, "expired"),
        (OrderState.Lost, "lost"));

    /// <summary>No change is under way: that has no word, the field is left out.</summary>
    public static readonly Words<PendingChange> PendingChanges = new((PendingChange.Amend, "amend"), (PendingChange.Cancel, "cancel"));

    public static readonly Words<Gate> Gates = new(
        (Gate.Start, "start"),
        (Gate.Connection, "connection"),
        (Gate.Switch, "switch"),
        (Gate.Reconciliation, "reconciliation"),
        (Gate.Journal, "journal"),
        (Gate.Stopping, "stopping"),
        (Gate.Operator, "operator"));

    public static readonly Words<LimitKind> LimitKinds = new(
        (LimitKind.OrderQuantity, "order-quantity"),
        (LimitKind.OrderNotional, "order-notional"),
        (LimitKind.Position, "position"),
        (LimitKind.GrossExposure, "gross-exposure"),
        (LimitKind.NetExposure, "net-exposure"),
        (LimitKind.Leverage, "leverage"),
        (LimitKind.PriceDistance, "price-distance"),
        (LimitKind.BestDistance, "best-distance"),
        (LimitKind.LiquidationDistance, "liquidation-distance"),
        (LimitKind.OpenOrders, "open-orders"),
        (LimitKind.OrdersPerSecond, "orders-per-second"),
        (LimitKind.AmendsPerSecond, "amends-per-second"),
        (LimitKind.DailyLoss, "daily-loss"),
        (LimitKind.Drawdown, "drawdown"),
        (LimitKind.Loss, "loss"),
        (LimitKind.FeesPerDay, "fees-per-day"),
        (LimitKind.ConsecutiveRejects, "consecutive-rejects"),
        (LimitKind.StaleBook, "stale-book"),
        (LimitKind.LateBeat, "late-beat"),
        (LimitKind.FundingDue, "funding-due"),
        (LimitKind.Operator, "operator"),
        (LimitKind.Unproved, "unproved"));

    public static readonly Words<RiskAction> RiskActions = new(
        (RiskAction.Log, "log"),
        (RiskAction.Alert, "alert"),
        (RiskAction.Refuse, "refuse"),
        (RiskAction.ReduceOnly, "reduce-only"),
        (RiskAction.CancelOrders, "cancel-orders"),
        (RiskAction.Flatten, "flatten"),
        (RiskAction.Stop, "stop"));

    public static readonly Words<OperatorVerb> OperatorVerbs = new((OperatorVerb.Halt, "halt"), (OperatorVerb.Resume, "resume"));

    public static readonly Words<Finding> Findings = new(
        (Finding.Agreed, "agreed"),
        (Finding.Adopted, "adopted"),
        (Finding.Lost, "lost"),
        (Finding.Foreign, "foreign"),
        (Finding.Unknown, "unknown"));

    public static readonly Words<BookStatus> BookStatuses = new(
        (BookStatus.AwaitingSnapshot, "awaiting-snapshot"), (BookStatus.Live, "live"), (BookStatus.Stale, "stale"));

    public static readonly Words<OrderNews> OrderNews = new(
        (Domain.Sessions.OrderNews.Other, "other"),
        (Domain.Sessions.OrderNews.Filled, "filled"),
        (Domain.Sessions.OrderNews.Cancelled, "cancelled"),
        (Domain.Sessions.OrderNews.Rejected, "rejected"),
        (Domain.Sessions.OrderNews.ChangeRefused, "change-refused"));

    public static readonly Words<VenueOrderStatus> VenueOrderStatuses = new(
        (VenueOrderStatus.New, "new"),
        (VenueOrderStatus.PartiallyFilled, "partially-filled"),
        (VenueOrderStatus.Filled, "filled"),
        (VenueOrderStatus.Canceled, "cancelled"),
        (VenueOrderStatus.Rejected, "rejected"),
        (VenueOrderStatus.Expired, "expired"),
        (VenueOrderStatus.Pending, "pending"));

    public static readonly Words<ExecutionKind> ExecutionKinds = new(
        (ExecutionKind.New, "new"),
        (ExecutionKind.Trade, "trade"),
        (ExecutionKind.Canceled, "cancelled"),
        (ExecutionKind.Replaced, "replaced"),
        (ExecutionKind.Rejected, "rejected"),
        (ExecutionKind.CancelRejected, "cancel-rejected"),
        (ExecutionKind.AmendRejected, "amend-rejected"),
        (ExecutionKind.Funding, "funding"),
        (ExecutionKind.Settlement, "settlement"),
        (ExecutionKind.Liquidation, "liquidation"),
        (ExecutionKind.Bankruptcy, "bankruptcy"),
        (ExecutionKind.Triggered, "triggered"),
        (ExecutionKind.Other, "other"));

    public static readonly Words<ContractKind> ContractKinds = new(
        (ContractKind.Inverse, "inverse"), (ContractKind.Linear, "linear"), (ContractKind.Quanto, "quanto"), (ContractKind.Spot, "spot"),
        (ContractKind.Prediction, "prediction"), (ContractKind.CalendarSpread, "calendar-spread"));

    public static readonly Words<MarkMethod> MarkMethods = new((MarkMethod.FairPrice, "fair-price"), (MarkMethod.LastPrice, "last-price"));

    public static readonly Words<InstrumentState> InstrumentStates = new(
        (InstrumentState.Unlisted, "unlisted"), (InstrumentState.Open, "open"), (InstrumentState.Closed, "closed"), (InstrumentState.Settled, "settled"));

    public static readonly Words<Answer> Answers = new((Answer.Yes, "yes"), (Answer.No, "no"));

    public static readonly Words<DoorState> DoorStates = new((DoorState.Open, "open"), (DoorState.Closed, "closed"));
}

/// <summary>A truth value as it is stored.</summary>
internal enum Answer
{
    No = 0,
    Yes = 1,
}

/// <summary>The risk door as it is stored.</summary>
internal enum DoorState
{
    Closed = 0,
    Open = 1,
}
