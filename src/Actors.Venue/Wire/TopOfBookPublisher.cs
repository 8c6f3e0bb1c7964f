using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>
/// Publishes the throttled books: the 25 best levels a side as changes of the last published view, and the ten best as whole rows. A
/// level that drops out of the view is deleted and, when it comes back, inserted again.
/// </summary>
internal sealed class TopOfBookPublisher
{
    public const string TenName = "orderBook10";
    public const int Depth = 25;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<int, Dictionary<long, BookLevelRow>> _views = [];
    private readonly Dictionary<int, string> _tens = [];

    private readonly Exchange _exchange;
    private readonly Subscriptions _subscriptions;

    public TopOfBookPublisher(Exchange exchange, Subscriptions subscriptions)
    {
        (_exchange, _subscriptions) = (exchange, subscriptions);
        exchange.OnRepeated(ExchangeTask.TopOfBook, _ =>
        {
            foreach (var instrument in exchange.Instruments) Publish(instrument);
            return Interval;
        });
    }

    public void Start() => _exchange.At(_exchange.Now, ExchangeTask.TopOfBook);

    /// <summary>The view that changes from now on refer to, best asks' far end first as in a full book.</summary>
    public IReadOnlyList<BookLevelRow> View(ListedInstrument instrument)
    {
        Publish(instrument);
        var rows = Rows(instrument, Depth);
        _views[instrument.Index] = rows.ToDictionary(row => row.Id);
        return rows;
    }

    /// <summary>Levels of both sides from the highest price to the lowest.</summary>
    public IReadOnlyList<BookLevelRow> Rows(ListedInstrument instrument, int depth)
    {
        var book = instrument.Book;
        var asks = Math.Min(depth, book.AskLevels);
        var bids = Math.Min(depth, book.BidLevels);
        var rows = new List<BookLevelRow>(asks + bids);
        for (var i = asks - 1; i >= 0; i--) rows.Add(BookLevelRow.Of(instrument, book.Level(Side.Sell, i), _exchange.Now));
        for (var i = 0; i < bids; i++) rows.Add(BookLevelRow.Of(instrument, book.Level(Side.Buy, i), _exchange.Now));
        return rows;
    }

    /// <summary>The row of the ten best levels a side, without its time.</summary>
    public static void WriteTen(Utf8JsonWriter writer, ListedInstrument instrument)
    {
        writer.WriteString("symbol", instrument.Symbol);
        WriteSide(writer, instrument, "bids", Side.Buy, instrument.Book.BidLevels);
        WriteSide(writer, instrument, "asks", Side.Sell, instrument.Book.AskLevels);
    }

    private static void WriteSide(Utf8JsonWriter writer, ListedInstrument instrument, string name, Side side, int levels)
    {
        writer.WriteStartArray(name);
        for (var i = 0; i < Math.Min(10, levels); i++)
        {
            var level = instrument.Book.Level(side, i);
            writer.WriteStartArray();
            FieldValue.Of(instrument.Decimal(level.PriceTicks)).Write(writer);
            writer.WriteNumberValue(level.Size);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    private void Publish(ListedInstrument instrument)
    {
        PublishTen(instrument);
        if (!_subscriptions.Any(MarketTables.TopOfBook.Name, instrument.Symbol))
        {
            _views.Remove(instrument.Index);
            return;
        }

        if (!_views.TryGetValue(instrument.Index, out var before)) return;
        var after = Rows(instrument, Depth).ToDictionary(row => row.Id);
        Send(instrument, "delete", before.Values.Where(row => !after.ContainsKey(row.Id)).Select(row => row with { Size = null, Timestamp = _exchange.Now }));
        Send(instrument, "update", after.Values.Where(row => before.TryGetValue(row.Id, out var old) && old.Size != row.Size));
        Send(instrument, "insert", after.Values.Where(row => !before.ContainsKey(row.Id)));
        _views[instrument.Index] = after;
    }

    private void PublishTen(ListedInstrument instrument)
    {
        if (!_subscriptions.Any(TenName, instrument.Symbol)) return;
        var row = System.Text.Encoding.UTF8.GetString(Json.Write(writer =>
        {
            writer.WriteStartObject();
            WriteTen(writer, instrument);
            writer.WriteEndObject();
        }));
        if (_tens.GetValueOrDefault(instrument.Index) == row) return;
        _tens[instrument.Index] = row;
        _subscriptions.Send(TenName, "update", instrument.Symbol, 0, Json.Frame(TenName, "update", writer => WriteRow(writer, instrument)));
    }

    /// <summary>The whole row with its time.</summary>
    public void WriteRow(Utf8JsonWriter writer, ListedInstrument instrument)
    {
        writer.WriteStartObject();
        WriteTen(writer, instrument);
        writer.WriteString("timestamp", WireTime.Text(_exchange.Now));
        writer.WriteEndObject();
    }

    private void Send(ListedInstrument instrument, string action, IEnumerable<BookLevelRow> rows)
    {
        var changed = rows.ToList();
        if (changed.Count == 0) return;
        var table = MarketTables.TopOfBook;
        _subscriptions.Send(table.Name, action, instrument.Symbol, 0, Json.Frame(table.Name, action, writer =>
        {
            foreach (var row in changed) table.Write(writer, table.Read(row));
        }));
    }
}
