using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Positions;

namespace Actors.Domain.Tests;

public class PositionTests
{
    [Fact]
    public void A_round_trip_leaves_no_cost_and_realises_the_difference()
    {
        var position = Fill(Samples.Linear, Position.Flat, 2000, 2000m);
        Assert.Equal(2000m, position.AverageEntryPrice(Samples.Linear));
        Assert.Equal(10L * 100 * 2000, position.UnrealisedPnl(Samples.Linear, 2100m));

        position = Fill(Samples.Linear, position, -2000, 2050m);

        Assert.Equal(0, position.UnrealisedCost);
        Assert.Equal(10L * 50 * 2000, position.RealisedPnl);
        Assert.Null(position.AverageEntryPrice(Samples.Linear));
    }

    [Fact]
    public void One_fill_may_reverse_the_position_through_zero()
    {
        var position = Fill(Samples.Inverse, Position.Flat, 1000, 50_000m);

        position = Fill(Samples.Inverse, position, -3000, 51_000m);

        Assert.Equal(new Quantity(-2000), position.Quantity);
        Assert.Equal(ContractValue.Cost(Samples.Inverse, new Quantity(-2000), 51_000m), position.UnrealisedCost);
        // Long 1000 from 50000 to 51000: what the same contracts cost at entry less at exit, in satoshi.
        Assert.Equal(ContractValue.Value(Samples.Inverse, new Quantity(1000), 50_000m) - ContractValue.Value(Samples.Inverse, new Quantity(1000), 51_000m), position.RealisedPnl);
    }

    [Fact]
    public void Commission_and_funding_lower_realised_profit_and_touch_nothing_else()
    {
        var position = Fill(Samples.Linear, Position.Flat, 1000, 2000m).Fill(Quantity.Zero, 0, 77);

        Assert.Equal(-77, position.RealisedPnl);
        Assert.Equal(new Quantity(1000), position.Quantity);
    }

    // Private position rows of 2018 to 2020 (lot 1) and 2022: cost, made in the session (realised and rebalanced), entry and break-even shown.
    [Theory]
    [InlineData(-500, 7435000, -5576, "6725", "6719.5")]
    [InlineData(-693, 13365396, 3337, "5184.8395", "5186")]
    [InlineData(-400, 3507064, -58024, "11405.1095", "11219.5")]
    [InlineData(1, -15681, -10, "6377", "6381.5")]
    [InlineData(2, -31403, -20, "6369.0211", "6373.5")]
    [InlineData(1, -14025, -10, "7130", "7135.5")]
    public void Entry_and_break_even_are_shown_against_the_holder(long quantity, long cost, long made, string entry, string breakEven)
    {
        var position = new Position(new Quantity(quantity), cost, 0, -made);
        Assert.Equal(decimal.Parse(entry, CultureInfo.InvariantCulture), ShownPrices.AverageEntry(Kinds.InverseByContract, position));
        Assert.Equal(decimal.Parse(breakEven, CultureInfo.InvariantCulture), ShownPrices.BreakEven(Kinds.InverseByContract, position));
        Assert.Equal(ShownPrices.BreakEven(Kinds.InverseByContract, position), ShownPrices.BreakEven(Kinds.InverseByContract, position with { Commission = 0 }, made));
    }

    [Fact]
    public void A_linear_position_shows_its_mean_its_break_even_and_its_returns()
    {
        var position = new Position(new Quantity(2000), 39260000, 0, 26500); // the row of 2022
        Assert.Equal((1963m, 1964.35m), (ShownPrices.AverageEntry(Samples.Linear, position), ShownPrices.BreakEven(Samples.Linear, position)));
        Assert.Equal((0.0006m, 0.0018m), (position.UnrealisedPnlFraction(Samples.Linear, 1964.195m), position.UnrealisedReturn(Samples.Linear, 1964.195m, 1 / 3m)));
        Assert.Equal((23900, -26500), (position.UnrealisedPnl(Samples.Linear, 1964.195m), position.RealisedPnl));
    }

    [Fact]
    public void Where_nothing_can_be_lost_or_nothing_is_held_no_price_is_shown()
    {
        Assert.Equal(ShownPrices.None, ShownPrices.BreakEven(Kinds.InverseByContract, new Position(new Quantity(-100), 1_000_000, 0, -1_000_000)));
        Assert.Equal(ShownPrices.None, ShownPrices.BreakEven(Samples.Linear, new Position(new Quantity(1000), 1_000_000, 0, -2_000_000)));
        Assert.Null(ShownPrices.BreakEven(Samples.Inverse, Position.Flat));
        Assert.Null(ShownPrices.AverageEntry(Samples.Inverse, Position.Flat));
        Assert.Equal(0, Position.Flat.UnrealisedPnlFraction(Samples.Inverse, 50_000));
        Assert.Throws<ArgumentOutOfRangeException>(() => Position.Flat.UnrealisedReturn(Samples.Inverse, 50_000, 0));
    }

    [Fact]
    public void The_published_average_of_entries_is_not_rounded()
    {
        var average = ShownPrices.AverageOfFills(ContractKind.Inverse, [(new Quantity(1000), 50000), (new Quantity(3000), 50035)]);
        Assert.Equal(50026.2454071m, decimal.Round(average, 7));
        Assert.Equal(50026.25m, ShownPrices.AverageOfFills(ContractKind.Linear, [(new Quantity(1000), 50000), (new Quantity(3000), 50035)]));
        Assert.Throws<ArgumentException>(() => ShownPrices.AverageOfFills(ContractKind.Linear, []));
    }

    // A user's session of 2017: 885 contracts from 7299 to 6635.5, the closing maker's rebate, funding of +783 and -709: the wallet had -1208157.
    [Fact]
    public void A_session_adds_up_to_its_wallet_entry()
    {
        var opened = Fill(Kinds.InverseByContract, Position.Flat, 885, 7299);
        var exit = ContractValue.Cost(Kinds.InverseByContract, new Quantity(-885), 6635.5m);
        var closed = opened.Pay(-783).Pay(709).Fill(new Quantity(-885), exit, ContractValue.Commission(exit, -0.00025m));
        Assert.Equal((-1208157, -1211565), (closed.RealisedPnl, -closed.RealisedCost));
    }

    // XBTF23 settled at 22957.36: 1500 contracts are 6533850 satoshi there.
    [Fact]
    public void Settlement_closes_everything_at_its_price_and_takes_its_fee()
    {
        var future = Kinds.InverseFuture;
        var settled = Fill(future, Position.Flat, 1500, 20_000).Settle(future, 22957.36m);
        Assert.Equal((Quantity.Zero, 0L), (settled.Quantity, settled.UnrealisedCost));
        Assert.Equal(7_500_000 - 6_533_850 - 3266, settled.RealisedPnl);
        Assert.Equal(settled, settled.Settle(future, 1));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Whatever_is_traded_total_profit_is_the_cash_flow_to_the_last_unit(int seed)
    {
        var random = new Random(seed);
        foreach (var instrument in Kinds.Held)
        {
            var position = Position.Flat;
            long cash = 0;
            for (var i = 0; i < 2000; i++)
            {
                var change = new Quantity(instrument.LotSize.Contracts * random.Next(1, 50) * (random.Next(2) == 0 ? 1 : -1));
                var cost = ContractValue.Cost(instrument, change, new Price(random.Next(5_000, 10_000)));
                cash -= cost;
                position = position.Fill(change, cost, 0);
                var mark = instrument.Tick.Value * random.Next(5_000, 10_000);
                Assert.True(
                    cash + ContractValue.Cost(instrument, position.Quantity, mark) == position.RealisedPnl + position.UnrealisedPnl(instrument, mark),
                    $"seed {seed}, fill {i}, {instrument.Symbol}");
                Assert.True(!position.Quantity.IsZero || position.UnrealisedCost == 0, $"seed {seed}, fill {i}: a flat position has cost left");
            }
        }
    }

    private static Position Fill(Instrument instrument, Position position, long change, decimal price) =>
        position.Fill(new Quantity(change), ContractValue.Cost(instrument, new Quantity(change), price), 0);
}
