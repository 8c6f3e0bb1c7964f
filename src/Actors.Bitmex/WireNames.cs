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
