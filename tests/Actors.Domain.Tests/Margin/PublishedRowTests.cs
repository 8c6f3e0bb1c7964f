using Actors.Domain.Instruments;
using Actors.Domain.Margin;

namespace Actors.Domain.Tests.Margin;

/// <summary>
/// Rows that the venue sent or printed, recomputed. Position rows: REST and socket messages of 2018 to 2022 that clients put into their sources;
/// order and margin rows: the same messages. Where a row does not carry an input it was found from the field that the comment names, and that
/// field proves nothing.
/// </summary>
public class PublishedRowTests
{
    private static readonly MarginTerms Inverse = MarginSamples.InverseLot1;

    private static readonly MarginTerms Ether = MarginTerms.From(Samples.Linear);

    /// <summary>name, cost, initial rate, maintenance rate, funding, posCross, unrealised; posInit, posComm, posMaint, posMargin, maintMargin.</summary>
    public static TheoryData<string, long, decimal, decimal, decimal, long, long, long[]> Positions => new()
    {
        { "short 500, isolated 25x, 2018-08-27", 7_435_000, 0.04m, 0.005m, 0, 0, -2_000, [297_400, 5_800, 42_975, 303_200, 301_200] },
        { "long 2000 ETHUSDT, isolated 3x, 2022-05-21, funding from posMaint", 39_260_000, 0.3333333333333333m, 0.01m, 0.0001m, 0, 23_900, [13_086_667, 39_261, 435_787, 13_125_928, 13_149_828] },
        { "short 693, cross, testnet 2019-04-07", 13_365_396, 0.01m, 0.005m, 0, 0, 220_176, [133_654, 10_125, 76_952, 143_779, 363_955] },
        { "short 400, cross, 2019-08-12", 3_507_064, 0.01m, 0.005m, 0, 0, 2_536, [35_071, 2_657, 20_193, 37_728, 40_264] },
        { "long 1, cross, 2018-08-19", -15_681, 0.01m, 0.005m, 0, 0, 12, [157, 12, 91, 169, 181] },
        { "long 2, cross, 2018-08-19, posCross from posMargin", -31_403, 0.01m, 0.005m, 0, 42, -43, [315, 24, 182, 381, 338] },
        { "long 1, cross, testnet 2020-04-12, funding from posMaint", -14_025, 0.01m, 0.005m, 0.0034m, 0, 11, [141, 11, 129, 152, 163] },
    };

    [Theory]
    [MemberData(nameof(Positions))]
    public void A_position_row(string row, long cost, decimal initial, decimal maintenance, decimal funding, long cross, long unrealised, long[] expected)
    {
        var margin = PositionMargin.Of(new PositionMarginInputs(
            cost, cost, Fraction.From(initial), Fraction.From(maintenance), Fraction.From(0.00075m), Fraction.From(funding), cross, 0, unrealised));

        long[] computed = [margin.Initial, margin.Commission, margin.Maintenance, margin.Margin, margin.Equity];
        Assert.True(expected.SequenceEqual(computed), $"{row}: {string.Join(", ", computed)}");
    }

    /// <summary>The same rows from the holding an account keeps: quantity, cost, mark, leverage, funding.</summary>
    [Theory]
    [InlineData(-500, 7_435_000, 6726.8, 25, 0, new long[] { 7_433_000, -2_000, 297_400, 5_800, 42_975, 303_200, 301_200 })]
    [InlineData(-693, 13_365_396, 5101, 0, 0, new long[] { 13_585_572, 220_176, 133_654, 10_125, 76_952, 143_779, 363_955 })]
    [InlineData(-400, 3_507_064, 11397.7, 0, 0, new long[] { 3_509_600, 2_536, 35_071, 2_657, 20_193, 37_728, 40_264 })]
    [InlineData(1, -15_681, 6382.17, 0, 0, new long[] { -15_669, 12, 157, 12, 91, 169, 181 })]
    [InlineData(1, -14_025, 7135.79, 0, 0.0034, new long[] { -14_014, 11, 141, 11, 129, 152, 163 })]
    public void A_position_row_from_the_holding(long quantity, long cost, decimal mark, decimal leverage, decimal funding, long[] expected)
    {
        var holding = new MarginHolding(Inverse)
            .WithLeverage(leverage)
            .WithMark(mark)
            .WithFundingRate(funding)
            .WithPosition(new(new Quantity(quantity), cost, 0, 0));
        var margin = PositionMargin.Of(holding);

        long[] computed = [holding.MarkValue, margin.UnrealisedPnl, margin.Initial, margin.Commission, margin.Maintenance, margin.Margin, margin.Equity];
        Assert.Equal(expected, computed);
    }

    [Fact]
    public void The_linear_row_from_the_holding_with_a_third_that_is_exact()
    {
        var terms = Ether with { Tiers = new RiskTiers(1_000_000_000_000, 0, 0.02m, 0.01m) };
        var holding = new MarginHolding(terms).WithLeverage(3).WithMark(1964.195m).WithFundingRate(0.0001m).WithPosition(new(new Quantity(2000), 39_260_000, 0, 26_500));
        var margin = PositionMargin.Of(holding);
        var prices = LiquidationPrice.Of(holding, 0);

        Assert.Equal(new long[] { 39_283_900, 13_086_667, 39_261, 435_787, 13_125_928, 13_149_828 }, new[] { holding.MarkValue, margin.Initial, margin.Commission, margin.Maintenance, margin.Margin, margin.Equity });
        Assert.Equal((1308.7m, 1328.5m), (prices.Bankruptcy, prices.Shown));
    }

    [Fact]
    public void The_isolated_inverse_row_and_where_it_is_liquidated()
    {
        var holding = new MarginHolding(Inverse).WithLeverage(25).WithMark(6726.8m).WithPosition(new(new Quantity(-500), 7_435_000, 0, 0));

        var prices = LiquidationPrice.Of(holding, available: 123);

        Assert.Equal((7004.5m, 6968.5m), (prices.Bankruptcy, prices.Shown));
    }

    [Fact]
    public void A_cross_short_whose_wallet_exceeds_any_loss_shows_the_price_that_cannot_be_reached()
    {
        // Testnet 2019-04-07: 693 short with 38132221 available; the row shows 100000000 for both.
        var holding = new MarginHolding(Inverse).WithMark(5101m).WithPosition(new(new Quantity(-693), 13_365_396, -1_925_209, -685_612));
        var account = AccountMargin.Of(new Money(35_665_179 + 2_610_821, Inverse.Instrument.Settlement), [holding]);

        var prices = LiquidationPrice.Of(holding, account.Available);

        Assert.Equal(38_132_221, account.Available);
        Assert.Equal((100_000_000m, 100_000_000m, null), (prices.Shown, prices.Bankruptcy, prices.Trigger));
    }

    [Theory]
    [InlineData(15_722, 182)]
    [InlineData(33_540_619, 385_970)]
    [InlineData(18_702_850, 215_224)]
    [InlineData(14_100, 163)]
    public void Margin_of_open_orders(long grossOpenCost, long expected) =>
        Assert.Equal(expected, OrderMargin.Of(grossOpenCost, Fraction.From(0.01m), Fraction.From(0.00075m)));

    [Fact]
    public void Initial_margin_of_a_quanto_position_as_the_venue_s_page_reckons_it()
    {
        // 10000 contracts of 0.000001 XBT at 500, two per cent: 0.1 XBT.
        var value = ContractValue.Value(MarginSamples.Quanto.Instrument, new Quantity(10_000), 500m);

        Assert.Equal(10_000_000, Fraction.From(0.02m).Ceiling(value));
    }

    /// <summary>Rows of 2018 and 2019. Our rounding gives these exactly; a further row is one unit off whatever the rounding.</summary>
    [Theory]
    [InlineData(-219, 2_100, 33_689_100, 2_100, 32_265_300, 33_540_619)]
    [InlineData(-400, 2_100, 18_726_100, 3_801, 33_010_868, 33_405_958)]
    public void Gross_open_cost(long position, long buys, long buyCost, long sells, long sellCost, long expected) =>
        Assert.Equal(expected, OrderMargin.GrossOpenCost(position, new OpenOrders(buys, buyCost, sells, sellCost)));

    [Theory]
    [InlineData(35_665_179 + 2_610_821, 220_176, 363_955, 13_585_572, 38_496_176, 38_132_221, 0.35290705237840, 0.0095)]
    [InlineData(135_221_616, 524_143, 555_920, 3_456_258, 135_745_759, 135_189_839, 0.02546125953003, 0.0041)]
    [InlineData(105_626 - 65_949, -24, 38_973, 116_616, 39_653, 680, 2.94091241520188, 0.9829)]
    public void A_margin_row(long wallet, long unrealised, long positions, long risk, long balance, long available, decimal leverage, decimal used)
    {
        var margin = new AccountMargin { WalletBalance = wallet, UnrealisedPnl = unrealised, OrderMargin = 0, PositionMargin = positions, RiskValue = risk };

        Assert.Equal((balance, available), (margin.MarginBalance, margin.Available));
        Assert.Equal(leverage, decimal.Round(margin.Leverage!.Value, 14)); // the venue prints a binary fraction, which is good for 14 decimals
        Assert.Equal(used, margin.Used);
    }

    /// <summary>The venue's page of examples: base 200 XBT, step 150 XBT, 0.5 % and 1 %.</summary>
    [Theory]
    [InlineData(180, 0.005, 0.01)]
    [InlineData(230, 0.010, 0.015)]
    [InlineData(400, 0.015, 0.020)]
    [InlineData(600, 0.020, 0.025)]
    public void A_risk_tier(long xbt, decimal maintenance, decimal initial)
    {
        var tier = new RiskTiers(20_000_000_000, 15_000_000_000, 0.01m, 0.005m).At(xbt * 100_000_000);

        Assert.Equal((Fraction.From(initial), Fraction.From(maintenance)), (tier.InitialRate, tier.MaintenanceRate));
    }

    [Fact]
    public void Maintenance_of_180_XBT_at_the_base_rate_is_nine_tenths_of_one() =>
        Assert.Equal(90_000_000, new RiskTiers(20_000_000_000, 15_000_000_000, 0.01m, 0.005m).At(18_000_000_000).MaintenanceRate.Ceiling(18_000_000_000));

    [Fact]
    public void The_deleveraging_example()
    {
        // Six longs as (account, quantity, score); a short of 20 is liquidated.
        DeleveragingCandidate[] longs = [new(1, 10, 3), new(2, 10, 6), new(3, 20, 1), new(4, 30, 4), new(5, 20, 5), new(6, 10, 2)];
        var percentiles = new int[6];
        var closed = new long[6];

        AutoDeleveraging.Rank(longs);
        AutoDeleveraging.Percentiles(longs, percentiles);
        var left = AutoDeleveraging.Close(longs, 20, closed);

        Assert.Equal([2, 5, 4, 1, 6, 3], longs.Select(candidate => candidate.Account));
        Assert.Equal([20, 40, 60, 80, 80, 100], percentiles);
        Assert.Equal([10, 10, 0, 0, 0, 0], closed);
        Assert.Equal(0, left);
    }
}
