using Actors.Domain.Instruments;
using Actors.Venue.Clearing;
using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>Takes in bursts: toward the fair value when a quote is stale, otherwise at random but rather back to a flat position.</summary>
internal sealed class Taker(Exchange exchange, Holding holding, MarketPace pace, SeededRandom random) : ITrader
{
    /// <summary>Takes; returns how long to wait for the next turn.</summary>
    public TimeSpan? Act()
    {
        exchange.Batch(() =>
        {
            var side = Direction();
            for (var left = random.Between(1, pace.BurstMax); left > 0; left--) Take(side);
        });
        return pace.TakerWait(random);
    }

    public void Pass(StateStream state) => random.Pass(state);

    private void Take(Side side)
    {
        var lots = holding.Instrument.Listing.TraderOrderLots * random.Between(5, 120) / 100;
        if (TraderOrder.Taking(holding, side, lots, random.Between(0, pace.StepTicks)) is { } order) exchange.Orders.Place(holding.Account, order);
    }

    private Side Direction()
    {
        var instrument = holding.Instrument;
        var fair = instrument.Definition.Tick.Nearest(exchange.Prices.FairValue(instrument)).Ticks;
        if (instrument.Book.Best(Side.Sell) < fair) return Side.Buy;
        if (instrument.Book.Best(Side.Buy) > fair) return Side.Sell;
        var isLong = holding.Position.Quantity.Contracts > 0;
        return random.Chance(60) == isLong ? Side.Sell : Side.Buy;
    }
}
