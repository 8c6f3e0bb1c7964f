using Actors.Domain.Instruments;
using Actors.Venue.Clearing;
using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>
/// Keeps a ladder of post-only orders on both sides of the fair value, moved against its inventory, and renews a few of them each turn.
/// </summary>
internal sealed class MarketMaker(Exchange exchange, Holding holding, MarketPace pace, SeededRandom random) : ITrader
{
    private const long SkewMaxTicks = 24;

    private readonly VenueOrder?[] _orders = new VenueOrder?[pace.Depth * 2];

    /// <summary>Builds the whole ladder at once.</summary>
    public void QuoteAll() => exchange.Batch(() =>
    {
        for (var slot = 0; slot < _orders.Length; slot++) Quote(slot);
    });

    /// <summary>Renews some orders; returns how long to wait for the next turn.</summary>
    public TimeSpan? Act()
    {
        exchange.Batch(() =>
        {
            for (var i = 0; i < pace.OrdersPerTurn; i++) Quote(Stale() ?? Slot());
        });
        return pace.MakerWait(random);
    }

    /// <summary>An order that ended is as good as none.</summary>
    public void Pass(StateStream state)
    {
        random.Pass(state);
        for (var slot = 0; slot < _orders.Length; slot++) _orders[slot] = state.PassOrNull(_orders[slot] is { IsOpen: true } order ? order : null);
    }

    /// <summary>An order of its own that the fair value has gone through: to be renewed first.</summary>
    private int? Stale()
    {
        var fair = Fair() - Skew();
        for (var slot = 0; slot < _orders.Length; slot++)
        {
            if (_orders[slot] is not { IsOpen: true, PriceTicks: { } ticks } order) continue;
            // A clamped order stands where it can: renewing it again would change nothing.
            if (order.Side.Sign() * (ticks - fair) > 0 && order.Instrument.Book.Best(order.Side.Opposite()) is { } best && Math.Abs(best - ticks) > 1)
                return slot;
        }

        return null;
    }

    /// <summary>Mostly near the best price, where orders go stale first.</summary>
    private int Slot()
    {
        var depth = (int)Math.Min(random.Between(0, pace.Depth - 1), random.Between(0, pace.Depth - 1));
        return (depth * 2) + (int)random.Between(0, 1);
    }

    private void Quote(int slot)
    {
        var side = slot % 2 == 0 ? Side.Buy : Side.Sell;
        var ticks = Desired(side, slot / 2);
        if (ticks <= 0) return;
        if (_orders[slot] is { IsOpen: true } order)
        {
            if (order.Filled == 0 && order.PriceTicks != ticks)
            {
                exchange.Orders.Amend(order, new OrderAmendment(Price: holding.Instrument.Decimal(ticks)));
                return;
            }

            if (order.Filled == 0 && !random.Chance(30)) return;
            exchange.Orders.CancelEach([order], "Requoted.");
        }

        var lots = holding.Instrument.Listing.TraderOrderLots * random.Between(40, 160) / 100;
        _orders[slot] = exchange.Orders.Place(holding.Account, TraderOrder.Resting(holding, side, lots, ticks)).Order;
    }

    private long Desired(Side side, int depth)
    {
        var instrument = holding.Instrument;
        var distance = 1 + random.Between(0, 1) + (depth * pace.StepTicks) + random.Between(0, pace.StepTicks - 1);
        var ticks = Fair() - Skew() - (side.Sign() * distance);
        // Never through the other side: whoever quotes stale prices there is a taker's business.
        if (instrument.Book.Best(side.Opposite()) is not { } best) return ticks;
        return side == Side.Buy ? Math.Min(ticks, best - 1) : Math.Max(ticks, best + 1);
    }

    private long Fair() => holding.Instrument.Definition.Tick.Nearest(exchange.Prices.FairValue(holding.Instrument)).Ticks;

    private long Skew()
    {
        var unit = holding.Instrument.Listing.TraderOrderLots * holding.Instrument.Listing.LotSize * 5;
        return Math.Clamp(holding.Position.Quantity.Contracts / unit, -SkewMaxTicks, SkewMaxTicks);
    }
}
