using System.Runtime.CompilerServices;
using System.Text.Json;
using Actors.Bitmex.Wire;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex;

/// <summary>
/// Owns what one connection's frames must be read against: the symbols met, the buffers that rows are read into, and the whole rows of every
/// table whose updates are sparse. Reads all eras of the dialect: explicit nulls (to 2022) and absent fields, level identifiers that mean a
/// price and ones that do not, rows with and without timestamps. A frame that is broken changes nothing and is told as undecodable.
/// </summary>
public sealed class BitmexDecoder : IVenueDecoder
{
    private readonly SymbolTable _symbols = new();
    private readonly BookMessage _book;
    private readonly TapeMessage _tape;
    private readonly KeyedTable<InstrumentRow> _instruments;
    private readonly KeyedTable<OrderRow> _orders;
    private readonly KeyedTable<PositionRow> _positions;
    private readonly KeyedTable<MarginRow> _margins;
    private readonly List<ExecutionRow> _executions = [];
    private bool _executionsLive;
    private long _executionsDropped;

    public BitmexDecoder()
    {
        _book = new BookMessage(_symbols);
        _tape = new TapeMessage(_symbols);
        _instruments = new KeyedTable<InstrumentRow>("instrument", () => new InstrumentRow(_symbols), false);
        _orders = new KeyedTable<OrderRow>("order", () => new OrderRow(_symbols), true);
        _positions = new KeyedTable<PositionRow>("position", () => new PositionRow(_symbols), true);
        _margins = new KeyedTable<MarginRow>("margin", () => new MarginRow(), true);
    }

    /// <summary>Changes of instrument and account tables that came before their table's first partial, and were dropped.</summary>
    public long DroppedChanges => _instruments.Dropped + _orders.Dropped + _positions.Dropped + _margins.Dropped + _executionsDropped;

    /// <summary>Frames of tables that the port has no message for (wallet, funding, bins, ten-level books).</summary>
    public long IgnoredFrames { get; private set; }

    public void Decode(ReadOnlySpan<byte> frame, IVenueMessages messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        // The literal text ping is answered by the literal text pong.
        if (frame.SequenceEqual("pong"u8))
        {
            messages.Session(new SessionMessage.Pong());
            return;
        }

        try
        {
            if (LevelScanner.TryBegin(frame, out var change, out var rows) && _book.TryScan(rows)) _book.Tell((BookAction)change, null, messages);
            else DecodeAny(frame, messages);
        }
        catch (Exception broken) when (broken is JsonException or WireFormatException or InvalidOperationException)
        {
            // InvalidOperationException is what the reader throws for text that is not UTF-8.
            messages.Undecodable(WireFormatException.OneLine(broken.Message));
            var (tables, symbol) = BrokenFrame.Missed(frame, _symbols);
            messages.Missed(tables, symbol);
        }
    }

    /// <summary>The answer to a login repeats the request, with the key's name and the signature.</summary>
    public ReadOnlyMemory<byte> Cover(ReadOnlyMemory<byte> frame)
    {
        if (frame.Span.IndexOf("authKey"u8) < 0) return frame;
        var covered = frame.ToArray();
        for (var from = 0; covered.AsSpan(from).IndexOf("\"args\""u8) is >= 0 and var found; from += found + 1)
        {
            var inside = false;
            for (var at = from + found + "\"args\""u8.Length; at < covered.Length && (inside || covered[at] != (byte)']'); at++)
            {
                if (covered[at] == (byte)'"') inside = !inside;
                else if (inside) covered[at] = (byte)'*';
            }
        }

        return covered;
    }

    /// <summary>Apart from the most frequent frames, which must not pay for the space that an envelope takes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DecodeAny(ReadOnlySpan<byte> frame, IVenueMessages messages)
    {
        // A session frame that is not understood holds no rows: nothing of a table is missed with it.
        if (Read(frame, out var envelope)) Tell(in envelope, messages);
        else if (SessionFrames.Tell(in envelope, messages) is { } fault) messages.Undecodable(WireFormatException.OneLine(fault));
    }

    /// <summary>Reads the frame to its end without telling anything; false when it is not a table's.</summary>
    private bool Read(ReadOnlySpan<byte> frame, out Envelope envelope)
    {
        envelope = Envelope.Read(frame, _symbols);
        if (!envelope.HasTable) return false;
        if (envelope.Action == TableAction.Unknown || !envelope.HasData) throw new WireFormatException("a table message without action or data");
        ref var data = ref envelope.Data;
        switch (envelope.Table)
        {
            case TableId.Book when _book.TryScan(frame[(int)Math.Min(data.TokenStartIndex + 1, frame.Length)..]): return true;
            case TableId.Book: _book.Read(ref data); break;
            case TableId.Quote: _tape.ReadQuotes(ref data); break;
            case TableId.Trade: _tape.ReadTrades(ref data); break;
            case TableId.Instrument: _instruments.Read(ref data, envelope.Action, false); break;
            case TableId.Order: _orders.Read(ref data, envelope.Action, false); break;
            case TableId.Execution: ReadExecutions(ref data, envelope.Action); break;
            case TableId.Position: _positions.Read(ref data, envelope.Action, envelope.ByStrategy); break;
            case TableId.Margin: _margins.Read(ref data, envelope.Action, false); break;
            default: IgnoredFrames++; return true;
        }

        var rest = data;
        envelope.ReadRest(ref rest, _symbols);
        return true;
    }

    private void Tell(in Envelope envelope, IVenueMessages messages)
    {
        var (action, slice) = (envelope.Action, envelope.Slice);
        switch (envelope.Table)
        {
            case TableId.Book:
                _book.Tell((BookAction)action, slice, messages);
                break;
            case TableId.Quote or TableId.Trade:
                _tape.Tell(messages);
                break;
            case TableId.Instrument:
                Tell(_instruments, action, slice, null, messages, TellInstrument);
                break;
            case TableId.Order:
                Tell(_orders, action, slice, AccountTable.Orders, messages, (row, to, _) => to.Order(row.ToReport()));
                break;
            case TableId.Execution:
                TellExecutions(action, slice, messages);
                break;
            case TableId.Position:
                Tell(_positions, action, slice, AccountTable.Positions, messages, (row, to, _) => to.Position(row.ToReport()));
                break;
            case TableId.Margin:
                Tell(_margins, action, slice, AccountTable.Margins, messages, (row, to, _) => to.Margin(row.ToReport()));
                break;
        }
    }

    private static void Tell<TRow>(
        KeyedTable<TRow> table,
        TableAction action,
        Symbol? slice,
        AccountTable? name,
        IVenueMessages messages,
        Action<TRow, IVenueMessages, TableAction> tell)
        where TRow : class, IKeyedRow<TRow>
    {
        table.Commit(action, slice);
        if (action == TableAction.Partial && name is { } account) messages.Session(new SessionMessage.Snapshot(account, slice, table.Told.Count));
        foreach (var (row, fault) in table.Told)
        {
            if (fault is null) TellRow(row, action, name, messages, tell);
            else Miss(fault, name, messages);
        }
    }

    private static void TellRow<TRow>(TRow row, TableAction action, AccountTable? table, IVenueMessages messages, Action<TRow, IVenueMessages, TableAction> tell)
    {
        try
        {
            tell(row, messages, action);
        }
        catch (WireFormatException unreadable)
        {
            Miss(unreadable.Message, table, messages);
        }
    }

    private static void Miss(string fault, AccountTable? table, IVenueMessages messages)
    {
        messages.Undecodable(WireFormatException.OneLine(fault));
        messages.Missed(BrokenFrame.Of(table), null);
    }

    private static void TellInstrument(InstrumentRow row, IVenueMessages messages, TableAction action)
    {
        // Indices share the table and are no contracts; what is set aside is named once, not with every tick.
        if (row.IsIndex) return;
        if (row.TryToReport(out var report, out var reason)) messages.Instrument(report);
        else if (row.TakeNews() || action != TableAction.Update) messages.Undecodable(WireFormatException.OneLine(reason));
    }

    private void ReadExecutions(ref Utf8JsonReader data, TableAction action)
    {
        _executions.Clear();
        if (data.TokenType != JsonTokenType.StartArray) throw WireReader.Wrong("an array of rows", ref data);
        while (data.Read() && data.TokenType == JsonTokenType.StartObject)
        {
            var row = new ExecutionRow(_symbols);
            WireReader.Object(ref data, row);
            if (_executionsLive || action == TableAction.Partial) _executions.Add(row);
            else _executionsDropped++;
        }

        if (data.TokenType != JsonTokenType.EndArray) throw WireReader.Wrong("an object or the end of the rows", ref data);
    }

    private void TellExecutions(TableAction action, Symbol? slice, IVenueMessages messages)
    {
        if (action == TableAction.Partial)
        {
            _executionsLive = true;
            messages.Session(new SessionMessage.Snapshot(AccountTable.Executions, slice, _executions.Count));
        }

        foreach (var row in _executions) TellRow(row, action, AccountTable.Executions, messages, (execution, to, _) => to.Execution(execution.ToReport()));
    }
}
