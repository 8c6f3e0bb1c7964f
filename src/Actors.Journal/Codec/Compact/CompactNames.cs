using System.Collections.Frozen;

namespace Actors.Journal.Codec.Compact;

/// <summary>
/// The names of fields and the words that compact records hold as numbers. What is not among them is spelled out in the record, so that a new field needs no line here;
/// one that is added to the end makes records that older builds refuse to read. Never to be changed in the middle: the numbers are in journals.
/// </summary>
internal static class CompactNames
{
    /// <summary>The number of the first: below it are the marks of the form itself.</summary>
    public const int First = 3;

    /// <summary>No name has this number or a greater one; a multiple of 64.</summary>
    public const int NumbersMax = 320;

    public static readonly IReadOnlyList<string> All =
    [
        "at", "cursor", "kind", "bid", "bidSize", "ask", "askSize", "symbol", "id", "contracts", "sequence", "news", "price", "accepted", "amend", "answered",
        "best", "book", "cancel", "cancel-all", "changed", "chase", "compared", "door", "funding", "gateway-forgot", "grid", "holding", "looked-up", "mark",
        "operator", "orders-forgotten", "passed", "place", "placed", "position", "position-compared", "quoting", "refused", "settled", "time", "top", "unknown",
        "wallet-compared", "reason", "venueTime", "session", "currency", "strategy", "report", "cost", "commission", "state", "realised", "intent", "executionId",
        "venueId", "unrealisedCost", "ticks", "stream", "status", "side", "pegOffsetTicks", "outcome", "limit", "hash", "finding", "deposits", "balance", "amount",
        "words", "until", "type", "trigger", "to", "timeInForce", "text", "terms", "subject", "settlement", "rate", "quantity", "positionMax", "peg", "part", "name",
        "leaves", "latch", "latches", "intents", "inputs", "gate", "from", "flags", "filled", "executions", "execution", "counter", "change", "bound", "askedAt",
        "action", "stopTicks", "slot", "link", "contingency", "working", "withinTicks", "wallet", "verb", "value", "unrealised", "underlying", "triggered", "told",
        "theirs", "takerFeeRate", "strategies", "stopPrice", "still", "stepTicks", "starts", "skewTicks", "signature", "settlementFeeRate", "settings", "rows",
        "riskStep", "riskLimit", "retryable", "requoteTicks", "refusedPauseTicks", "realisedCost", "quote", "quiet", "profit", "priceMin", "priceMax", "plan",
        "phase", "pegOffset", "peak", "ours", "origin", "orders", "orderQuantityMax", "order", "ofPositions", "ofOrders", "occasion", "newestExecutionAt",
        "multiplier", "markMethod", "margin", "makerFeeRate", "maintenanceMarginRate", "lot", "lostAfterTicks", "limits", "leverage", "ladder", "key", "instruments",
        "initialMarginRate", "heads", "halfSpreadTicks", "fundingIntervalTicks", "frames", "frame", "forgiven", "flat", "failure", "expiry", "dueAt", "divisor",
        "displayContracts", "dialect", "day", "contractsPerUnderlying", "codeVersion", "beat", "averagePrice", "available", "all", "adopted", "addedLiquidity",
        "account", "tick", "ordersLeft", "levels", "attempt", "agreed", "alert", "amend-rejected", "amends-per-second", "awaiting-snapshot", "bankruptcy",
        "best-distance", "buy", "calendar-spread", "cancel-orders", "cancel-rejected", "cancelled", "change-refused", "close", "closed", "connection",
        "consecutive-rejects", "daily-loss", "drawdown", "expired", "fair-price", "fees-per-day", "fill-or-kill", "flatten", "foreign", "funding-due",
        "good-till-cancel", "gross-exposure", "halt", "immediate-or-cancel", "index", "inverse", "journal", "last", "last-near-mark", "last-price", "late-beat",
        "limit-if-touched", "linear", "liquidation", "liquidation-distance", "live", "log", "loss", "lost", "market", "market-if-touched", "net-exposure", "new",
        "no", "none", "one-cancels-the-other", "one-triggers-the-other", "open", "open-orders", "order-notional", "order-quantity", "orders-per-second", "other",
        "partially-filled", "pegged", "pending", "post-only", "prediction", "price-distance", "primary", "quanto", "reconciliation", "reduce-only", "refuse",
        "rejected", "replaced", "resume", "sell", "spot", "stale", "stale-book", "start", "stop", "stop-limit", "stopping", "submitted", "switch", "trade",
        "trailing-stop", "unlisted", "unproved", "venue-default", "yes", "updatedAt", "submittedAt", "finishedSequence", "finished", "lastFillAt",
        "executionsReconciledUntil", "lastExecutionAt", "fills",
    ];

    private static readonly string[] ByNumber = [.. All];
    private static readonly FrozenDictionary<string, int> Numbers = All.Select((name, index) => (name, index)).ToFrozenDictionary(one => one.name, one => one.index + First, StringComparer.Ordinal);

    /// <summary>Zero for one that is not among them.</summary>
    public static int NumberOf(string name) => Numbers.GetValueOrDefault(name);

    /// <summary>Null for a number that none has.</summary>
    public static string? Of(ulong number) => number >= First && number < (ulong)(ByNumber.Length + First) ? ByNumber[(int)number - First] : null;
}
