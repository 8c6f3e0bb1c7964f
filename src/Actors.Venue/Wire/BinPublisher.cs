using Actors.Venue.Snapshots;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>Gathers trades and quotes into bins, ends them on the minute and publishes those that ended.</summary>
internal sealed class BinPublisher
{
    private static readonly BinSize Minute = BinSize.All[0];

    private readonly Exchange _exchange;
    private readonly Subscriptions _subscriptions;
    private readonly Dictionary<(int Instrument, string Size), BinSeries> _series = [];

    public BinPublisher(Exchange exchange, Subscriptions subscriptions)
    {
        _exchange = exchange;
        _subscriptions = subscriptions;
        foreach (var instrument in exchange.Instruments)
        {
            foreach (var size in BinSize.All) _series.Add((instrument.Index, size.Name), new BinSeries(instrument, size));
        }

        exchange.On(ExchangeTask.Bins, task => EndMinute(task.Due));
    }

    public void Start() => _exchange.At(Minute.End(_exchange.Now), ExchangeTask.Bins);

    public BinSeries Series(ListedInstrument instrument, BinSize size) => _series[(instrument.Index, size.Name)];

    public void Add(Trade trade)
    {
        foreach (var size in BinSize.All) Series(trade.Instrument, size).Add(trade);
    }

    public void Pass(StateStream state)
    {
        foreach (var instrument in _exchange.Instruments)
        {
            foreach (var size in BinSize.All) Series(instrument, size).Pass(state);
        }
    }

    private void EndMinute(DateTimeOffset end)
    {
        foreach (var size in BinSize.All)
        {
            if (end.UtcTicks % size.Length.Ticks == 0) Close(size, end);
        }

        // A process that was suspended goes on with the minute that runs: minutes in which nothing could happen have no bins.
        Start();
    }

    private void Close(BinSize size, DateTimeOffset end)
    {
        foreach (var instrument in _exchange.Instruments)
        {
            var (trades, quote) = Series(instrument, size).Close(end);
            if (trades is not null) Publish(BinTables.Trade(size), trades, instrument);
            if (quote is not null) Publish(BinTables.Quote(size), quote, instrument);
        }
    }

    private void Publish<T>(Table<T> table, T row, ListedInstrument instrument)
    {
        if (!_subscriptions.Any(table.Name, instrument.Symbol)) return;
        _subscriptions.Send(table.Name, "insert", instrument.Symbol, 0, Json.Frame(table.Name, "insert", writer => table.Write(writer, table.Read(row))));
    }
}
