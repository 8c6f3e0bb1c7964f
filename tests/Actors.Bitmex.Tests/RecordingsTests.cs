using Actors.Bitmex.Recordings;

namespace Actors.Bitmex.Tests;

public sealed class RecordingsTests
{
    [SharedDataFact]
    public void Every_recording_plays_without_unknown_levels_crossed_books_or_disagreeing_quotes()
    {
        foreach (var file in SharedData.Files("recordings"))
        {
            var report = FeedReport.Play(file);
            Assert.True(report.Undecodable == 0, $"{file}: {report.FirstUndecodable}");
            foreach (var symbol in report.Symbols)
            {
                var where = $"{Path.GetFileName(file)} {symbol}";
                Assert.True(symbol is { Unknown: 0, Crossed: false, Fault: null, QuotesDisagreed: 0 }, where);
                Assert.True(symbol.Frames == 0 || symbol.QuotesUndecided == 0, where);
                Assert.True(symbol.Frames == 0 || symbol.QuotesAgreed == symbol.Quotes, where);
            }
        }
    }

    [SharedDataFact]
    public void The_counts_are_those_of_an_independent_count()
    {
        var july = FeedReport.Play(SharedData.Recording("2021-07-22_cryptofeed_10symbols/BITMEX.ws.1.0.txt"));
        Assert.Equal((2120, 10), (july.Frames, july.Symbols.Count));
        Assert.Equal(286, july.Symbols.Single(symbol => symbol.Symbol == "XBTUSD").QuotesAgreed);
        var april = FeedReport.Play(SharedData.Recording("2021-04-05_cryptofeed_10symbols/BITMEX-d944be.0.txt"));
        Assert.Equal((7043, 1836), (april.Frames, april.Symbols.Sum(symbol => symbol.QuotesAgreed)));
        var rest = FeedReport.Play(SharedData.Recording("2021-07-22_cryptofeed_10symbols/BITMEX.0.txt"));
        Assert.Equal((0, 34, 0), (rest.Frames, rest.Instruments, rest.Symbols.Count));
        var full = FeedReport.Play(SharedData.Recording("2025-04-25_full_books/orderBookL2_partial_XBTUSD.json"));
        var book = Assert.Single(full.Symbols);
        Assert.Equal((1, 5689, 5689), (book.Frames, book.Rows, book.BidLevels + book.AskLevels));
        Assert.Equal(30, FeedReport.Play(SharedData.Recording("2018-08-16_testnet_private_session/temp_debug.jsonl")).Frames);
    }

    [SharedDataFact]
    public void The_2018_session_gives_whole_orders_executions_positions_and_margin()
    {
        var log = new MessageLog();
        Recording.Play(SharedData.Recording("2018-08-16_testnet_private_session/temp_debug.jsonl"), log);
        Assert.Empty(log.Faults);
        Assert.Equal((36, 24), (log.Orders.Count, log.Executions.Count));
        Assert.All(log.Orders, order => Assert.Equal("XBTUSD", order.Symbol.Value));
        Assert.All(log.Orders.TakeLast(12), order => Assert.Equal(Actors.Domain.Port.VenueOrderStatus.Canceled, order.Status));
        Assert.Equal(134803869, log.Margins[1].AvailableMargin);
    }

    [SharedDataFact]
    public void A_book_that_is_wrong_by_one_size_is_found_by_the_quotes()
    {
        // Take one change of a best level out of the recording: the quotes must notice.
        var source = SharedData.Recording("2021-07-22_cryptofeed_10symbols/BITMEX.ws.1.0.txt");
        var lines = File.ReadAllLines(source).ToList();
        var victim = lines.FindIndex(line => line.Contains("8796782000,\"side\":\"Buy\",\"size\":1300700", StringComparison.Ordinal));
        lines.RemoveAt(victim);
        var xbt = Play(string.Join('\n', lines)).Symbols.Single(symbol => symbol.Symbol == "XBTUSD");
        Assert.True(xbt.QuotesDisagreed + xbt.QuotesUndecided > 0, xbt.ToString());
    }

    [SharedDataFact]
    public void Every_sample_decodes_without_an_exception()
    {
        foreach (var file in SharedData.Files("samples"))
        {
            var decoder = new BitmexDecoder();
            var log = new MessageLog();
            foreach (var line in File.ReadLines(file)) decoder.Decode(System.Text.Encoding.UTF8.GetBytes(line), log);
            decoder.Decode(File.ReadAllBytes(file), log);
        }
    }

    [SharedDataFact]
    public void Every_sample_of_stream_frames_decodes_without_a_fault()
    {
        string[] folders = ["samples/cryptomsgparser_ws", "samples/official_ws_fixtures", "samples/riotstat_ws", "samples/szabelin_2025_ws"];
        foreach (var file in folders.SelectMany(SharedData.Files).Where(file => !file.EndsWith("websocketHelp.json", StringComparison.Ordinal)))
        {
            var log = new MessageLog();
            Recording.Play(file, log);
            Assert.True(log.Faults.Count == 0, $"{file}: {string.Join("; ", log.Faults.Take(3))}");
        }
    }

    [Theory]
    [InlineData("{\"info\":\"x\"}\n{\"table\":\"quote\",\"action\":\"ins\n{\"info\":\"y\"}\n", ":2: expected the end of the JSON object")]
    [InlineData("1.5: {\"info\":\"x\"}\n1.6: {\"info\":\n", ":2: expected a whole JSON object")]
    [InlineData("1.5: {\"info\":\"x\"}\nnonsense\n", ":2: expected '<epoch>: <frame>'")]
    [InlineData("{\"info\":\"x\"}\nnonsense\n", ":2: expected a JSON object")]
    [InlineData("exchange,symbol,timestamp\nbitmex,XBTUSD\n", ":2: expected 3 columns, found 2")]
    [InlineData("exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\nbitmex,X,1,1,true,bid,x,1\n", ":2: expected a number in column price")]
    public void A_broken_line_is_named(string text, string expected)
    {
        var broken = Assert.Throws<RecordingException>(() => Play(text));
        Assert.Contains(expected, broken.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', broken.Message);
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains("/no/such", Assert.Throws<RecordingException>(() => FeedReport.Play("/no/such")).Message, StringComparison.Ordinal);

    [Fact]
    public void Objects_printed_over_lines_and_several_on_a_line_are_frames()
    {
        var report = Play("""
            {"info":"a}{"}{"info":"b"}
            {
              "table": "orderBookL2", "action": "partial", "keys": [],
              "filter": { "symbol": "XBTUSD" },
              "data": [
                { "symbol": "XBTUSD", "id": 1, "side": "Buy", "size": 10, "price": 100.0 },
                { "symbol": "XBTUSD", "id": 2, "side": "Sell", "size": 20, "price": 100.5 }
              ]
            }
            """);
        Assert.Equal(3, report.Frames);
        Assert.Equal(new FeedSymbol("XBTUSD", 1, 2, 100m, 10, 100.5m, 20, 1, 1, false, 0), Assert.Single(report.Symbols) with { RowsPerSecond = 0 });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Incremental_level_csv_is_played_with_price_as_identifier(bool gzip)
    {
        const string Csv = """
            exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount
            bitmex,XBTUSD,1583020803145000,1000,false,bid,8531.5,7
            bitmex,XBTUSD,1583020803145000,2000,true,ask,8532,20
            bitmex,XBTUSD,1583020803145000,2000,true,bid,8531.5,10
            bitmex,XBTUSD,1583020803146000,3000,false,bid,8531.5,0
            bitmex,XBTUSD,1583020803146000,3000,false,bid,8531,5
            bitmex,XBTUSD,1583020803147000,4000,false,ask,8532,21
            bitmex,XBTUSD,1583020803148000,5000,true,ask,8533,1
            bitmex,XBTUSD,1583020803148000,5000,true,bid,8530,2

            """;
        var symbol = Assert.Single(Play(Csv, gzip).Symbols);
        Assert.Equal((8530m, 2L, 8533m, 1L), (symbol.BestBid, symbol.BidSize, symbol.BestAsk, symbol.AskSize));
        Assert.Equal((1, 1, 0L, false, null), (symbol.BidLevels, symbol.AskLevels, symbol.Unknown, symbol.Crossed, symbol.Fault));
    }

    [Fact]
    public void Trade_csv_is_played()
    {
        const string Csv = "exchange,symbol,timestamp,local_timestamp,id,side,price,amount\nbitmex,XBTUSD,1583020803145000,1583020803307160,abc,sell,8531.5,2152\n";
        var log = new MessageLog();
        PlayInto(Csv, log, false);
        var trade = Assert.Single(log.AllTrades);
        Assert.Equal((8531.5m, 2152L, "abc"), (trade.Price, trade.Size.Contracts, trade.TradeId));
        Assert.Equal(new DateTimeOffset(2020, 3, 1, 0, 0, 3, 145, TimeSpan.Zero), trade.Timestamp);
    }

    private static FeedReport Play(string text, bool gzip = false) => WithFile(text, gzip, FeedReport.Play);

    private static void PlayInto(string text, MessageLog log, bool gzip) => WithFile(text, gzip, path => Recording.Play(path, log));

    private static T WithFile<T>(string text, bool gzip, Func<string, T> use)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.Create(path))
            using (Stream stream = gzip ? new System.IO.Compression.GZipStream(file, System.IO.Compression.CompressionLevel.Fastest) : file)
                stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            return use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
