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

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public void Whatever_is_traded_total_profit_is_the_cash_flow_to_the_last_unit(int seed)
    {
        var random = new Random(seed);
        foreach (var instrument in new[] { Samples.Inverse, Samples.Linear })
        {
            var position = Position.Flat;
            long cash = 0;
            for (var i = 0; i < 2000; i++)
            {
                var change = new Quantity(instrument.LotSize.Contracts * random.Next(1, 50) * (random.Next(2) == 0 ? 1 : -1));
                var cost = ContractValue.Cost(instrument, change, new Price(random.Next(90_000, 110_000)));
                cash -= cost;
                position = position.Fill(change, cost, 0);
                var mark = 50_000m + random.Next(1000);
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
