using Actors.Domain.Instruments;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>Public market data: instruments and indices, books, trades, quotes, bins, fundings and settlements.</summary>
internal static class MarketRoutes
{
    private const int CountMax = 500;
    private const int TapeCountMax = 1_000;

    private static readonly TimeSpan ShownAfterExpiry = TimeSpan.FromDays(1);

    public static IEnumerable<RestRoute> All() =>
    [
        RestRoute.Open("", Root),
        RestRoute.Open("/instrument", call => Instruments(call, call.Exchange.Instruments.Select(call.Venue.Publisher.Row).Concat(Indices(call)))),
        RestRoute.Open("/instrument/active", call => Instruments(call, Active(call))),
        RestRoute.Open("/instrument/indices", call => Instruments(call, Indices(call))),
        RestRoute.Open("/instrument/activeAndIndices", call => Instruments(call, Active(call).Concat(Indices(call)))),
        RestRoute.Open("/instrument/activeIntervals", ActiveIntervals),
        RestRoute.Open("/instrument/compositeIndex", CompositeIndex),
        RestRoute.Open("/orderBook/L2", Book),
        RestRoute.Open("/trade", call => Tape(call, MarketTables.Trade, instrument => instrument.Trades, trade => trade.Timestamp)),
        RestRoute.Open("/quote", call => Tape(call, MarketTables.Quote, instrument => instrument.Quotes, quote => quote.Timestamp)),
        RestRoute.Open("/trade/bucketed", TradeBins),
        RestRoute.Open("/quote/bucketed", QuoteBins),
        RestRoute.Open("/funding", call => TableQuery.Read(call, CountMax).Answer(PublicTables.Funding, call.Venue.Records.Fundings)),
        RestRoute.Open("/settlement", call => TableQuery.Read(call, CountMax).Answer(PublicTables.Settlement, call.Venue.Records.Settlements)),
        RestRoute.Open("/liquidation", call => TableQuery.Read(call, CountMax).Answer(PublicTables.Liquidation, call.Venue.Records.Liquidations)),
        RestRoute.Open("/insurance", call => TableQuery.Read(call, CountMax).Answer(PublicTables.Insurance, call.Venue.Records.Insurance)),
    ];

    private static byte[] Root(RestCall call) => Json.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("name", "BitMEX API");
        writer.WriteString("version", "1.2.0");
        writer.WriteNumber("timestamp", WireTime.Shown(call.Exchange.Now).ToUnixTimeMilliseconds());
        writer.WriteEndObject();
    });

    private static byte[] Instruments(RestCall call, IEnumerable<FieldValue[]> rows) => TableQuery.Read(call, CountMax).Answer(InstrumentTable.Instrument, rows);

    /// <summary>Instruments that trade, or expired less than a day ago.</summary>
    private static IEnumerable<FieldValue[]> Active(RestCall call) => call.Exchange.Instruments.Where(instrument => IsActive(call, instrument)).Select(call.Venue.Publisher.Row);

    private static bool IsActive(RestCall call, ListedInstrument instrument) =>
        instrument.State is InstrumentState.Open or InstrumentState.Closed
        || (instrument.State == InstrumentState.Settled && instrument.Definition.Expiry + ShownAfterExpiry > call.Exchange.Now);

    private static IEnumerable<FieldValue[]> Indices(RestCall call) => IndexSources(call).Select(call.Venue.Publisher.IndexRow);

    /// <summary>One instrument for each index.</summary>
    private static IEnumerable<ListedInstrument> IndexSources(RestCall call) => call.Exchange.Instruments.DistinctBy(instrument => instrument.Listing.IndexSymbol);

    private static byte[] ActiveIntervals(RestCall call) => Json.Write(writer =>
    {
        var active = call.Exchange.Instruments.Where(instrument => IsActive(call, instrument)).ToList();
        writer.WriteStartObject();
        Json.WriteTexts(writer, "intervals", active.Select(SymbolQuery.Interval));
        Json.WriteTexts(writer, "symbols", active.Select(instrument => instrument.Symbol));
        writer.WriteEndObject();
    });

    /// <summary>An index here has one source, itself; only the present price is kept.</summary>
    private static byte[] CompositeIndex(RestCall call)
    {
        var symbol = call.Arguments.Text("symbol") ?? ".BXBT";
        return Json.Write(writer =>
        {
            writer.WriteStartArray();
            foreach (var source in IndexSources(call).Where(source => string.Equals(source.Listing.IndexSymbol, symbol, StringComparison.OrdinalIgnoreCase)))
            {
                writer.WriteStartObject();
                writer.WriteString("timestamp", WireTime.Text(source.Timestamp));
                writer.WriteString("symbol", source.Listing.IndexSymbol);
                writer.WriteString("indexSymbol", source.Listing.IndexSymbol);
                writer.WriteString("reference", "BMI");
                writer.WriteNumber("lastPrice", source.IndexPrice);
                writer.WriteNumber("weight", 1);
                writer.WriteString("logged", WireTime.Text(source.Timestamp));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private static byte[] Book(RestCall call)
    {
        var symbol = call.Arguments.Text("symbol") ?? throw RequestException.Invalid("'symbol' is a required arg.");
        var instrument = SymbolQuery.One(symbol, call.Exchange) ?? throw RequestException.Invalid("Unknown or expired symbol");
        var depth = call.Arguments.Whole("depth") ?? 25;
        if (depth < 0) throw RequestException.Invalid("Invalid depth: expected 0 or more");
        var rows = call.Venue.Top.Rows(instrument, depth == 0 ? int.MaxValue : (int)Math.Min(depth, int.MaxValue));
        return Json.Rows(MarketTables.Book, rows);
    }

    private static byte[] Tape<T>(RestCall call, Table<T> table, Func<ListedInstrument, IEnumerable<T>> rows, Func<T, DateTimeOffset> time)
    {
        var query = TableQuery.Read(call, TapeCountMax);
        var instruments = query.Symbol is null ? call.Exchange.Instruments : SymbolQuery.Resolve(query.Symbol, call.Exchange);
        return query.Answer(table, instruments.Count == 1 ? rows(instruments[0]) : instruments.SelectMany(rows).OrderBy(time));
    }

    private static byte[] TradeBins(RestCall call)
    {
        var (size, isPartial) = Bin(call);
        return Tape(
            call,
            BinTables.Trade(size),
            instrument =>
            {
                var series = call.Venue.Bins.Series(instrument, size);
                return isPartial && series.Running is { } running ? series.Trades.Append(running) : series.Trades;
            },
            bin => bin.Timestamp);
    }

    private static byte[] QuoteBins(RestCall call)
    {
        var (size, isPartial) = Bin(call);
        return Tape(
            call,
            BinTables.Quote(size),
            instrument =>
            {
                var series = call.Venue.Bins.Series(instrument, size);
                return isPartial && series.RunningQuote(call.Exchange.Now) is { } running ? series.Quotes.Append(running) : series.Quotes;
            },
            bin => bin.Timestamp);
    }

    private static (BinSize Size, bool IsPartial) Bin(RestCall call)
    {
        var name = call.Arguments.Text("binSize") ?? "1m";
        var size = BinSize.All.FirstOrDefault(known => known.Name == name) ?? throw RequestException.Invalid("Invalid binSize: expected 1m, 5m, 1h or 1d");
        return (size, call.Arguments.Flag("partial") ?? false);
    }
}
