using Actors.Guard.Tests.Support;

namespace Actors.Guard.Tests;

/// <summary>Every limit, on rows that are within it, at it and beyond it.</summary>
public class JudgeTests
{
    private const string Long = """[{"symbol":"XBTUSD","currency":"XBt","currentQty":500,"markPrice":100000,"markValue":-500000,"liquidationPrice":90000}]""";
    private const string Short = """[{"symbol":"XBTUSD","currency":"XBt","currentQty":-500,"markPrice":100000,"markValue":500000,"liquidationPrice":110000}]""";
    private const string Two = """
        [{"symbol":"XBTUSD","currency":"XBt","currentQty":500,"markPrice":100000,"markValue":-500000,"liquidationPrice":90000},
         {"symbol":"ETHUSD","currency":"XBt","currentQty":-70,"markPrice":3000,"markValue":-300000,"liquidationPrice":3600}]
        """;

    private const string Margin = """[{"currency":"XBt","marginBalance":1000000,"availableMargin":600000}]""";
    private const string Wallet = """[{"currency":"XBt","deposited":1500000,"withdrawn":300000,"transferIn":100000,"transferOut":200000}]""";

    [Theory]
    // watch, symbol or currency, position rows, open orders, value
    [InlineData("openOrders", "", "[]", 3, "3")]
    [InlineData("openOrdersIn", "XBTUSD", "[]", 3, "3")]
    [InlineData("openOrdersIn", "ETHUSD", "[]", 3, "0")]
    [InlineData("openOrdersIn", "*", "[]", 3, "3")]
    [InlineData("stillOrders", "", "[]", 1, "60")]
    [InlineData("stillOrders", "", "[]", 0, "0")]
    [InlineData("requestsLeft", "", "[]", 0, "40")]
    [InlineData("positionSize", "XBTUSD", Long, 0, "500")]
    [InlineData("positionSize", "XBTUSD", Short, 0, "500")]
    [InlineData("positionSize", "ETHUSD", Short, 0, "0")]
    [InlineData("positionSize", "*", Two, 0, "500")]
    [InlineData("longPosition", "XBTUSD", Long, 0, "500")]
    [InlineData("longPosition", "XBTUSD", Short, 0, "0")]
    [InlineData("shortPosition", "XBTUSD", Long, 0, "0")]
    [InlineData("shortPosition", "XBTUSD", Short, 0, "500")]
    [InlineData("liquidationDistance", "XBTUSD", Long, 0, "0.1")]
    [InlineData("liquidationDistance", "XBTUSD", Short, 0, "0.1")]
    [InlineData("liquidationDistance", "*", Two, 0, "0.1")]
    [InlineData("liquidationDistance", "ETHUSD", Two, 0, "0.2")]
    [InlineData("marginUsed", "XBt", "[]", 0, "0.4")]
    [InlineData("availableMargin", "XBt", "[]", 0, "600000")]
    [InlineData("grossValue", "XBt", Two, 0, "800000")]
    [InlineData("leverage", "XBt", Two, 0, "0.8")]
    // 1,000,000 with 1,100,000 put in: a profit of -100,000; at midnight 50,000, at best 250,000.
    [InlineData("lossToday", "XBt", "[]", 0, "150000")]
    [InlineData("lossFromPeak", "XBt", "[]", 0, "350000")]
    [InlineData("engineGone", "", "[]", 0, "7")]
    [InlineData("blind", "", "[]", 0, "5")]
    [InlineData("ownFailures", "", "[]", 0, "2")]
    public void A_limit_is_measured_and_breached_beyond_its_bound_only(string watch, string of, string positions, int orders, string expected)
    {
        var value = decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture);
        var kind = Named(watch);
        var clock = new StoppedClock();
        var account = AccountRows.Of(positions, Margin, Wallet, AccountRows.Orders(orders), clock);
        clock.Time += TimeSpan.FromMinutes(1);
        var step = 0.000001m;
        var (beyond, at) = kind.IsFloor ? (value + step, value) : (value - step, value);

        Assert.Equal([Step.Cancel], Finding(kind, of, beyond, account, clock).Steps);
        var within = Finding(kind, of, at, account, clock);
        Assert.Equal(value, within.Value);
        Assert.Empty(within.Steps);
    }

    [Fact]
    public void The_order_rate_counts_ten_seconds()
    {
        var clock = new StoppedClock();
        var account = AccountRows.Of(margins: Margin, wallets: Wallet, clock: clock);
        for (var i = 0; i < 5; i++) account.Hear("order", "insert", AccountRows.Json($$"""[{"orderID":"{{i}}","symbol":"XBTUSD","ordStatus":"New"}]"""));
        account.Hear("order", "update", AccountRows.Json("""[{"orderID":"1","symbol":"XBTUSD","price":5}]"""));
        account.Hear("order", "update", AccountRows.Json("""[{"orderID":"2","symbol":"XBTUSD","cumQty":100,"leavesQty":0,"ordStatus":"Filled"}]"""));

        Assert.Equal(6, Finding(Named("orderRate"), "", 5, account, clock).Value);
        Assert.Equal([Step.Cancel], Finding(Named("orderRate"), "", 5, account, clock).Steps);
        clock.Time += TimeSpan.FromSeconds(11);
        Assert.Equal(0, Finding(Named("orderRate"), "", 5, account, clock).Value);
    }

    [Fact]
    public void An_instrument_with_its_own_limit_is_not_among_the_others()
    {
        var others = new Limit(Named("positionSize"), Watch.EveryOther, new Dictionary<Step, decimal> { [Step.Cancel] = 0 }) { Except = new HashSet<string> { "XBTUSD" } };
        Assert.Equal(70, Assert.Single(Judge.Evaluate([others], AccountRows.Of(Two).Take(), Circumstances(AccountRows.Noon))).Value);
    }

    [Theory]
    // A margin balance of nothing with something used or held, and of less than nothing.
    [InlineData("marginUsed", 0, 0, 0)]
    [InlineData("marginUsed", 0, -5, 1_000_000_000)]
    [InlineData("marginUsed", -10, -20, 1_000_000_000)]
    [InlineData("leverage", 0, 0, 1_000_000_000)]
    [InlineData("leverage", -10, 0, 1_000_000_000)]
    public void A_ratio_with_nothing_left_is_beyond_every_bound(string watch, long balance, long available, long expected)
    {
        var account = AccountRows.Of(Long, $$"""[{"currency":"XBt","marginBalance":{{balance}},"availableMargin":{{available}}}]""", Wallet);
        Assert.Equal(expected, Finding(Named(watch), "XBt", 1, account, new StoppedClock()).Value);
    }

    [Fact]
    public void A_mark_beyond_the_liquidation_price_is_a_distance_below_zero()
    {
        var account = AccountRows.Of(Long.Replace("90000", "101000", StringComparison.Ordinal), Margin, Wallet);
        Assert.Equal(-0.01m, Finding(Named("liquidationDistance"), "XBTUSD", 0, account, new StoppedClock()).Value);
    }

    [Fact]
    public void Without_a_liquidation_price_the_distance_is_what_the_margin_can_bear()
    {
        var account = AccountRows.Of("""[{"symbol":"XBTUSD","currency":"XBt","currentQty":-9,"markPrice":1,"markValue":4000000,"maintMarginReq":0.005}]""", Margin, Wallet);
        Assert.Equal(0.245m, Finding(Named("liquidationDistance"), "XBTUSD", 0.3m, account, new StoppedClock()).Value);
    }

    [Theory]
    [InlineData("marginUsed", "USDt", Long)]
    [InlineData("availableMargin", "USDt", Long)]
    [InlineData("lossToday", "USDt", Long)]
    [InlineData("grossValue", "XBt", """[{"symbol":"XBTUSD","currency":"XBt","currentQty":500}]""")]
    [InlineData("liquidationDistance", "*", """[{"symbol":"XBTUSD","currency":"XBt","currentQty":500}]""")]
    public void What_the_rows_do_not_tell_is_unknown_and_not_within(string watch, string of, string positions)
    {
        var finding = Finding(Named(watch), of, 1, AccountRows.Of(positions, Margin, Wallet), new StoppedClock());
        Assert.Null(finding.Value);
    }

    [Fact]
    public void An_account_that_was_not_read_yet_is_unknown()
    {
        var clock = new StoppedClock();
        Assert.Null(Finding(Named("openOrders"), "", 1, new Account(clock), clock).Value);
    }

    [Fact]
    public void Each_step_has_its_own_bound()
    {
        var limit = new Limit(Named("openOrders"), "", new Dictionary<Step, decimal> { [Step.Log] = 1, [Step.Alert] = 2, [Step.Cancel] = 3, [Step.Stop] = 4, [Step.Flatten] = 5 });
        for (var orders = 1; orders <= 6; orders++)
        {
            var finding = Assert.Single(Judge.Evaluate([limit], AccountRows.Of(orders: AccountRows.Orders(orders)).Take(), Circumstances(AccountRows.Noon)));
            Assert.Equal(Steps.All.Take(orders - 1), finding.Steps);
        }
    }

    private static Watch Named(string name) => Watch.All.Single(watch => watch.Name == name);

    private static Finding Finding(Watch watch, string of, decimal bound, Account account, StoppedClock clock) => Assert.Single(
        Judge.Evaluate([new Limit(watch, of, new Dictionary<Step, decimal> { [Step.Cancel] = bound })], account.Take(), Circumstances(clock.Time)));

    private static Circumstances Circumstances(DateTimeOffset now) => new(
        now, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(7), 2, 40,
        new Dictionary<string, LossReference> { ["XBt"] = new(new DateOnly(2026, 11, 22), 50_000, 250_000, 0) });
}
