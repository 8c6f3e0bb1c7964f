using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Clearing;

/// <summary>
/// Settles dated contracts at their expiry, at the average of the index over the last half hour, and lists again what is listed to be; and
/// opens and closes what trades in sessions.
/// </summary>
internal sealed class SettlementClock
{
    public static readonly TimeSpan AveragedFor = TimeSpan.FromMinutes(30);

    /// <summary>From a settlement until the next contract of the symbol is listed, so that everybody sees the one that ended: our choice.</summary>
    public static readonly TimeSpan RelistedAfter = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(1);

    private readonly Exchange _exchange;

    public SettlementClock(Exchange exchange)
    {
        _exchange = exchange;
        exchange.OnRepeated(ExchangeTask.SettlementSample, place => Sample(exchange.Instruments[(int)place]));
        exchange.On(ExchangeTask.Settlement, task => Settle(exchange.Instruments[(int)task.Number]));
        exchange.On(ExchangeTask.Relisting, task => Relist(exchange.Instruments[(int)task.Number]));
        exchange.On(ExchangeTask.Session, task => Follow(exchange.Instruments[(int)task.Number]));
    }

    public void Start()
    {
        foreach (var instrument in _exchange.Instruments)
        {
            if (instrument.Definition.Expiry is { } expiry) Expect(instrument, expiry);
            else if (instrument.Definition.Schedule != TradingSchedule.Always) Follow(instrument);
        }
    }

    private void Expect(ListedInstrument instrument, DateTimeOffset expiry)
    {
        if (expiry <= _exchange.Now)
        {
            _exchange.Orders.SetState(instrument, InstrumentState.Settled);
            return;
        }

        var from = expiry - AveragedFor;
        _exchange.At(from > _exchange.Now ? from : _exchange.Now, ExchangeTask.SettlementSample, instrument.Index);
        _exchange.At(expiry, ExchangeTask.Settlement, instrument.Index);
    }

    private TimeSpan? Sample(ListedInstrument instrument)
    {
        if (_exchange.Now >= instrument.Definition.Expiry) return null;
        instrument.SettlementAverage = instrument.SettlementAverage.Add(_exchange.Now, instrument.IndexPrice);
        return SampleInterval;
    }

    private void Settle(ListedInstrument instrument)
    {
        var average = instrument.SettlementAverage.Until(_exchange.Now) ?? instrument.IndexPrice;
        var price = decimal.Round(average, instrument.Listing.IndexDecimals);
        instrument.SettledPrice = price;
        instrument.MarkPrice = price;
        _exchange.Clearing.Remark(instrument);
        _exchange.Orders.SetState(instrument, InstrumentState.Settled);
        foreach (var account in _exchange.Accounts) Close(account.Holdings[instrument.Index], price);
        _exchange.Observer.Settled(new SettlementRow(instrument, _exchange.Now, "Settlement", price));
        _exchange.Observer.InstrumentChanged(instrument);
        _exchange.Flush();
        if (instrument.Listing.RelistIntervalHours is not null) _exchange.At(_exchange.Now + RelistedAfter, ExchangeTask.Relisting, instrument.Index);
    }

    /// <summary>The next contract takes its predecessor's symbol, as the venue's daily contracts did.</summary>
    private void Relist(ListedInstrument instrument)
    {
        var interval = TimeSpan.FromHours(instrument.Listing.RelistIntervalHours!.Value);
        var expiry = instrument.Definition.Expiry!.Value + interval;
        while (expiry <= _exchange.Now) expiry += interval;
        instrument.Relist(_exchange.Now, expiry);
        Expect(instrument, expiry);
        _exchange.Prices.SetIndex(instrument, _exchange.Prices.Source.Price(instrument));
        _exchange.Orders.SetState(instrument, InstrumentState.Open);
    }

    private void Close(Holding holding, decimal price)
    {
        var quantity = holding.Position.Quantity;
        if (quantity.IsZero) return;
        var definition = holding.Instrument.Definition;
        var cost = ContractValue.Cost(definition, quantity, price);
        var fee = ContractValue.Commission(Math.Abs(cost), definition.SettlementFeeRate);
        var realised = Clearinghouse.Move(holding, -quantity.Contracts, -cost, fee);
        // Longs and shorts get the same to the unit but for rounding, which is the venue's.
        holding.Wallet.Currency.Fees += fee - cost;
        var money = new FillMoney(quantity.Absolute.Contracts, price, -cost, fee, definition.SettlementFeeRate, false, _exchange.Identifiers.Next(), realised + fee);
        SystemExecutions.Record(_exchange, holding, ExecutionKind.Settlement, quantity.Contracts > 0 ? Side.Sell : Side.Buy, money, "Settlement");
    }

    private void Follow(ListedInstrument instrument)
    {
        var schedule = instrument.Definition.Schedule;
        _exchange.Orders.SetState(instrument, schedule.IsOpen(_exchange.Now) ? InstrumentState.Open : InstrumentState.Closed);
        if (schedule.NextChange(_exchange.Now) is { } change) _exchange.At(change, ExchangeTask.Session, instrument.Index);
    }
}
