using Actors.Domain.Books;
using Actors.Domain.Sessions;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests.Campaign;

/// <summary>The book, and the recording of frames.</summary>
internal sealed partial class ModelEngine
{
    /// <summary>Frames that the recorder has and has not written: they outlive its restart.</summary>
    private readonly List<(int Socket, long Frame)> _framesWaiting = [];
    private OrderBook _levels = null!;
    private BookWatch _watch = null!;
    private BookStatus _toldStatus;
    private bool _isConnected;

    public OrderBook Levels => _levels;

    /// <summary>Whether frames have been lost with a mailbox of the recorder.</summary>
    public bool RecorderHasStopped { get; private set; }

    /// <summary>What was recorded, in its order.</summary>
    public List<(int Socket, long Frame)> Recorded { get; } = [];

    private void RecoverBook()
    {
        // That there is a connection is assumed: what told it may have been lost, and a connection that is not there answers nothing.
        _isConnected = true;
        (_levels, _watch, _toldStatus) = (new OrderBook(Inverse.Symbol, Inverse.Tick), new BookWatch(new BookWatchSettings()), BookStatus.AwaitingSnapshot);
        TellStatus();
        Resubscribe();
    }

    private void OnBook(BookAction action, BookRow[] rows)
    {
        var fault = _levels.Apply(action, rows);
        Announce();
        if (fault is not null && _watch.MustAsk(_levels.Status, Now)) Resubscribe();
        if (_levels.Status == BookStatus.Live) _watch = _watch.Heard(_levels.Top, Now);
    }

    private void LookAtBook()
    {
        _watch = _watch.Elapsed(_levels.Status, Now);
        if (_levels.Status == BookStatus.Live && _watch.Fault(Now) is { } fault) GiveUpBook(fault);
        if (_isConnected && _watch.MustAsk(_levels.Status, Now)) Resubscribe();
    }

    private void GiveUpBook(string reason)
    {
        _levels.MarkStale(reason);
        Announce();
        if (_isConnected && _watch.MustAsk(_levels.Status, Now)) Resubscribe();
    }

    private void LoseBook(string reason)
    {
        _levels.MarkStale(reason);
        _watch = _watch.Disconnected();
        Announce();
    }

    private void OnConnected()
    {
        _isConnected = true;
        if (_levels.Status != BookStatus.Live) _watch = _watch.Asked(Now);
    }

    private void Resubscribe()
    {
        _watch = _watch.Asked(Now);
        _connection.Tell(() =>
        {
            var socket = _socket;
            if (_machine.IsLive) ToVenue(socket, () => SendSnapshot(socket));
        });
    }

    private void Announce()
    {
        if (_levels.Status == _toldStatus) return;
        _toldStatus = _levels.Status;
        TellStatus();
    }

    private void TellStatus()
    {
        var status = _levels.Status;
        _door.Tell(() => _risk.Take(new BookStatusSeen(Inverse.Symbol, status), Now));
    }

    private void WriteFrames()
    {
        Recorded.AddRange(_framesWaiting);
        _framesWaiting.Clear();
        _recorder.Durable();
    }
}
