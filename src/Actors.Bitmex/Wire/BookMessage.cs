using System.Text.Json;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Wire;

/// <summary>
/// Owns the buffer that the rows of a book message are read into: nothing is allocated a row. Identifiers are only identifiers: until 2023-06
/// they could be decoded into prices, since then they are arbitrary.
/// </summary>
internal sealed class BookMessage(SymbolTable symbols)
{
    private BookRow[] _rows = new BookRow[256];
    private BookRow[] _grouped = [];
    private Slice[] _slices = new Slice[8];
    private int _count, _sliceCount;
    private RecentTime _time;

    /// <summary>Reads the array of rows the reader stands on, leaving the reader on its end.</summary>
    public void Read(ref Utf8JsonReader reader)
    {
        _count = _sliceCount = 0;
        if (reader.TokenType != JsonTokenType.StartArray) throw WireReader.Wrong("an array of rows", ref reader);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject) ReadRow(ref reader);
        if (reader.TokenType != JsonTokenType.EndArray) throw WireReader.Wrong("an object or the end of the rows", ref reader);
    }

    /// <summary>
    /// Reads the rows, which begin behind their opening bracket, when they are in the regular form and end the frame; false leaves everything to the reader, and
    /// is no fault. Both find the same in what both read.
    /// </summary>
    public bool TryScan(ReadOnlySpan<byte> rows)
    {
        _count = _sliceCount = 0;
        var scanner = new LevelScanner(rows, symbols);
        if (!scanner.HasEnd) return false;
        do
        {
            if (_count == _rows.Length) Array.Resize(ref _rows, _count * 2);
            if (!scanner.TryRow(out _rows[_count], out var timestamp)) return false;
            DateTimeOffset? published = null;
            if (_sliceCount == 0 && !timestamp.IsEmpty)
            {
                if (!_time.TryRead(timestamp, out var time)) return false;
                published = time;
            }

            _count++;
            Count(scanner.Symbol, published);
        }
        while (scanner.TryNext());
        return scanner.IsAtEnd;
    }

    /// <summary>Tells the rows, one call for each instrument; an instrument whose slice is known to be empty gets an empty snapshot.</summary>
    public void Tell(BookAction action, Symbol? filter, IVenueMessages messages)
    {
        if (_sliceCount == 0 && action == BookAction.Snapshot && filter is { } empty) messages.Book(empty, action, [], null);
        for (var i = 0; i < _sliceCount; i++)
        {
            ref readonly var slice = ref _slices[i];
            if (!IsSplit(i, out var told)) messages.Book(slice.Symbol, action, _rows.AsSpan(slice.Start, slice.Count), slice.Time);
            else if (!told) messages.Book(slice.Symbol, action, Group(slice.Symbol), slice.Time);
        }
    }

    private void ReadRow(ref Utf8JsonReader reader)
    {
        Symbol? symbol = null;
        Side? side = null;
        long? id = null, size = null;
        decimal? price = null;
        DateTimeOffset? time = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            switch (name.Length)
            {
                case 2 when name.SequenceEqual("id"u8): id = WireReader.Integer(ref reader); break;
                case 4 when name.SequenceEqual("side"u8): side = WireReader.Side(ref reader); break;
                case 4 when name.SequenceEqual("size"u8): size = WireReader.Integer(ref reader); break;
                case 5 when name.SequenceEqual("price"u8): price = WireReader.Decimal(ref reader); break;
                case 6 when name.SequenceEqual("symbol"u8): symbol = WireReader.Symbol(ref reader, symbols); break;
                // All rows of a message are published at one time: the first row's is enough.
                case 9 when _sliceCount == 0 && name.SequenceEqual("timestamp"u8): time = WireReader.Time(ref reader); break;
                default: reader.Skip(); break;
            }
        }

        if (symbol is not { } named || id is not { } level || side is not { } of)
            throw WireReader.Wrong("symbol, id and side of a level before this", ref reader);
        Add(named, new BookRow(level, of, size, price), time);
    }

    private void Add(Symbol symbol, BookRow row, DateTimeOffset? time)
    {
        if (_count == _rows.Length) Array.Resize(ref _rows, _count * 2);
        _rows[_count++] = row;
        Count(symbol, time);
    }

    /// <summary>The newest row is of this instrument.</summary>
    private void Count(Symbol symbol, DateTimeOffset? time)
    {
        if (_sliceCount > 0 && _slices[_sliceCount - 1].Symbol.Value == symbol.Value)
        {
            _slices[_sliceCount - 1].Count++;
            return;
        }

        if (_sliceCount == _slices.Length) Array.Resize(ref _slices, _sliceCount * 2);
        var published = _sliceCount == 0 ? time : _slices[0].Time;
        _slices[_sliceCount++] = new Slice { Symbol = symbol, Start = _count - 1, Count = 1, Time = published };
    }

    private bool IsSplit(int index, out bool told)
    {
        told = false;
        var split = false;
        for (var i = 0; i < _sliceCount; i++)
        {
            if (i == index || _slices[i].Symbol != _slices[index].Symbol) continue;
            split = true;
            told |= i < index;
        }

        return split;
    }

    /// <summary>Rows of one instrument that others stand between: a message must be applied whole, and a second snapshot would undo the first.</summary>
    private ReadOnlySpan<BookRow> Group(Symbol symbol)
    {
        if (_grouped.Length < _count) _grouped = new BookRow[_rows.Length];
        var count = 0;
        for (var i = 0; i < _sliceCount; i++)
        {
            if (_slices[i].Symbol != symbol) continue;
            _rows.AsSpan(_slices[i].Start, _slices[i].Count).CopyTo(_grouped.AsSpan(count));
            count += _slices[i].Count;
        }

        return _grouped.AsSpan(0, count);
    }

    private struct Slice
    {
        public Symbol Symbol;
        public int Start;
        public int Count;
        public DateTimeOffset? Time;
    }
}
