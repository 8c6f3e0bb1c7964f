using Actors.Domain.Instruments;
using Actors.Venue.Clearing;
using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>
/// Follows the trend: takes with it while the fair value stands well off its own moving average, up to a bound, and goes home when it is
/// over. Acts a third as often as a taker.
/// </summary>
internal sealed class MomentumTrader(Exchange exchange, Holding holding, MarketPace pace, SeededRandom random) : ITrader
{
    private const decimal TrendFrom = 0.0002m;
    private const int TrendTicksMin = 2;
    private const int AverageTurns = 8;
    private const int OrdersMax = 10;

    private decimal? _average;

    /// <summary>Takes where there is a trend; returns how long to wait for the next turn.</summary>
    public TimeSpan? Act()
    {
        var instrument = holding.Instrument;
        var fair = exchange.Prices.FairValue(instrument);
        var average = _average ?? fair;
        _average = decimal.Round(average + ((fair - average) / AverageTurns), 10);
        var trend = Math.Max(fair * TrendFrom, TrendTicksMin * instrument.Definition.Tick.Value);
        if (fair - average > trend) Follow(Side.Buy);
        else if (average - fair > trend) Follow(Side.Sell);
        else GoHome();
        return pace.TakerWait(random) * 3;
    }

    public void Pass(StateStream state)
    {
        random.Pass(state);
        _average = state.Pass(_average);
    }

    private void Follow(Side side)
    {
        var lots = holding.Instrument.Listing.TraderOrderLots * random.Between(20, 100) / 100;
        var most = OrdersMax * holding.Instrument.Listing.TraderOrderLots * holding.Instrument.Listing.LotSize;
        if (side.Sign() * holding.Position.Quantity.Contracts < most) Take(side, lots);
    }

    private void GoHome()
    {
        var position = holding.Position.Quantity;
        if (position.IsZero) return;
        var lots = Math.Min(holding.Instrument.Listing.TraderOrderLots, position.Absolute.Contracts / holding.Instrument.Listing.LotSize);
        Take(position.Contracts > 0 ? Side.Sell : Side.Buy, lots);
    }

    private void Take(Side side, long lots)
    {
        if (TraderOrder.Taking(holding, side, lots, pace.StepTicks) is { } order) exchange.Batch(() => exchange.Orders.Place(holding.Account, order));
    }
}
