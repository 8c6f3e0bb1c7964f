using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Engine.Connection;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Books;

/// <summary>
/// Owns one instrument's book. A book that was restarted, disconnected, handed an impossible row or left crossed is stale: everyone who trades on it is told,
/// and a new snapshot is asked for until it comes.
/// </summary>
public sealed class BookActor : UntypedActor, IWithTimers
{
    private const string Disconnected = "disconnected";
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SnapshotPatience = TimeSpan.FromSeconds(5);

    private readonly SessionContext _session;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly OrderBook _book;
    private readonly IReadOnlyList<string> _strategies;
    private readonly string _part;
    private BookStatus _told = BookStatus.AwaitingSnapshot;
    private BookTop _lastTop;
    private DateTimeOffset? _crossedSince;
    private DateTimeOffset? _askedAt;
    private BookMessages.Priced? _priced;
    private decimal? _mark;
    private decimal? _last;

    public BookActor(SessionContext session, Instrument instrument)
    {
        _session = session;
        _part = PartNames.Book(instrument.Symbol);
        _book = new OrderBook(instrument.Symbol, instrument.Tick);
        _strategies = [.. session.Settings.Strategies.Where(strategy => strategy.Symbol == instrument.Symbol).Select(strategy => strategy.Id)];
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
                break;
            case BookMessages.Disconnected:
                _book.MarkStale(Disconnected);
                _askedAt = null;
                AnnounceStatus();
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
        var fault = _book.Apply(change.Action, change.Rows);
        if (change.Action == BookAction.Snapshot) _askedAt = null;
        AnnounceStatus();
        if (fault is not null)
        {
            Resubscribe();
            return;
        }

        if (_book.Status != BookStatus.Live) return;
        var top = _book.Top;
        if (top == _lastTop) return;
        _lastTop = top;
        // Between two frames of one change the book may be crossed for a moment: nobody trades on that top.
        if (top.IsCrossed)
        {
            _crossedSince ??= _session.Now();
            return;
        }

        _crossedSince = null;
        var changed = new BookMessages.TopChanged(change.Cursor, _book.Symbol, top);
        foreach (var strategy in _strategies) _session.Directory.Strategy(strategy).Tell(changed);
    }

    private void OnLook()
    {
        if (_crossedSince is { } since && _book.Status == BookStatus.Live && _session.Now() - since >= _session.Timings.CrossedMax)
        {
            _book.MarkStale($"crossed for more than {_session.Timings.CrossedMax.TotalSeconds} s");
            _crossedSince = null;
            AnnounceStatus();
        }

        // A request may be lost with its connection: it is made again until a snapshot comes. The first snapshot comes without asking.
        var due = _askedAt is { } asked ? _session.Now() - asked >= SnapshotPatience : _book.Status == BookStatus.Stale;
        if (_book.Status != BookStatus.Live && _book.Fault != Disconnected && due) Resubscribe();
        Show();
    }

    private void Resubscribe()
    {
        _askedAt = _session.Now();
        _session.Directory.Connection.Tell(new ConnectionMessages.ResubscribeBook(_book.Symbol));
    }

    private void AnnounceStatus()
    {
        if (_book.Status == _told) return;
        _told = _book.Status;
        _lastTop = default;
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
        foreach (var strategy in _strategies) _session.Directory.Strategy(strategy).Tell(changed);
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
            _book.Rows);
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }
}
