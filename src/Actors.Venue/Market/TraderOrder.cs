using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Clearing;
using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>The two orders that background traders know: one that rests and never takes, and one that takes what it can and is gone.</summary>
internal static class TraderOrder
{
    public static NewOrder Resting(Holding holding, Side side, long lots, long ticks) =>
        Limit(holding, side, lots, ticks, TimeInForce.GoodTillCancel, ExecutionInstructions.ParticipateDoNotInitiate);

    /// <summary>Up to <paramref name="steps"/> ticks behind the best price of the other side; null when there is none.</summary>
    public static NewOrder? Taking(Holding holding, Side side, long lots, long steps) =>
        holding.Instrument.Book.Best(side.Opposite()) is { } best
            ? Limit(holding, side, lots, Math.Max(1, best + (side.Sign() * steps)), TimeInForce.ImmediateOrCancel, ExecutionInstructions.None)
            : null;

    private static NewOrder Limit(Holding holding, Side side, long lots, long ticks, TimeInForce timeInForce, ExecutionInstructions instructions)
    {
        var listing = holding.Instrument.Listing;
        return new NewOrder(
            listing.Symbol,
            side,
            Math.Min(Math.Max(1, lots) * listing.LotSize, listing.MaxOrderQuantity),
            Math.Min(holding.Instrument.Decimal(ticks), listing.MaxPrice),
            VenueOrderType.Limit,
            timeInForce,
            instructions,
            "",
            "");
    }
}
