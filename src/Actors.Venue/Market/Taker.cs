using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Clearing;
using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>Takes in bursts: toward the mark when a quote is stale, otherwise at random but rather back to a flat position.</summary>
internal sealed class Taker(Exchange exchange, Holding holding, MarketPace pace, SeededRandom random)
{
    public TimeSpan? Act()
    {
        exchange.Batch(() =>
        {
            var side = Direction();
            for (var left = random.Between(1, pace.BurstMax); left > 0; left--) Take(side);
        });
        return TimeSpan.FromMilliseconds(random.Between(pace.TakerWaitMin, pace.TakerWaitMax));
    }

    private void Take(Side side)
    {
        var listing = holding.Instrument.Listing;
        if (holding.Instrument.Book.Best(side.Opposite()) is not { } best) return;
        var lots = Math.Max(1, listing.TraderOrderLots * random.Between(5, 120) / 100);
        var limit = Math.Max(1, best + (side.Sign() * random.Between(0, pace.StepTicks)));
        exchange.Orders.Place(holding.Account, new NewOrder(
            listing.Symbol,
            side,
            Math.Min(lots * listing.LotSize, listing.MaxOrderQuantity),
            holding.Instrument.Decimal(limit),
            VenueOrderType.Limit,
            TimeInForce.ImmediateOrCancel,
            ExecutionInstructions.None,
            "",
            ""));
    }

    private Side Direction()
    {
        var instrument = holding.Instrument;
        var mark = instrument.Definition.Tick.Nearest(instrument.MarkPrice).Ticks;
        if (instrument.Book.Best(Side.Sell) < mark) return Side.Buy;
        if (instrument.Book.Best(Side.Buy) > mark) return Side.Sell;
        var isLong = holding.Position.Quantity.Contracts > 0;
        return random.Chance(60) == isLong ? Side.Sell : Side.Buy;
    }
}
