using Actors.Venue.Clearing;
using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>
/// Plays a recorded session into the market from the venue's start. The index of an instrument that is played follows the middle of its recorded
/// book; where several share an index, of the first in the listing. What is not played goes its own way.
/// </summary>
internal sealed class RecordedFlow : IIndexSource
{
    private readonly Exchange _exchange;
    private readonly FlowFile _file;
    private readonly IIndexSource _others;
    private readonly Action<long> _ended;
    private DateTimeOffset _start;
    private readonly Dictionary<int, PlayedBook> _books = [];
    private readonly Dictionary<string, ListedInstrument> _leaders = new(StringComparer.Ordinal);
    private int _next;

    private RecordedFlow(Exchange exchange, FlowFile file, Action<long> ended)
    {
        (_exchange, _file, _ended, _others, _start) = (exchange, file, ended, exchange.Prices.Source, exchange.Now);
        var number = BackgroundMarket.FirstAccount;
        foreach (var index in file.Events.Select(what => what.Instrument).Distinct().Order())
        {
            var accounts = ((string[])["bids", "offers", "taker"]).Select(name => Open(number++, name)).ToList();
            _books.Add(index, new PlayedBook(exchange, accounts[0].Holdings[index], accounts[1].Holdings[index], accounts[2].Holdings[index]));
            _leaders.TryAdd(exchange.Instruments[index].Listing.IndexSymbol, exchange.Instruments[index]);
        }

        exchange.Prices.Source = this;
        exchange.OnRepeated(ExchangeTask.RecordedFlow, _ => Play());
    }

    /// <summary>
    /// Plays from now on. <paramref name="ended"/> is called once, after the last event, with the number of levels and trades that the venue
    /// refused.
    /// </summary>
    public static void Start(Exchange exchange, FlowFile file, Action<long> ended)
    {
        var flow = new RecordedFlow(exchange, file, ended);
        var next = flow.Play();
        foreach (var instrument in exchange.Instruments)
        {
            if (flow._leaders.ContainsKey(instrument.Listing.IndexSymbol)) exchange.Prices.SetIndex(instrument, flow.Price(instrument));
        }

        exchange.Flush();
        if (next is { } wait) exchange.At(exchange.Now + wait, ExchangeTask.RecordedFlow);
    }

    public void MoveTo(DateTimeOffset now) => _others.MoveTo(now);

    public decimal Price(ListedInstrument instrument) =>
        _leaders.TryGetValue(instrument.Listing.IndexSymbol, out var leader) && _books[leader.Index].Middle is { } middle
            ? decimal.Round(middle, instrument.Listing.IndexDecimals, MidpointRounding.AwayFromZero)
            : _others.Price(instrument);

    /// <summary>A flow that goes on where a snapshot has it; its state comes with <see cref="Pass"/>.</summary>
    public static void Restore(Exchange exchange, FlowFile file, Action<long> ended) => _ = new RecordedFlow(exchange, file, ended);

    public void Pass(StateStream state)
    {
        _others.Pass(state);
        _start = state.Pass(_start);
        _next = state.Pass(_next);
        foreach (var index in _books.Keys.Order()) _books[index].Pass(state);
    }

    private Account Open(long number, string name) =>
        _exchange.Accounts.Find(account => account.Number == number) ?? _exchange.Open(number, name, false, currency => currency.TraderDeposit);

    /// <summary>Does everything up to now as one instant; returns how long to wait for the next, whole milliseconds.</summary>
    private TimeSpan? Play()
    {
        _exchange.Batch(() =>
        {
            while (_next < _file.Events.Count && _file.Events[_next].After <= _exchange.Now - _start)
            {
                var what = _file.Events[_next++];
                _books[what.Instrument].Apply(what);
            }
        });
        if (_next == _file.Events.Count)
        {
            _ended(_books.Values.Sum(book => book.Refused));
            return null;
        }

        var wait = _file.Events[_next].After - (_exchange.Now - _start);
        return TimeSpan.FromMilliseconds((wait.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond);
    }
}
