using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>Public market data.</summary>
internal static class MarketRoutes
{
    private const int CountMax = 500;
    private const int TapeCountMax = 1_000;

    public static IEnumerable<RestRoute> All() =>
    [
        new("GET", "", RouteTraits.None, null, Root),
        new("GET", "/instrument", RouteTraits.None, null, Instruments),
        new("GET", "/instrument/active", RouteTraits.None, null, Instruments),
        new("GET", "/orderBook/L2", RouteTraits.None, null, Book),
        new("GET", "/trade", RouteTraits.None, null, call => Tape(call, MarketTables.Trade, instrument => instrument.Trades, trade => trade.Timestamp)),
        new("GET", "/quote", RouteTraits.None, null, call => Tape(call, MarketTables.Quote, instrument => instrument.Quotes, quote => quote.Timestamp)),
    ];

    private static byte[] Root(RestCall call) => Json.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("name", "BitMEX API");
        writer.WriteString("version", "1.2.0");
        writer.WriteNumber("timestamp", call.Exchange.Now.ToUnixTimeMilliseconds());
        writer.WriteEndObject();
    });

    private static byte[] Instruments(RestCall call) =>
        TableQuery.Read(call.Arguments, CountMax).Answer(InstrumentTable.Instrument, call.Exchange.Instruments.Select(call.Publisher.Row));

    private static byte[] Book(RestCall call)
    {
        var symbol = call.Arguments.Text("symbol") ?? throw RequestException.Invalid("'symbol' is a required arg.");
        var instrument = call.Exchange.Find(symbol) ?? throw RequestException.Invalid("Unknown or expired symbol");
        var depth = call.Arguments.Whole("depth") ?? 25;
        if (depth < 0) throw RequestException.Invalid("Invalid depth: expected 0 or more");
        var rows = call.Top.Rows(instrument, depth == 0 ? int.MaxValue : (int)Math.Min(depth, int.MaxValue));
        return Json.Write(writer =>
        {
            writer.WriteStartArray();
            foreach (var row in rows) MarketTables.Book.Write(writer, MarketTables.Book.Read(row));
            writer.WriteEndArray();
        });
    }

    private static byte[] Tape<T>(RestCall call, Table<T> table, Func<ListedInstrument, List<T>> rows, Func<T, DateTimeOffset> time)
    {
        var query = TableQuery.Read(call.Arguments, TapeCountMax);
        var instruments = call.Exchange.Instruments.Where(instrument => query.Symbol is null || string.Equals(instrument.Symbol, query.Symbol, StringComparison.OrdinalIgnoreCase)).ToList();
        return query.Answer(table, instruments.Count == 1 ? rows(instruments[0]) : instruments.SelectMany(rows).OrderBy(time));
    }
}
