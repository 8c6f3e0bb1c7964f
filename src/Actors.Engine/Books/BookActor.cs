using Actors.Domain;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Engine.Connection;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Books;

/// <summary>
/// Owns one instrument's book. A book that was restarted, disconnected, handed an impossible row, told of a missed frame, left crossed or left silent is stale: everyone
/// who trades on it is told, and a new snapshot is asked for until it comes. Strategies get the newest top only: one that is still busy with the last is told the
/// next when it is done, and what lay between is conflated and counted.
/// </summary>
public sealed class BookActor : UntypedActor, IWithTimers
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    private readonly SessionContext _session;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly OrderBook _book;
    private readonly Dictionary<string, Listener> _strategies;
    private readonly Backlog _backlog;
    private readonly string _part;
    private BookWatch _watch;
    private BookStatus _told = BookStatus.AwaitingSnapshot;
    private BookTop _lastTop;
    private BookTop _toldBest;
    private Cursor _cursor;
    private BookMessages.Priced? _priced;
    private decimal? _mark;
    private decimal? _last;
    private long _conflated;
    private bool _connected = true;

    public BookActor(SessionContext session, Instrument instrument)
    {
        _session = session;
        _part = PartNames.Book(instrument.Symbol);
        _book = new OrderBook(instrument.Symbol, instrument.Tick);
        _watch = new BookWatch(session.Timings.Books);
        _strategies = session.Settings.Strategies.Where(strategy => strategy.Symbol == instrument.Symbol).ToDictionary(strategy => strategy.Id, _ => new Listener());
        _backlog = session.NewBookBacklog(instrument.Symbol);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _session.Directory.Register(_part, Self);
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, LookInterval);
        Tell(new BookMessages.StatusChanged(_book.Symbol, _book.Status, null));
        _session.Directory.Engine.Tell(new PartMessages.Ready(_part));
    }

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Resubscribe();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case BookMessages.Change change:
                OnChange(change);
                if (_backlog.Leave()) OnOverrun();
                break;
            case BookMessages.Traded traded:
                _last = traded.Price;
                break;
            case BookMessages.Priced priced:
                _priced = priced;
                _mark = priced.Report.MarkPrice ?? _mark;
                _last ??= priced.Report.LastPrice;
                break;
            case BookMessages.Ask:
                Sender.Tell(new BookMessages.StatusChanged(_book.Symbol, _book.Status, _book.Fault));
                if (_priced is not null) Sender.Tell(_priced);
                _toldBest = default;
                TellBest();
                break;
            case BookMessages.TopTaken taken:
                OnTaken(taken.StrategyId);
                break;
            case BookMessages.AskTop ask:
                OnAskTop(ask.StrategyId);
                break;
            case BookMessages.Missed missed:
                GiveUp(missed.Reason);
                break;
            case BookMessages.Disconnected:
                _connected = false;
                _book.MarkStale("disconnected");
                _watch = _watch.Disconnected();
                AnnounceStatus();
                break;
            case BookMessages.Connected:
                _connected = true;
                // The first snapshot of a connection comes without asking; if it does not, it is asked for.
                if (_book.Status != BookStatus.Live) _watch = _watch.Asked(_session.Now());
                break;
            case PartMessages.Probe probe:
                Sender.Tell(new PartMessages.Alive(_part, probe.Beat));
                break;
            case Look:
                OnLook();
                break;
        }
    }

    private void OnChange(BookMessages.Change change)
    {
        _cursor = change.Cursor;
        var fault = _book.Apply(change.Action, change.Rows);
        AnnounceStatus();
        if (fault is not null && _watch.MustAsk(_book.Status, _session.Now())) Resubscribe();
        if (_book.Status != BookStatus.Live) return;
        var top = _book.Top;
        _watch = _watch.Heard(top, _session.Now());
        if (top == _lastTop) return;
        _lastTop = top;
        // Between two frames of one change the book may be crossed for a moment: nobody trades on that top.
        if (top.IsCrossed) return;
        // The first of a book at once, so that risk knows it before anybody wants an order by it; the others a few times a second.
        if (_toldBest == default) TellBest();
        foreach (var (id, listener) in _strategies) Offer(id, listener);
    }

    /// <summary>Sends the newest top, or notes that there is a newer one for when the strategy is done with the last.</summary>
    private void Offer(string strategy, Listener listener)
    {
        if (listener.IsBusy)
        {
            if (listener.IsBehind) _conflated++;
            listener.IsBehind = true;
            return;
        }

        (listener.IsBusy, listener.IsBehind) = (true, false);
        _session.Directory.Strategy(strategy).Tell(new BookMessages.TopChanged(_cursor, _book.Symbol, _lastTop));
    }

    private void OnTaken(string strategy)
    {
        if (!_strategies.TryGetValue(strategy, out var listener)) return;
        listener.IsBusy = false;
        if (listener.IsBehind && _book.Status == BookStatus.Live && !_lastTop.IsCrossed) Offer(strategy, listener);
        else listener.IsBehind = false;
    }

    private void OnAskTop(string strategy)
    {
        if (!_strategies.TryGetValue(strategy, out var listener)) return;
        listener.IsBusy = false;
        listener.IsBehind = _book.Status == BookStatus.Live && _lastTop != default;
        OnTaken(strategy);
    }

    private void OnOverrun()
    {
        _backlog.Reset();
        GiveUp($"fell behind: more than {_backlog.Max} changes waited, those after were dropped");
    }

    private void OnLook()
    {
        var now = _session.Now();
        _watch = _watch.Elapsed(_book.Status, now);
        if (_book.Status == BookStatus.Live && _watch.Fault(now) is { } fault) GiveUp(fault);
        if (_connected && _watch.MustAsk(_book.Status, now)) Resubscribe();
        TellBest();
        Show();
    }

    private void TellBest()
    {
        if (_book.Status != BookStatus.Live || _lastTop == default || _lastTop == _toldBest || _lastTop.IsCrossed) return;
        _toldBest = _lastTop;
        _session.Directory.Risk.Tell(new BookMessages.BestChanged(_cursor, _book.Symbol, _lastTop));
    }

    /// <summary>What is known of the book may be wrong: nobody trades on it until a new snapshot.</summary>
    private void GiveUp(string reason)
    {
        _book.MarkStale(reason);
        AnnounceStatus();
        if (_connected && _watch.MustAsk(_book.Status, _session.Now())) Resubscribe();
    }

    private void Resubscribe()
    {
        _watch = _watch.Asked(_session.Now());
        _session.Directory.Connection.Tell(new ConnectionMessages.ResubscribeBook(_book.Symbol));
    }

    private void AnnounceStatus()
    {
        if (_book.Status == _told) return;
        _told = _book.Status;
        (_lastTop, _toldBest) = (default, default);
        if (_told == BookStatus.Stale)
        {
            _log.Warning("book {Symbol} is stale: {Fault}", _book.Symbol, _book.Fault);
            _session.Board.Say(_session.Now(), $"book {_book.Symbol} is stale: {_book.Fault}");
        }

        Tell(new BookMessages.StatusChanged(_book.Symbol, _told, _book.Fault));
        Show();
    }

    private void Tell(BookMessages.StatusChanged changed)
    {
        _session.Directory.Risk.Tell(changed);
        _session.Directory.Engine.Tell(changed);
        foreach (var strategy in _strategies.Keys) _session.Directory.Strategy(strategy).Tell(changed);
    }

    private void Show()
    {
        var top = _book.Top;
        _session.Board.Books[_book.Symbol] = new BookView(
            _book.Symbol,
            _book.Status,
            _book.Fault,
            top.Bid is { } bid ? _book.Tick.ToDecimal(bid.Price) : null,
            top.Bid?.Size.Contracts ?? 0,
            top.Ask is { } ask ? _book.Tick.ToDecimal(ask.Price) : null,
            top.Ask?.Size.Contracts ?? 0,
            _mark,
            _last,
            _book.Rows,
            _conflated);
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    /// <summary>A strategy that trades on this book: whether it has a top that it has not taken yet, and whether there is a newer one.</summary>
    private sealed class Listener
    {
        public bool IsBusy { get; set; }

        public bool IsBehind { get; set; }
    }
}
