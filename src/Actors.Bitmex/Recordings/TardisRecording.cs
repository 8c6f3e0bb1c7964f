using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Recordings;

/// <summary>
/// Reads Tardis' normalised CSV: <c>incremental_book_L2</c> (known by its column is_snapshot) and <c>trades</c>. Columns are found by name.
/// Levels there have no identifiers: the price, counted in the finest ticks, serves as one. Amount zero deletes a level; rows of one local
/// timestamp are one message; snapshot rows after others begin a new snapshot.
/// </summary>
internal sealed class TardisRecording
{
    private readonly LineReader _lines;
    private readonly IVenueMessages _messages;
    private readonly string[] _columns;
    private readonly Dictionary<Symbol, HashSet<(Side, long)>> _levels = [];
    private readonly List<BookRow> _rows = [];
    private readonly List<TradePrint> _trades = [];
    private (Symbol Symbol, BookAction Action, string LocalTime) _open;
    private DateTimeOffset _time;
    private long _frames;

    private TardisRecording(string header, LineReader lines, IVenueMessages messages) =>
        (_columns, _lines, _messages) = (header.Split(','), lines, messages);

    public static RecordingCounts Play(string header, LineReader lines, IVenueMessages messages)
    {
        var reader = new TardisRecording(header, lines, messages);
        var isBook = reader._columns.Contains("is_snapshot");
        while (lines.TryRead(out var line))
        {
            if (line.IsEmpty) continue;
            var cells = Encoding.UTF8.GetString(line).Split(',');
            if (cells.Length != reader._columns.Length) throw lines.Expected($"{reader._columns.Length} columns, found {cells.Length}");
            if (isBook) reader.Level(cells);
            else reader.Trade(cells);
        }

        reader.Flush();
        return new RecordingCounts(reader._frames, 0);
    }

    private void Level(string[] cells)
    {
        var symbol = new Symbol(Cell(cells, "symbol"));
        var local = Cell(cells, "local_timestamp");
        var side = Cell(cells, "side") switch { "bid" => Side.Buy, "ask" => Side.Sell, _ => throw _lines.Expected("side bid or ask") };
        var price = Number(cells, "price");
        var amount = Amount(cells);
        if (!TickSize.Finest.TryToPrice(price, out var level)) throw _lines.Expected($"a price with at most 10 decimals, found {cells[Column("price")]}");
        var levels = CollectionsMarshal.GetValueRefOrAddDefault(_levels, symbol, out _) ??= [];
        var isSnapshot = Cell(cells, "is_snapshot") switch { "true" => true, "false" => false, _ => throw _lines.Expected("is_snapshot true or false") };
        if (isSnapshot)
        {
            var goesOn = _rows.Count > 0 && _open.Action == BookAction.Snapshot && _open.Symbol == symbol
                && (_open.LocalTime == local || !levels.Contains((side, level.Ticks)));
            if (!goesOn)
            {
                Flush();
                levels.Clear();
            }

            local = goesOn ? _open.LocalTime : local;
        }

        var action = isSnapshot ? BookAction.Snapshot : amount == 0 ? BookAction.Delete
            : levels.Contains((side, level.Ticks)) ? BookAction.Update : BookAction.Insert;
        if (_open != (symbol, action, local)) Flush();
        _open = (symbol, action, local);
        _time = Time(cells);
        if (action == BookAction.Delete) levels.Remove((side, level.Ticks));
        else levels.Add((side, level.Ticks));
        _rows.Add(new BookRow(level.Ticks, side, action == BookAction.Delete ? null : amount, price));
    }

    private void Trade(string[] cells)
    {
        var (symbol, local) = (new Symbol(Cell(cells, "symbol")), Cell(cells, "local_timestamp"));
        if (_open.LocalTime != local || _open.Symbol != symbol) Flush();
        _open = (symbol, default, local);
        Side? side = Cell(cells, "side") switch
        {
            "buy" => Side.Buy,
            "sell" => Side.Sell,
            "unknown" => null,
            _ => throw _lines.Expected("side buy, sell or unknown"),
        };
        _trades.Add(new TradePrint(symbol, side, new Quantity(Amount(cells)), Number(cells, "price"), Cell(cells, "id"), Time(cells)));
    }

    private void Flush()
    {
        if (_rows.Count + _trades.Count > 0) _frames++;
        if (_rows.Count > 0) _messages.Book(_open.Symbol, _open.Action, CollectionsMarshal.AsSpan(_rows), _time);
        if (_trades.Count > 0) _messages.Trades(CollectionsMarshal.AsSpan(_trades));
        _rows.Clear();
        _trades.Clear();
    }

    private int Column(string name)
    {
        var column = Array.IndexOf(_columns, name);
        return column >= 0 ? column : throw _lines.Expected($"a column {name} in the header", 1);
    }

    private string Cell(string[] cells, string name) => cells[Column(name)];

    private decimal Number(string[] cells, string name) =>
        decimal.TryParse(Cell(cells, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw _lines.Expected($"a number in column {name}");

    private long Amount(string[] cells)
    {
        var amount = Number(cells, "amount");
        return amount >= 0 && amount <= long.MaxValue && decimal.Truncate(amount) == amount
            ? (long)amount
            : throw _lines.Expected("a whole amount of contracts");
    }

    /// <summary>Microseconds since 1970.</summary>
    private DateTimeOffset Time(string[] cells) =>
        long.TryParse(Cell(cells, "timestamp"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
        && microseconds < 253402300800000000
            ? DateTimeOffset.UnixEpoch.AddTicks(microseconds * 10)
            : throw _lines.Expected("microseconds since 1970 in column timestamp");
}
