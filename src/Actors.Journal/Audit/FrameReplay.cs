using Actors.Domain;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Journal.Audit;

/// <summary>
/// Decodes the recorded frames of a story once more, builds the books from them, and checks in step what the other streams claim that frames told. Holds one
/// batch of frames and one claim at a time. A part that began again is told anew what it missed, which may be older than what it knew: such claims are
/// kept, and checked in the order of their frames by going through the session once more.
/// </summary>
internal sealed class FrameReplay : IVenueMessages
{
    /// <summary>Frames of the last moments of a session, while it closes, are not recorded.</summary>
    private static readonly TimeSpan ClosingMax = TimeSpan.FromSeconds(3);

    private readonly Story _story;
    private readonly Func<IVenueDecoder> _decoders;
    private readonly AuditFindings _findings;
    private readonly Dictionary<Symbol, OrderBook> _books = [];
    private readonly FrameContent _content = new();
    private readonly List<FrameClaim> _behind = [];
    private IEnumerator<FrameClaim> _claims;
    private FrameClaim? _claim;
    private FrameUnpacker _unpacker = new();
    private bool _wanted;
    private bool _again;
    private long _rows;

    /// <param name="story">Whose frames.</param>
    /// <param name="decoders">Makes one for each connection.</param>
    /// <param name="claims">As <see cref="ClaimMerge"/> gives them.</param>
    /// <param name="findings">Its own: those of the story belong to whoever makes the claims.</param>
    public FrameReplay(Story story, Func<IVenueDecoder> decoders, IEnumerator<FrameClaim> claims, AuditFindings findings) =>
        (_story, _decoders, _claims, _findings) = (story, decoders, claims, findings);

    /// <summary>Runs frames and claims to their ends. Throws as <see cref="JournalArchive.Read"/>, and what the claims throw.</summary>
    public void Run()
    {
        Advance();
        foreach (var session in _story.Sessions)
        {
            // What an earlier session's record says of a later frame than a later one's does: no session writes so.
            while (_claim is { } stray && _story.PlaceOf(stray.SessionId) < _story.PlaceOf(session.Id)) LeaveStray(stray);
            var last = Play(session);
            PutAside(session, last);
            PlayAgain(session);
        }

        while (_claim is { } left) LeaveStray(left);
        _findings.Count("book rows applied", _rows);
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

    public void Undecodable(string reason) => _findings.Count("frames, or rows of frames, that are not understood");

    private void PlayAgain(SessionInfo session)
    {
        if (_behind.Count == 0) return;
        var (claims, claim) = (_claims, _claim);
        IEnumerable<FrameClaim> late = [.. _behind.OrderBy(one => one.Cursor.Connection).ThenBy(one => one.Cursor.Frame)];
        _claims = late.GetEnumerator();
        _behind.Clear();
        Advance();
        _again = true;
        Play(session);
        while (_claim is not null) Leave(session);
        _again = false;
        (_claims, _claim) = (claims, claim);
    }

    /// <summary>The frame it ended with.</summary>
    private Cursor Play(SessionInfo session)
    {
        _books.Clear();
        foreach (var instrument in session.Manifest.Plan?.Instruments ?? []) _books[instrument.Symbol] = new OrderBook(instrument.Symbol, instrument.Tick);
        var decoder = _decoders();
        _unpacker = new FrameUnpacker();
        var last = default(Cursor);
        foreach (var (_, record) in _story.Archive.Read(session.FramesStream))
        {
            if (record.Event is not FramesRecorded batch) continue;
            if (batch.Connection != last.Connection)
            {
                decoder = _decoders();
                foreach (var book in _books.Values) book.MarkStale("disconnected");
                last = new Cursor(batch.Connection, last.Connection < batch.Connection ? 0 : last.Frame);
            }

            last = Play(session, batch, decoder, last);
        }

        return last;
    }

    private Cursor Play(SessionInfo session, FramesRecorded batch, IVenueDecoder decoder, Cursor last)
    {
        if (!_again)
        {
            _findings.Count("frames decoded", batch.Count);
            _findings.Count("bytes of frames", batch.RawBytes);
            _findings.Count("bytes of frames as stored", batch.Compressed.Length);
        }

        foreach (var frame in _unpacker.Unpack(batch))
        {
            var cursor = new Cursor(batch.Connection, frame.Sequence);
            if (cursor.Frame != last.Frame + 1 && !_again)
                _findings.Remark($"frames {last.Frame + 1} to {cursor.Frame - 1} of connection {batch.Connection} of session {session.Id} are not recorded");
            last = cursor;
            PassBehind(session, cursor);
            _wanted = IsOf(session) && _claim!.Cursor == cursor;
            decoder.Decode(frame.Bytes.Span, this);
            if (!_wanted) continue;
            Check(session, cursor);
            _content.Clear();
        }

        return last;
    }

    /// <summary>Puts aside what is claimed of frames that were passed already; the second time they are not there.</summary>
    private void PassBehind(SessionInfo session, Cursor cursor)
    {
        while (IsOf(session) && IsBefore(_claim!.Cursor, cursor))
        {
            if (_again)
            {
                Leave(session);
                continue;
            }

            _behind.Add(_claim);
            Advance();
        }
    }

    /// <summary>At the end of a session's frames: claims of earlier ones may still come, and claims of frames that were never seen, lost with the last batch in a crash, or missing.</summary>
    private void PutAside(SessionInfo session, Cursor last)
    {
        while (IsOf(session))
        {
            if (IsBefore(last, _claim!.Cursor))
            {
                Leave(session);
                continue;
            }

            _behind.Add(_claim);
            Advance();
        }
    }

    private bool IsOf(SessionInfo session) => _claim is not null && _claim.SessionId == session.Id;

    private void Advance() => _claim = _claims.MoveNext() ? _claims.Current : null;

    private static bool IsBefore(Cursor left, Cursor right) => left.Connection < right.Connection || (left.Connection == right.Connection && left.Frame < right.Frame);

    private void Check(SessionInfo session, Cursor cursor)
    {
        for (; IsOf(session) && _claim!.Cursor == cursor; Advance())
        {
            _findings.Count("claims about frames checked");
            if (_claim.Refuse(_content) is { } words) _findings.Differ(_claim.Stream, _claim.Sequence, _claim.At, words, $"frame: {cursor} of session {session.Id}");
        }
    }

    /// <summary>A claim of a frame that is not there.</summary>
    private void Leave(SessionInfo session)
    {
        var claim = _claim!;
        if (session.Ended is null || claim.At >= session.LastAt - ClosingMax || _story.Archive.PrunedOf(session.FramesStream) is not null) _findings.Count("claims about frames that were not on disk, or not kept");
        else _findings.Differ(claim.Stream, claim.Sequence, claim.At, $"the frame it refers to, {claim.Cursor}, is not recorded", $"frame: {claim.Cursor}");
        Advance();
    }

    private void LeaveStray(FrameClaim claim)
    {
        _findings.Differ(claim.Stream, claim.Sequence, claim.At, $"it refers to session {claim.SessionId}, which is not part of this story", $"frame: {claim.Cursor}");
        Advance();
    }
}
