using Actors.Domain;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Journal.Audit;

/// <summary>
/// Decodes the recorded frames of a story once more, builds the books from them, and checks in step what the other streams claim that frames told. Holds one
/// batch of frames and one claim a stream at a time. A part that began again is told anew what it missed, which may be older than what it knew: such claims are
/// kept, and checked in the order of their frames by going through the session once more.
/// </summary>
internal sealed class FrameReplay : IVenueMessages
{
    /// <summary>Frames of the last moments of a session, while it closes, are not recorded.</summary>
    private static readonly TimeSpan ClosingMax = TimeSpan.FromSeconds(3);

    private readonly Story _story;
    private readonly Func<IVenueDecoder> _decoders;
    private readonly List<IEnumerator<FrameClaim>> _open = [];
    private readonly Dictionary<Symbol, OrderBook> _books = [];
    private readonly FrameContent _content = new();
    private readonly List<FrameClaim> _behind = [];
    private FrameUnpacker _unpacker = new();
    private Cursor _next;
    private bool _wanted;
    private bool _again;
    private long _rows;

    public FrameReplay(Story story, Func<IVenueDecoder> decoders, IEnumerable<StreamReplay> replays)
    {
        _story = story;
        _decoders = decoders;
        foreach (var replay in replays)
        {
            var claims = replay.Run().GetEnumerator();
            if (claims.MoveNext()) _open.Add(claims);
        }
    }

    /// <summary>Runs frames and replays to their ends. Throws as <see cref="JournalArchive.Read"/>.</summary>
    public void Run()
    {
        try
        {
            foreach (var session in _story.Sessions)
            {
                Play(session);
                PlayAgain(session);
                Unmatched(session);
            }

            foreach (var claims in _open.ToArray())
            {
                while (_open.Contains(claims)) Leave(claims, $"it refers to session {claims.Current.SessionId}, which is not part of this story");
            }
        }
        finally
        {
            foreach (var claims in _open.ToArray()) Close(claims);
        }

        _story.Findings.Count("book rows applied", _rows);
    }

    public void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime)
    {
        if (!_books.TryGetValue(symbol, out var book)) return;
        if (!_again) _rows += rows.Length;
        book.Apply(action, rows);
        if (_wanted && book.Status == BookStatus.Live) _content.Tops.Add((symbol, book.Top));
    }

    public void Instrument(InstrumentReport report)
    {
        if (!_wanted) return;
        if (report.MarkPrice is { } mark) _content.Marks.Add((report.Definition.Symbol, mark));
        if (report is { FundingRate: { } rate, FundingTime: { } at }) _content.Fundings.Add((report.Definition.Symbol, rate, at));
    }

    public void Order(OrderReport report)
    {
        if (_wanted) _content.Orders.Add(report);
    }

    public void Execution(ExecutionReport report)
    {
        if (_wanted) _content.Executions.Add(report);
    }

    public void Margin(MarginReport report)
    {
        if (_wanted) _content.Margins.Add(report);
    }

    public void Session(SessionMessage message)
    {
    }

    public void Quotes(ReadOnlySpan<Quote> quotes)
    {
    }

    public void Trades(ReadOnlySpan<TradePrint> trades)
    {
    }

    public void Position(PositionReport report)
    {
    }

    public void Undecodable(string reason) => _story.Findings.Count("frames, or rows of frames, that are not understood");

    private void PlayAgain(SessionInfo session)
    {
        if (_behind.Count == 0) return;
        var late = _behind.OrderBy(claim => claim.Cursor.Connection).ThenBy(claim => claim.Cursor.Frame).ToList().GetEnumerator();
        _behind.Clear();
        late.MoveNext();
        _open.Add(late);
        _again = true;
        Play(session);
        _again = false;
    }

    private void Play(SessionInfo session)
    {
        _books.Clear();
        foreach (var instrument in session.Manifest.Plan?.Instruments ?? []) _books[instrument.Symbol] = new OrderBook(instrument.Symbol, instrument.Tick);
        var decoder = _decoders();
        _unpacker = new FrameUnpacker();
        _next = default;
        var last = default(Cursor);
        foreach (var (sequence, record) in _story.Archive.Read(session.FramesStream))
        {
            if (record.Event is not FramesRecorded batch) continue;
            if (batch.Connection != last.Connection)
            {
                decoder = _decoders();
                foreach (var book in _books.Values) book.MarkStale("disconnected");
                last = new Cursor(batch.Connection, last.Connection < batch.Connection ? 0 : last.Frame);
            }

            last = Play(session, sequence, record, batch, decoder, last);
        }
    }

    private Cursor Play(SessionInfo session, long sequence, JournalRecord record, FramesRecorded batch, IVenueDecoder decoder, Cursor last)
    {
        if (!_again)
        {
            _story.Findings.Count("frames decoded", batch.Count);
            _story.Findings.Count("bytes of frames", batch.RawBytes);
            _story.Findings.Count("bytes of frames as stored", batch.Compressed.Length);
        }

        foreach (var frame in _unpacker.Unpack(batch))
        {
            var cursor = new Cursor(batch.Connection, frame.Sequence);
            if (cursor.Frame != last.Frame + 1 && !_again)
                _story.Findings.Remark($"frames {last.Frame + 1} to {cursor.Frame - 1} of connection {batch.Connection} of session {session.Id} are not recorded");
            last = cursor;
            // After a check other claims are at hand, which may lie behind; and frames may be missing: what was claimed of those is passed by.
            if (_wanted || IsBefore(_next, cursor))
            {
                PassBehind(session, cursor);
                _next = NextWanted(session.Id, cursor with { Frame = cursor.Frame - 1 });
            }

            _wanted = cursor == _next;
            decoder.Decode(frame.Bytes.Span, this);
            if (!_wanted) continue;
            Check(session.Id, cursor);
            _content.Clear();
        }

        return last;
    }

    /// <summary>Puts aside what is claimed of frames that were passed already; the second time they are not there.</summary>
    private void PassBehind(SessionInfo session, Cursor cursor)
    {
        for (var index = _open.Count - 1; index >= 0; index--)
        {
            var claims = _open[index];
            while (_open.Contains(claims) && claims.Current.SessionId == session.Id && IsBefore(claims.Current.Cursor, cursor))
            {
                if (_again)
                {
                    Leave(claims, $"the frame it refers to, {claims.Current.Cursor}, is not recorded", session);
                    continue;
                }

                _behind.Add(claims.Current);
                if (!claims.MoveNext()) Close(claims);
            }
        }
    }

    /// <summary>The next frame behind this one that anything is claimed of; none is far away.</summary>
    private Cursor NextWanted(string session, Cursor after)
    {
        var next = new Cursor(int.MaxValue, long.MaxValue);
        foreach (var claims in _open)
        {
            var claim = claims.Current;
            if (claim.SessionId == session && IsBefore(after, claim.Cursor) && IsBefore(claim.Cursor, next)) next = claim.Cursor;
        }

        return next;
    }

    private static bool IsBefore(Cursor left, Cursor right) => left.Connection < right.Connection || (left.Connection == right.Connection && left.Frame < right.Frame);

    private void Check(string session, Cursor cursor)
    {
        for (var index = _open.Count - 1; index >= 0; index--)
        {
            var claims = _open[index];
            while (claims.Current.SessionId == session && claims.Current.Cursor == cursor)
            {
                var claim = claims.Current;
                _story.Findings.Count("claims about frames checked");
                if (claim.Refuse(_content) is { } words) _story.Findings.Differ(claim.Stream, claim.Sequence, claim.At, words, $"frame: {cursor} of session {session}");
                if (claims.MoveNext()) continue;
                Close(claims);
                break;
            }
        }
    }

    /// <summary>Claims of frames that were never seen: lost with the last batch in a crash, or missing.</summary>
    private void Unmatched(SessionInfo session)
    {
        foreach (var claims in _open.ToArray())
        {
            while (_open.Contains(claims) && claims.Current.SessionId == session.Id) Leave(claims, $"the frame it refers to, {claims.Current.Cursor}, is not recorded", session);
        }
    }

    private void Leave(IEnumerator<FrameClaim> claims, string words, SessionInfo? session = null)
    {
        var claim = claims.Current;
        if (session is not null && (session.Ended is null || claim.At >= session.LastAt - ClosingMax || _story.Archive.PrunedOf(session.FramesStream) is not null)) _story.Findings.Count("claims about frames that were not on disk, or not kept");
        else _story.Findings.Differ(claim.Stream, claim.Sequence, claim.At, words, $"frame: {claim.Cursor}");
        if (!claims.MoveNext()) Close(claims);
    }

    private void Close(IEnumerator<FrameClaim> claims)
    {
        claims.Dispose();
        _open.Remove(claims);
    }
}
