using System.Text;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Tests;

public sealed class DecoderTests
{
    private const string OrderPartial = """{"table":"order","action":"partial","keys":["orderID"],"filter":{"account":1},"data":[]}""";

    private const string OrderRow =
        """{"orderID":"o-1","clOrdID":"c-1","account":1,"symbol":"XBTUSD","side":"Buy","simpleOrderQty":null,"orderQty":100,"price":6370,"stopPx":null,"ordType":"Limit","timeInForce":"GoodTillCancel","execInst":"","ordStatus":"New","triggered":"","leavesQty":100,"cumQty":0,"avgPx":null,"text":"","timestamp":"2018-08-16T14:56:29.774Z"}""";

    private const string InstrumentRow =
        """{"symbol":"XBTUSD","state":"Open","typ":"FFWCSX","expiry":null,"underlying":"XBT","quoteCurrency":"USD","maxOrderQty":10000000,"maxPrice":1000000,"lotSize":100,"tickSize":0.5,"multiplier":-100000000,"settlCurrency":"XBt","isQuanto":false,"isInverse":true,"initMargin":0.01,"maintMargin":0.005,"riskLimit":20000000000,"riskStep":10000000000,"makerFee":-0.00025,"takerFee":0.00075,"fundingRate":0.0001,"fundingTimestamp":"2021-07-23T04:00:00.000Z","markPrice":32184.89,"indicativeSettlePrice":32182.72,"lastPrice":32180.5,"timestamp":"2021-07-22T22:35:55.000Z"}""";

    private readonly BitmexDecoder _decoder = new();
    private readonly MessageLog _log = new();

    [Fact]
    public void Book_rows_of_2018_have_neither_price_nor_time_on_updates()
    {
        Decode("""{"table":"orderBookL2","action":"update","data":[{"symbol":"XBTUSD","id":8799343000,"side":"Sell","size":120}]}""");
        var book = Assert.Single(_log.Books);
        Assert.Equal((new Symbol("XBTUSD"), BookAction.Update, null), (book.Symbol, book.Action, book.Time));
        Assert.Equal(new BookRow(8799343000, Side.Sell, 120, null), Assert.Single(book.Rows));
    }

    [Fact]
    public void Book_rows_of_2025_have_arbitrary_ids_a_price_and_two_times()
    {
        Decode("""{"table":"orderBookL2","action":"delete","data":[{"symbol":"XBTUSD","id":98876719444,"side":"Sell","price":94742.1,"timestamp":"2025-04-25T21:40:14.984Z","transactTime":"2025-04-25T21:40:14.958Z"}]}""");
        var book = Assert.Single(_log.Books);
        Assert.Equal(new BookRow(98876719444, Side.Sell, null, 94742.1m), Assert.Single(book.Rows));
        Assert.Equal(new DateTimeOffset(2025, 4, 25, 21, 40, 14, 984, TimeSpan.Zero), book.Time);
    }

    [Theory]
    [InlineData("1e-8", "0.00000001")]
    [InlineData("1.5E+3", "1500")]
    [InlineData("6370", "6370")]
    [InlineData("219.0", "219.0")]
    [InlineData("-13311.5", "-13311.5")]
    [InlineData("0.0013997887407993974", "0.0013997887407993974")]
    [InlineData("123456789012345678", "123456789012345678")]
    [InlineData("1234567890123456789012345.678", "1234567890123456789012345.678")]
    [InlineData("0", "0")]
    public void Prices_are_read_exactly(string wire, string exact)
    {
        Decode($$"""{"table":"orderBookL2_25","action":"insert","data":[{"price":{{wire}},"side":"Buy","id":1,"size":2,"symbol":"X"}]}""");
        Assert.Equal(decimal.Parse(exact, System.Globalization.CultureInfo.InvariantCulture), Assert.Single(Assert.Single(_log.Books).Rows).Price);
    }

    [Fact]
    public void Keys_may_come_in_any_order_and_data_before_table()
    {
        Decode("""{"data":[{"price":1.5,"size":2,"id":3,"side":"Sell","symbol":"ETHUSD"}],"filter":{"symbol":"ETHUSD"},"action":"partial","table":"orderBookL2"}""");
        var book = Assert.Single(_log.Books);
        Assert.Equal(("ETHUSD", BookAction.Snapshot, 1), (book.Symbol.Value, book.Action, book.Rows.Length));
    }

    [Theory]
    [InlineData("""{"table":"orderBookL2","action":"update","data":[{"symbol":"A","id":1,"side":"Bu""", MissedTables.Books, "A")]
    [InlineData("""{"table":"orderBookL2","filter":{"symbol":"B"},"action":"partial","data":7}""", MissedTables.Books, "B")]
    [InlineData("""{"table":"orderBookL2","action":"update","da""", MissedTables.Books, null)]
    [InlineData("""{"table":"order","action":"update","data":[{"orderID":"unknown","leavesQty":1}]}""", MissedTables.Orders, null)]
    [InlineData("""{"table":"order","action":"update","data":[{"orderID":""", MissedTables.Orders, null)]
    [InlineData("""{"table":"execution","action":"partial","data":[{"execType":"Trade"}]}""", MissedTables.Executions, null)]
    [InlineData("""{"table":"position","action":"insert","data":[{"symbol":"A","currency":"XBt"}]}""", MissedTables.Positions, null)]
    [InlineData("""{"table":"margin","action":"insert","data":[{"account":1,"currency":"XBt","walletBalance":1.5}]}""", MissedTables.Margins, null)]
    [InlineData("""{"table":"quote","action":"insert","data":[{"symbol":"A","bidPrice":"x"}]}""", MissedTables.None, null)]
    [InlineData("\u0001 not a frame at all", MissedTables.All, null)]
    public void What_is_missed_with_a_frame_that_cannot_be_understood_is_told(string frame, MissedTables tables, string? symbol)
    {
        Decode(OrderPartial);
        Decode("""{"table":"position","action":"partial","data":[]}""");
        Decode("""{"table":"margin","action":"partial","data":[]}""");
        _log.Faults.Clear();
        Decode(frame);
        Assert.Single(_log.Faults);
        Assert.Equal(tables, _log.AllMissed.Select(one => one.Tables).DefaultIfEmpty().Single());
        Assert.Equal(symbol, _log.AllMissed.Select(one => one.Symbol?.Value).DefaultIfEmpty().Single());
    }

    [Fact]
    public void A_partial_without_rows_empties_the_slice_it_names()
    {
        Decode("""{"table":"orderBookL2_25","action":"partial","keys":["symbol","id","side"],"filter":{"symbol":"ETHYLDH23"},"data":[]}""");
        Decode("""{"table":"orderBookL2_25","action":"partial","data":[],"filter":{"symbol":"XBTUSD"}}""");
        Assert.Equal(["ETHYLDH23", "XBTUSD"], _log.Books.Select(book => book.Symbol.Value));
        Assert.All(_log.Books, book => Assert.True(book is { Action: BookAction.Snapshot, Rows.Length: 0 }));
    }

    [Fact]
    public void A_message_of_several_instruments_is_split_and_each_part_is_whole()
    {
        Decode("""{"table":"orderBookL2","action":"partial","data":[{"symbol":"A","id":1,"side":"Buy","size":1,"price":1},{"symbol":"B","id":2,"side":"Buy","size":1,"price":1},{"symbol":"A","id":3,"side":"Sell","size":1,"price":2}]}""");
        Assert.Equal(["A:1,3", "B:2"], _log.Books.Select(book => $"{book.Symbol}:{string.Join(',', book.Rows.Select(row => row.Id))}"));
    }

    [Theory]
    [InlineData("""{"table":"orderBookL2","action":"update","data":[{"symbol":"A","id":1,"side":"Buy","size":1},{"symbol":"A","id":2,"si""")]
    [InlineData("""{"table":"orderBookL2","action":"update","data":[{"symbol":"A","id":1,"side":"Buy","size":1},{"symbol":"A","side":"Buy"}]}""")]
    [InlineData("""{"table":"orderBookL2","action":"update","data":[{"symbol":"A","id":1.5,"side":"Buy","size":1}]}""")]
    [InlineData("""{"table":"orderBookL2","action":"update","data":[{"symbol":"A","id":1,"side":"Buy","size":1}]}trailing""")]
    [InlineData("""{"table":"orderBookL2","action":"explode","data":[]}""")]
    [InlineData("""{"table":"orderBookL2","action":"update","data":7}""")]
    [InlineData("""{"table":"orderBookL2","action":"update"}""")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("pong pong")]
    public void A_broken_frame_changes_nothing_and_is_one_line(string frame)
    {
        Decode(frame);
        Assert.Empty(_log.Books);
        Assert.DoesNotContain('\n', Assert.Single(_log.Faults));
    }

    [Fact]
    public void Quotes_and_trades_come_with_nulls_and_absences()
    {
        Decode("""{"table":"quote","action":"insert","data":[{"timestamp":"2018-08-16T14:56:26.511Z","symbol":"XBTUSD","bidSize":966594,"bidPrice":6369.5,"askPrice":null,"askSize":null},{"timestamp":"2023-08-16T14:56:26.511Z","symbol":"XBTUSD","askPrice":6370,"askSize":1}]}""");
        Assert.Equal(new Quote(new("XBTUSD"), 6369.5m, 966594, null, null, new(2018, 8, 16, 14, 56, 26, 511, TimeSpan.Zero)), _log.AllQuotes[0]);
        Assert.Null(_log.AllQuotes[1].BidPrice);
        Decode("""{"table":"trade","action":"insert","data":[{"timestamp":"2023-01-27T12:00:00.000Z","symbol":"XBTF23","size":1500,"price":22957.36,"trdMatchID":"cea6","trdType":"Settlement"}]}""");
        Assert.Equal(new TradePrint(new("XBTF23"), null, new(1500), 22957.36m, "cea6", new(2023, 1, 27, 12, 0, 0, TimeSpan.Zero)), Assert.Single(_log.AllTrades));
        Assert.Empty(_log.Faults);
    }

    [Fact]
    public void What_the_session_says_is_told()
    {
        Decode("""{"info":"Welcome to the BitMEX Realtime API.","version":"v","timestamp":"2021-07-22T22:36:07.865Z","docs":"d","limit":{"remaining":39}}""");
        Decode("""{"success":true,"request":{"op":"authKeyExpires","args":["id",1,"sig"]}}""");
        Decode("""{"success":true,"subscribe":"quote:XBTUSD","request":{"op":"subscribe","args":"quote:XBTUSD"}}""");
        Decode("pong");
        Decode("""{"now":"2025-01-01T00:00:00.000Z","cancelTime":"2025-01-01T00:01:00.000Z","request":{"op":"cancelAllAfter","args":60000}}""");
        Decode("""{"now":"2025-01-01T00:00:00.000Z","cancelTime":0,"request":{"op":"cancelAllAfter","args":0}}""");
        Decode("""{"status":429,"error":"Rate limit exceeded, retry in 1 seconds.","meta":{"retryAfter":1},"request":{"op":"authKeyExpires","args":["id",1,"the-signature"]}}""");
        Decode("""{"success":false,"subscribe":"orderBookL2:XBTUSD","error":"bad pool","status":400}""");
        Decode("""{"success":true,"unsubscribe":"quote:XBTUSD","request":{"op":"unsubscribe","args":["quote:XBTUSD"]}}""");
        var now = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal<SessionMessage>(
            [
                new SessionMessage.Welcome("Welcome to the BitMEX Realtime API. (v)"),
                new SessionMessage.Authenticated(),
                new SessionMessage.Subscribed("quote:XBTUSD"),
                new SessionMessage.Pong(),
                new SessionMessage.BeatConfirmed(new BeatConfirmation(now, now.AddMinutes(1))),
                new SessionMessage.BeatConfirmed(new BeatConfirmation(now, null)),
                new SessionMessage.Refused(429, "Rate limit exceeded, retry in 1 seconds. (authKeyExpires)"),
                new SessionMessage.Refused(400, "bad pool (orderBookL2:XBTUSD)"),
            ],
            _log.SessionMessages);
        Assert.Empty(_log.Faults);
    }

    [Fact]
    public void Sparse_updates_of_orders_come_out_whole()
    {
        Decode(OrderPartial);
        Decode($$"""{"table":"order","action":"insert","data":[{{OrderRow}}]}""");
        Decode("""{"table":"order","action":"update","data":[{"orderID":"o-1","ordStatus":"Canceled","leavesQty":0,"clOrdID":"c-1","account":1,"symbol":"XBTUSD","timestamp":"2018-08-16T14:56:34.000Z"},{"orderID":"o-1","text":"why","timestamp":"2018-08-16T14:56:35.000Z"}]}""");
        Assert.Equal(new SessionMessage.Snapshot(AccountTable.Orders, null, 0), Assert.Single(_log.SessionMessages));
        var last = _log.Orders[2];
        Assert.Equal((3, VenueOrderStatus.Canceled, 6370m, 100L, "why"), (_log.Orders.Count, last.Status, last.Price, last.Quantity.Contracts, last.Text));
    }

    [Fact]
    public void Changes_before_the_partial_are_dropped_and_unknown_rows_after_it_are_faults()
    {
        Decode("""{"table":"order","action":"update","data":[{"orderID":"o-1","leavesQty":0}]}""");
        Decode("""{"table":"margin","action":"update","data":[{"account":1,"currency":"XBt","walletBalance":1}]}""");
        Decode("""{"table":"instrument","action":"update","data":[{"symbol":"XBTUSD","markPrice":1}]}""");
        Decode("""{"table":"execution","action":"insert","data":[{"execID":"e"}]}""");
        Assert.Equal((4L, 0), (_decoder.DroppedChanges, _log.Faults.Count));
        Decode(OrderPartial);
        Decode("""{"table":"order","action":"update","data":[{"orderID":"o-1","leavesQty":0}]}""");
        Assert.Equal("order: update of unknown row o-1", Assert.Single(_log.Faults));
        Assert.Empty(_log.Orders);
    }

    [Fact]
    public void A_post_only_order_that_would_cross_may_be_a_single_whole_update()
    {
        Decode(OrderPartial);
        Decode($$"""{"table":"order","action":"update","data":[{{OrderRow.Replace("\"New\"", "\"Canceled\"", StringComparison.Ordinal)}}]}""");
        Assert.Equal(VenueOrderStatus.Canceled, Assert.Single(_log.Orders).Status);
        Assert.Empty(_log.Faults);
    }

    [Fact]
    public void A_broken_frame_leaves_the_merged_rows_as_they_were()
    {
        Decode(OrderPartial);
        Decode($$"""{"table":"order","action":"insert","data":[{{OrderRow}}]}""");
        Decode("""{"table":"order","action":"update","data":[{"orderID":"o-1","leavesQty":0},{"orderID":"o-1","leavesQty":"x"}]}""");
        Decode("""{"table":"order","action":"update","data":[{"orderID":"o-1","cumQty":40}]}""");
        Assert.Equal((100L, 40L), (_log.Orders[^1].Leaves.Contracts, _log.Orders[^1].Filled.Contracts));
    }

    [Fact]
    public void Executions_of_refused_cancels_lack_symbol_and_side()
    {
        Decode("""{"table":"execution","action":"partial","data":[]}""");
        Decode("""{"table":"execution","action":"insert","data":[{"execID":"e-1","orderID":"o-1","account":1,"execType":"CancelReject","ordStatus":"Rejected","text":"Invalid orderID","timestamp":"2025-09-05T05:38:28.001Z"},{"execID":"e-2","execType":"Trade","ordStatus":"Filled","timestamp":"2025-09-05T05:38:28.001Z"}]}""");
        Assert.Equal((ExecutionKind.CancelRejected, "", (Side?)null), (_log.Executions[0].Kind, _log.Executions[0].Symbol.Value, _log.Executions[0].Side));
        Assert.Contains("e-2", Assert.Single(_log.Faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false", "123457", "0", 123_457)]
    [InlineData("false", "123457", "457", 123_000)]
    [InlineData("false", "null", "null", 0)]
    [InlineData("true", "123457", "0", 0)] // covers the loss of a cross position: nobody moved it
    public void Margin_that_was_moved_into_a_position_is_told_with_its_risk_limit(string isCross, string cross, string loss, long moved)
    {
        Decode($$"""{"table":"position","action":"partial","keys":["account","symbol","currency"],"data":[{"account":2,"symbol":"XBTUSD","currency":"XBt","leverage":10,"crossMargin":{{isCross}},"riskLimit":35000000000,"posCross":{{cross}},"posLoss":{{loss}},"currentQty":2,"timestamp":"2018-08-19T07:08:21.781Z"}]}""");
        Assert.Equal((moved, 35_000_000_000L), (_log.Positions[^1].TransferredMargin, _log.Positions[^1].RiskLimit));
    }

    [Theory]
    [InlineData("\"workingIndicator\":true,", true)]
    [InlineData("\"workingIndicator\":false,", false)]
    [InlineData("", null)]
    public void An_order_tells_whether_it_is_in_the_book(string field, bool? isWorking)
    {
        Decode($$"""{"table":"order","action":"partial","data":[{"orderID":"o-1","symbol":"XBTUSD","side":"Buy","ordType":"Limit","ordStatus":"New","orderQty":100,{{field}}"timestamp":"2018-08-19T07:08:21.781Z"}]}""");
        Assert.Equal(isWorking, _log.Orders[^1].IsWorking);
    }

    [Fact]
    public void Positions_and_margin_are_merged_by_their_keys()
    {
        Decode("""{"table":"position","action":"partial","keys":["account","symbol","currency"],"data":[{"account":2,"symbol":"XBTUSD","currency":"XBt","leverage":100,"crossMargin":true,"currentQty":2,"unrealisedCost":-31403,"realisedPnl":-20,"avgEntryPrice":6369.0211,"timestamp":"2018-08-19T07:08:21.781Z"}]}""");
        Decode("""{"table":"position","action":"update","data":[{"account":2,"symbol":"XBTUSD","currency":"XBt","currentQty":-500,"liquidationPrice":null,"timestamp":"2018-08-19T07:08:22.781Z"}]}""");
        var position = _log.Positions[^1];
        Assert.Equal((-500L, -31403L, 6369.0211m, true), (position.Quantity.Contracts, position.UnrealisedCost, position.AverageEntryPrice, position.IsCross));
        Decode("""{"table":"margin","action":"partial","data":[{"account":2,"currency":"XBt","walletBalance":100,"availableMargin":90,"timestamp":"2018-08-19T07:08:21.781Z"}]}""");
        Decode("""{"table":"margin","action":"update","data":[{"account":2,"currency":"XBt","availableMargin":80}]}""");
        Assert.Equal((100L, 80L), (_log.Margins[^1].WalletBalance, _log.Margins[^1].AvailableMargin));
    }

    [Fact]
    public void Instruments_are_kept_whole_and_their_kind_follows_the_flags()
    {
        Decode($$"""{"table":"instrument","action":"partial","filter":{"symbol":"XBTUSD"},"data":[{{InstrumentRow}}]}""");
        Decode("""{"table":"instrument","action":"update","data":[{"symbol":"XBTUSD","markPrice":32190.1,"timestamp":"2021-07-22T22:36:00.000Z"}]}""");
        Assert.Equal((32190.1m, 32182.72m, 0.0001m), (_log.Instruments[1].MarkPrice, _log.Instruments[1].IndexPrice, _log.Instruments[1].FundingRate));
        var definition = _log.Instruments[1].Definition;
        Assert.Equal((ContractKind.Inverse, 100000000L, 0.5m, InstrumentState.Open), (definition.Kind, definition.Multiplier, definition.Tick.Value, definition.State));
        Assert.Same(_log.Instruments[0].Definition, definition);
    }

    [Theory]
    [InlineData("\"isQuanto\":false,\"isInverse\":true", "\"isQuanto\":true,\"isInverse\":false", "multiplier -100000000 does not fit")]
    [InlineData("\"tickSize\":0.5", "\"tickSize\":0", "is not a grid")]
    [InlineData("\"lotSize\":100", "\"lotSize\":null", "expected lotSize")]
    [InlineData("FFWCSX", "OCECCS", "an option")]
    public void An_instrument_that_cannot_be_understood_is_named_once_and_the_others_stand(string field, string replaced, string reason)
    {
        var bad = InstrumentRow.Replace(field, replaced, StringComparison.Ordinal).Replace("XBTUSD", "BAD", StringComparison.Ordinal);
        Decode($$"""{"table":"instrument","action":"partial","data":[{{bad}},{{InstrumentRow}},{"symbol":".BXBT","typ":"MRCXXX"}]}""");
        Decode("""{"table":"instrument","action":"update","data":[{"symbol":"BAD","markPrice":1}]}""");
        Assert.Contains($"instrument BAD: ", Assert.Single(_log.Faults), StringComparison.Ordinal);
        Assert.Contains(reason, _log.Faults[0], StringComparison.Ordinal);
        Assert.Equal("XBTUSD", Assert.Single(_log.Instruments).Definition.Symbol.Value);
    }

    [Fact]
    public void Other_tables_are_ignored_without_complaint()
    {
        Decode("""{"table":"wallet","action":"partial","keys":["account","currency"],"data":[{"account":1,"currency":"XBt","amount":1}]}""");
        Decode("""{"table":"orderBook10","action":"update","data":[{"symbol":"XBTM22","bids":[[31530.5,1800]],"asks":[]}]}""");
        Assert.Equal((2L, 0), (_decoder.IgnoredFrames, _log.Faults.Count));
    }

    [Fact]
    public void Book_rows_allocate_nothing_once_the_buffers_are_grown()
    {
        var rows = string.Join(',', Enumerable.Range(0, 500).Select(i => $$"""{"symbol":"XBTUSD","id":{{98876719444 + i}},"side":"Sell","size":{{i}},"price":{{94742 + i}}.5,"timestamp":"2025-04-25T21:40:14.984Z","transactTime":"2025-04-25T21:40:14.958Z"}"""));
        var frame = Encoding.UTF8.GetBytes($$"""{"table":"orderBookL2","action":"update","data":[{{rows}}]}""");
        var sink = new CountingSink();
        for (var i = 0; i < 3; i++) _decoder.Decode(frame, sink);
        // The least of several rounds: the runtime may allocate on this thread when it recompiles a method, a row may not.
        var least = long.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            _decoder.Decode(frame, sink);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal((0L, 23 * 500L), (least, sink.Rows));
    }

    private void Decode(string frame) => _decoder.Decode(Encoding.UTF8.GetBytes(frame), _log);
}
