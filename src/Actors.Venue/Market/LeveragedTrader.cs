using Actors.Domain.Instruments;
using Actors.Venue.Clearing;
using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>
/// Buys on a small deposit, so much that a fall of a few per cent ends it, and holds on. Once it was closed out it stays away for a while and
/// comes back with a new deposit.
/// </summary>
internal sealed class LeveragedTrader(Exchange exchange, Holding holding, SeededRandom random) : ITrader
{
    private const int LeverageMin = 12;
    private const int LeverageMax = 40;

    /// <summary>It buys whatever is offered within this many ticks of the best offer.</summary>
    private const int ReachTicks = 200;

    private long _leverage = random.Between(LeverageMin, Math.Max(LeverageMin, Math.Min(LeverageMax, (long)(0.8m / holding.Instrument.Definition.InitialMarginRate))));
    private bool _holds;

    /// <summary>Enters, or looks whether its position is still there; returns how long to wait for the next turn.</summary>
    public TimeSpan? Act()
    {
        if (!holding.Position.Quantity.IsZero)
        {
            _holds = true;
            return TimeSpan.FromMilliseconds(random.Between(4_000, 8_000));
        }

        if (_holds)
        {
            _holds = false;
            return TimeSpan.FromMilliseconds(random.Between(60_000, 120_000));
        }

        exchange.Batch(Enter);
        return TimeSpan.FromMilliseconds(random.Between(4_000, 8_000));
    }

    public void Pass(StateStream state)
    {
        random.Pass(state);
        _leverage = state.Pass(_leverage);
        _holds = state.Pass(_holds);
    }

    private void Enter()
    {
        var instrument = holding.Instrument;
        if (TraderOrder.Taking(holding, Side.Buy, instrument.Listing.TraderOrderLots * random.Between(3, 12), ReachTicks) is not { } order) return;
        var value = ContractValue.Value(instrument.Definition, new Quantity(order.Quantity!.Value), instrument.MarkPrice);
        Fund((value / _leverage) + (value / 100));
        exchange.Orders.Place(holding.Account, order);
    }

    /// <summary>Brings the balance up to an amount, in minor units: the margin, and what entering and leaving costs.</summary>
    private void Fund(long amount)
    {
        var wallet = holding.Account.Wallet(holding.Instrument.Definition.Settlement);
        var missing = amount - wallet.Balance;
        if (missing <= 0) return;
        wallet.Deposit(missing);
        wallet.Currency.Deposits += missing;
    }
}
