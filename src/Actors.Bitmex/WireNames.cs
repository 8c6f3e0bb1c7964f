using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.Bitmex;

/// <summary>The dialect's words for what the domain names itself; used by the dialect to read and by the venue to write.</summary>
public static class WireNames
{
    public const string PostOnly = "ParticipateDoNotInitiate";
    public const string ReduceOnly = "ReduceOnly";
    public const string Close = "Close";
    public const string Fixed = "Fixed";

    /// <summary>Bitcoin's minor unit, a satoshi.</summary>
    public const string Satoshi = "XBt";

    public static string Name(this Side side) => side == Side.Buy ? "Buy" : "Sell";

    public static bool TryParseSide(string? text, out Side side)
    {
        side = text == "Sell" ? Side.Sell : Side.Buy;
        return text is "Buy" or "Sell";
    }

    public static string Name(this OrderType type) => type.ToString();

    public static string Name(this TimeInForce timeInForce) => timeInForce.ToString();

    public static string Name(this PegKind kind) => kind switch
    {
        PegKind.Primary => "PrimaryPeg",
        PegKind.Market => "MarketPeg",
        PegKind.TrailingStop => "TrailingStopPeg",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no word is known for it"),
    };

    public static PegKind? ParsePeg(string? text) => text switch
    {
        "PrimaryPeg" => PegKind.Primary,
        "MarketPeg" => PegKind.Market,
        "TrailingStopPeg" => PegKind.TrailingStop,
        _ => null,
    };

    public static string Name(this Contingency contingency) => contingency.ToString();

    public static Contingency ParseContingency(string? text) => text switch
    {
        "OneCancelsTheOther" => Contingency.OneCancelsTheOther,
        "OneTriggersTheOther" => Contingency.OneTriggersTheOther,
        _ => Contingency.None,
    };

    public static TimeInForce? ParseTimeInForce(string? text) => text switch
    {
        "GoodTillCancel" => TimeInForce.GoodTillCancel,
        "ImmediateOrCancel" => TimeInForce.ImmediateOrCancel,
        "FillOrKill" => TimeInForce.FillOrKill,
        "Day" => TimeInForce.Day,
        _ => null,
    };

    /// <summary>The instructions that name what triggers an order; none for the venue's own choice.</summary>
    public static IReadOnlyList<string> Instructions(TriggerKind trigger) => trigger switch
    {
        TriggerKind.Mark => ["MarkPrice"],
        TriggerKind.Last => ["LastPrice"],
        TriggerKind.Index => ["IndexPrice"],
        TriggerKind.LastNearMark => ["LastPrice", "LastWithinMark"],
        _ => [],
    };

    /// <summary>What a comma separated list of instructions means; words that the domain has no name for are left out.</summary>
    public static (OrderFlags Flags, TriggerKind Trigger) ParseInstructions(string? text)
    {
        var (flags, trigger) = (OrderFlags.None, TriggerKind.VenueDefault);
        foreach (var word in (text ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            flags |= word switch { PostOnly => OrderFlags.PostOnly, ReduceOnly => OrderFlags.ReduceOnly, Close => OrderFlags.Close, _ => OrderFlags.None };
            trigger = word switch
            {
                "MarkPrice" => TriggerKind.Mark,
                "IndexPrice" => TriggerKind.Index,
                "LastWithinMark" => TriggerKind.LastNearMark,
                "LastPrice" when trigger != TriggerKind.LastNearMark => TriggerKind.Last,
                _ => trigger,
            };
        }

        return (flags, trigger);
    }

    public static VenueOrderStatus? ParseOrderStatus(string? text) => text switch
    {
        "New" => VenueOrderStatus.New,
        "PartiallyFilled" => VenueOrderStatus.PartiallyFilled,
        "Filled" => VenueOrderStatus.Filled,
        "Canceled" => VenueOrderStatus.Canceled,
        "Rejected" => VenueOrderStatus.Rejected,
        "Expired" => VenueOrderStatus.Expired,
        "PendingNew" or "PendingReplace" or "PendingCancel" => VenueOrderStatus.Pending,
        _ => null,
    };

    public static ExecutionKind ParseExecutionKind(string? text) => text switch
    {
        "New" => ExecutionKind.New,
        "Trade" => ExecutionKind.Trade,
        "Canceled" => ExecutionKind.Canceled,
        "Replaced" => ExecutionKind.Replaced,
        "Rejected" => ExecutionKind.Rejected,
        "CancelReject" => ExecutionKind.CancelRejected,
        "AmendReject" => ExecutionKind.AmendRejected,
        "Funding" => ExecutionKind.Funding,
        "Settlement" => ExecutionKind.Settlement,
        "Liquidation" => ExecutionKind.Liquidation,
        "Bankruptcy" => ExecutionKind.Bankruptcy,
        "TriggeredOrActivatedBySystem" => ExecutionKind.Triggered,
        _ => ExecutionKind.Other,
    };

    /// <summary>A timestamp as the venue writes it: UTC, milliseconds, Z.</summary>
    public static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
