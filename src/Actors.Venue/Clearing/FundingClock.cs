using Actors.Domain.Funding;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Clearing;

/// <summary>
/// Pays funding on its clock, 04:00, 12:00 and 20:00 UTC, and finds the rates: what is averaged over one interval is paid at the end of the
/// next. A payment that was due while the venue was not there is not made up for.
/// </summary>
internal sealed class FundingClock
{
    private static readonly TimeSpan SampleInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstOfDay = TimeSpan.FromHours(4);

    /// <summary>The impact notional is the base risk limit over this: a choice of ours, for books that are thinner than the venue's were.</summary>
    private const long ImpactShare = 200;

    private readonly Exchange _exchange;

    public FundingClock(Exchange exchange)
    {
        _exchange = exchange;
        exchange.On(ExchangeTask.FundingPayment, task => Pay(exchange.Instruments[(int)task.Number]));
        exchange.OnRepeated(ExchangeTask.FundingSample, _ =>
        {
            foreach (var instrument in exchange.Instruments) Sample(instrument);
            return SampleInterval;
        });
    }

    /// <summary>The next payment after <paramref name="now"/>.</summary>
    public static DateTimeOffset Next(DateTimeOffset now, TimeSpan interval)
    {
        var intervals = ((now.UtcTicks - FirstOfDay.Ticks) / interval.Ticks) + 1;
        return new DateTimeOffset((intervals * interval.Ticks) + FirstOfDay.Ticks, TimeSpan.Zero);
    }

    public void Start()
    {
        foreach (var instrument in _exchange.Instruments)
        {
            if (instrument is not { Listing.FundingRate: { } rate, Definition.FundingInterval: { } interval }) continue;
            instrument.Funding = new FundingCycle(rate, Next(_exchange.Now, interval), interval);
            _exchange.At(instrument.Funding.NextAt, ExchangeTask.FundingPayment, instrument.Index);
        }

        _exchange.At(_exchange.Now, ExchangeTask.FundingSample);
    }

    private void Sample(ListedInstrument instrument)
    {
        if (instrument.Funding is not { } cycle || _exchange.Now >= cycle.NextAt || instrument.State != InstrumentState.Open) return;
        var fraction = FairPrice.FractionOfPerpetual(cycle.Rate, _exchange.Now, cycle.NextAt, cycle.Interval);
        var notional = Math.Max(1, instrument.Definition.RiskLimit / ImpactShare);
        // A side that does not hold the notional says nothing: it counts as if it stood at the mark.
        var bid = ImpactPrice.Of(instrument.Definition, Levels(instrument, Side.Buy), notional) ?? instrument.MarkPrice;
        var ask = ImpactPrice.Of(instrument.Definition, Levels(instrument, Side.Sell), notional) ?? instrument.MarkPrice;
        var premium = FundingRate.PremiumIndex(bid, ask, instrument.MarkPrice, instrument.IndexPrice, fraction);
        instrument.Funding = cycle.Sample(_exchange.Now, decimal.Round(premium, 8), instrument.Listing.FundingRate!.Value);
    }

    private void Pay(ListedInstrument instrument)
    {
        var cycle = instrument.Funding!;
        if (instrument.State != InstrumentState.Settled)
        {
            foreach (var account in _exchange.Accounts) Pay(account.Holdings[instrument.Index], cycle.Rate);
            _exchange.Observer.Funded(new FundingRow(instrument, _exchange.Now, cycle.Interval, cycle.Rate));
        }

        cycle = cycle.Turn();
        cycle = cycle with { Rate = decimal.Round(cycle.Rate, 6) };
        while (cycle.NextAt <= _exchange.Now) cycle = cycle with { NextAt = cycle.NextAt + cycle.Interval };
        instrument.Funding = cycle;
        _exchange.At(cycle.NextAt, ExchangeTask.FundingPayment, instrument.Index);
        _exchange.Flush();
    }

    private void Pay(Holding holding, decimal rate)
    {
        var quantity = holding.Position.Quantity;
        if (quantity.IsZero) return;
        var instrument = holding.Instrument;
        var paid = FundingRate.Payment(instrument.Definition, quantity, instrument.MarkPrice, rate);
        var realised = Clearinghouse.Move(holding, 0, 0, paid);
        // What rounding leaves between payers and receivers is the venue's.
        holding.Wallet.Currency.Fees += paid;
        var money = new FillMoney(quantity.Absolute.Contracts, instrument.MarkPrice, holding.MarkValue, paid, rate, false, _exchange.Identifiers.Next(), realised + paid);
        SystemExecutions.Record(_exchange, holding, ExecutionKind.Funding, quantity.Contracts > 0 ? Side.Buy : Side.Sell, money, "Funding");
    }

    private static IEnumerable<ImpactLevel> Levels(ListedInstrument instrument, Side side)
    {
        var levels = side == Side.Buy ? instrument.Book.BidLevels : instrument.Book.AskLevels;
        for (var depth = 0; depth < levels; depth++)
        {
            var level = instrument.Book.Level(side, depth);
            yield return new ImpactLevel(instrument.Decimal(level.PriceTicks), new Quantity(level.Size));
        }
    }
}
