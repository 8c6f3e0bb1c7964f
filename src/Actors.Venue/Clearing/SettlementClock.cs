using Actors.Domain.Funding;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Clearing;

/// <summary>
/// Settles dated contracts at their expiry, at the average of the index over the last half hour; and opens and closes what trades in
/// sessions.
/// </summary>
internal sealed class SettlementClock(Exchange exchange)
{
    public static readonly TimeSpan AveragedFor = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan SampleInterval = TimeSpan.FromSeconds(1);

    public void Start()
    {
        foreach (var instrument in exchange.Instruments)
        {
            if (instrument.Definition.Expiry is { } expiry) Expect(instrument, expiry);
            else if (instrument.Definition.Schedule != TradingSchedule.Always) Follow(instrument);
        }
    }

    private void Expect(ListedInstrument instrument, DateTimeOffset expiry)
    {
        if (expiry <= exchange.Now)
        {
            exchange.Orders.SetState(instrument, InstrumentState.Settled);
            return;
        }

        var average = default(TimeWeightedAverage);
        var from = expiry - AveragedFor;
        exchange.At(from > exchange.Now ? from : exchange.Now, () => exchange.Repeat(() =>
        {
            if (exchange.Now >= expiry) return null;
            average = average.Add(exchange.Now, instrument.IndexPrice);
            return SampleInterval;
        }));
        exchange.At(expiry, () => Settle(instrument, average.Until(exchange.Now) ?? instrument.IndexPrice));
    }

    private void Settle(ListedInstrument instrument, decimal average)
    {
        var price = decimal.Round(average, instrument.Listing.IndexDecimals);
        instrument.SettledPrice = price;
        instrument.MarkPrice = price;
        exchange.Clearing.Remark(instrument);
        exchange.Orders.SetState(instrument, InstrumentState.Settled);
        foreach (var account in exchange.Accounts) Close(account.Holdings[instrument.Index], price);
        exchange.Observer.Settled(new SettlementRow(instrument, exchange.Now, "Settlement", price));
        exchange.Observer.InstrumentChanged(instrument);
        exchange.Flush();
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
        var money = new FillMoney(quantity.Absolute.Contracts, price, -cost, fee, definition.SettlementFeeRate, false, exchange.Identifiers.Next(), realised + fee);
        SystemExecutions.Record(exchange, holding, ExecutionKind.Settlement, quantity.Contracts > 0 ? Side.Sell : Side.Buy, money, "Settlement");
    }

    private void Follow(ListedInstrument instrument)
    {
        var schedule = instrument.Definition.Schedule;
        exchange.Orders.SetState(instrument, schedule.IsOpen(exchange.Now) ? InstrumentState.Open : InstrumentState.Closed);
        if (schedule.NextChange(exchange.Now) is { } change) exchange.At(change, () => Follow(instrument));
    }
}
