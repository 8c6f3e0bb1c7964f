using System.Numerics;
using Actors.Domain.Funding;
using Actors.Domain.Instruments;
using Actors.Domain.Positions;

namespace Actors.Domain.Tests.Exact;

/// <summary>The fast arithmetic against exact fractions, thousands of seeded cases of every kind.</summary>
public class ExactOracleTests
{
    private const int Cases = 3000;

    [Theory]
    [InlineData(1)]
    [InlineData(20261122)]
    public void Value_cost_and_commission(int seed)
    {
        Each(seed, (instrument, random, where) =>
        {
            var quantity = random.Next(4) == 0 ? random.Next(1, 1_000_000) : Kinds.Lots(instrument, random).Contracts;
            var price = Kinds.Price(instrument, random) + (random.Next(3) == 0 ? random.Next(100) / 10_000m : 0);
            if (price == 0) return;
            var value = ContractValue.Value(instrument, new Quantity(quantity), price);
            Same(ExactContract.Value(instrument, quantity, price), value, where);
            Assert.True((ExactContract.Unrounded(instrument, quantity, price) - value).Abs() <= ExactContract.Slack(instrument, quantity), where);
            var position = random.Next(2) == 0 ? quantity : -quantity;
            Same(ExactContract.Cost(instrument, position, price), ContractValue.Cost(instrument, new Quantity(position), price), where);
            var rate = random.Next(-3000, 10_000) / 1_000_000m;
            Same(ExactContract.Commission(value, rate), ContractValue.Commission(value, rate), where);
            if (instrument.Tick.TryToPrice(price, out var ticks)) Assert.True(value == ContractValue.Value(instrument, new Quantity(quantity), ticks), where);
        });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(20261122)]
    public void Positions_of_many_fills_differ_by_less_than_a_unit_for_each_that_closed_something(int seed)
    {
        var random = new Random(seed);
        foreach (var instrument in Kinds.Held)
        {
            for (var history = 0; history < 60; history++)
            {
                var (fast, exact) = (Position.Flat, new ExactPosition());
                for (var fill = 0; fill < 50; fill++)
                {
                    var where = $"seed {seed}, {instrument.Symbol}, history {history}, fill {fill}";
                    var change = random.Next(6) == 0 && !fast.Quantity.IsZero ? -fast.Quantity : Quantity.Signed(random.Next(2) == 0 ? Side.Buy : Side.Sell, Kinds.Lots(instrument, random, 30));
                    var price = Kinds.Price(instrument, random);
                    var cost = ContractValue.Cost(instrument, change, price == 0 ? instrument.Tick.Value : price);
                    fast = fast.Fill(change, cost, 0);
                    exact.Fill(change.Contracts, cost);
                    Assert.True(exact.Quantity == fast.Quantity.Contracts, where);
                    // Each reduction rounds two shares, each by less than one unit.
                    Assert.True((exact.Cost - fast.UnrealisedCost).Abs() <= 2 * exact.Reductions, where);
                    Assert.True((exact.Realised - fast.RealisedPnl).Abs() <= 2 * exact.Reductions, where);
                    Assert.True(exact.Cost - exact.Realised == (Rational)fast.UnrealisedCost - fast.RealisedPnl, $"{where}: cost less profit is not what was paid");
                }
            }
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20261122)]
    public void Shown_prices(int seed)
    {
        Each(seed, (instrument, random, where) =>
        {
            if (instrument.Kind == ContractKind.Spot) return;
            var position = Position.Flat;
            for (var fill = random.Next(1, 4); fill > 0; fill--)
            {
                var change = Quantity.Signed(random.Next(3) == 0 ? Side.Buy : Side.Sell, Kinds.Lots(instrument, random));
                var price = Kinds.Price(instrument, random);
                if (price == 0) return;
                position = position.Fill(change, ContractValue.Cost(instrument, change, price), random.Next(-5_000, 5_000));
            }

            var rebalanced = random.Next(3) == 0 ? random.Next(-100_000, 100_000) : 0;
            var quantity = position.Quantity.Contracts;
            Shown(ExactContract.EntryShown(instrument, quantity, position.UnrealisedCost), ShownPrices.AverageEntry(instrument, position), where);
            Shown(ExactContract.BreakEven(instrument, quantity, position.UnrealisedCost, position.RealisedPnl + rebalanced), ShownPrices.BreakEven(instrument, position, rebalanced), where);
        });
    }

    [Theory]
    [InlineData(4)]
    [InlineData(20261122)]
    public void Basis_rate_and_payment(int seed)
    {
        Each(seed, (instrument, random, where) =>
        {
            var index = Math.Abs(Kinds.Price(instrument, random)) + 1;
            var rate = random.Next(-7500, 7500) / 1_000_000m;
            var decimals = random.Next(0, 9);
            var (at, due) = (Samples.Noon.AddSeconds(random.Next(0, 28_800)), Samples.Noon.AddHours(8));
            var left = new Rational((due - at.AddSeconds(-at.Second)).Ticks, TimeSpan.FromHours(8).Ticks);
            Assert.True(((Rational)index * rate * left).Rounded(decimals) == FairPrice.BasisOfPerpetual(index, rate, at, due, TimeSpan.FromHours(8), decimals), where);
            var days = new Rational((due.AddDays(40) - at.AddSeconds(-at.Second)).Ticks, TimeSpan.TicksPerDay);
            Assert.True(((Rational)index * rate * days / 365).Rounded(decimals) == FairPrice.BasisOfFuture(index, rate, at, due.AddDays(40), decimals), where);

            var (premium, interest) = (random.Next(-3000, 3000) / 1_000_000m, random.Next(0, 400) / 1_000_000m);
            var pulled = (Rational)interest - premium;
            var band = new Rational(5, 10_000);
            if (pulled > band) pulled = band;
            if (pulled < -band) pulled = -band;
            Assert.True(premium + pulled == FundingRate.Of(premium, interest), where);

            var position = Quantity.Signed(random.Next(2) == 0 ? Side.Buy : Side.Sell, Kinds.Lots(instrument, random));
            var owed = ExactContract.Commission(ExactContract.Value(instrument, position.Absolute.Contracts, index), rate) * Math.Sign(position.Contracts);
            Same(owed, FundingRate.Payment(instrument, position, index, rate), where);
        });
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20261122)]
    public void Impact_price_and_average_over_time(int seed)
    {
        Each(seed, (instrument, random, where) =>
        {
            if (instrument.Kind is ContractKind.CalendarSpread) return;
            var best = Kinds.Price(instrument, random) + 1;
            var levels = Enumerable.Range(0, 6).Select(i => new ImpactLevel(best + (i * instrument.Tick.Value * 3), Kinds.Lots(instrument, random, 20))).ToList();
            var notional = ContractValue.Value(instrument, Kinds.Lots(instrument, random, 80), best) + 1;
            Rational left = notional, contracts = 0, points = 0;
            foreach (var level in levels)
            {
                var one = ExactContract.Unrounded(instrument, 1, level.Price);
                var here = left / one < level.Quantity.Contracts ? left / one : level.Quantity.Contracts;
                (contracts, points, left) = (contracts + here, points + (here * level.Price), left - (here * one));
            }

            var exact = instrument.Kind == ContractKind.Inverse ? instrument.Multiplier * contracts / notional : contracts.Sign == 0 ? 0 : points / contracts;
            var fast = ImpactPrice.Of(instrument, levels, notional);
            if (left.Sign > 0) Assert.True(fast is null, $"{where}: the side is too thin");
            else Near(exact, fast!.Value, where);

            var (average, sum, held, last, at) = (default(TimeWeightedAverage), (Rational)0, (Rational)0, 0m, Samples.Noon);
            for (var sample = 0; sample < 5; sample++)
            {
                last = random.Next(-1000, 1000) / 1_000_000m;
                average = average.Add(at, last);
                var seconds = random.Next(1, 120);
                (sum, held, at) = (sum + ((Rational)last * seconds), held + seconds, at.AddSeconds(seconds));
            }

            Near(sum / held, average.Until(at)!.Value, where);
        });
    }

    [Theory]
    [InlineData(6)]
    [InlineData(20261122)]
    public void Notional(int seed)
    {
        Each(seed, (instrument, random, where) =>
        {
            var (quantity, price) = (Kinds.Lots(instrument, random), Kinds.Price(instrument, random));
            if (price == 0) return;
            var value = ContractValue.Value(instrument, quantity, price);
            var scale = instrument.Settlement.Code == "XBt" ? 8 : 6;
            var notional = Instruments.Notional.Of(instrument, quantity, value, price, scale, instrument.Kind == ContractKind.Quanto ? 3108 : null);
            var settled = new Rational(value, BigInteger.Pow(10, scale));
            var (home, foreign) = instrument.Kind switch
            {
                ContractKind.Inverse => (settled, (Rational)quantity.Contracts),
                ContractKind.Quanto => ((Rational)value / 3108 / price, (Rational)value / 3108),
                _ => (new Rational(quantity.Contracts, instrument.ContractsPerUnderlying ?? 1), settled),
            };
            Near(home, notional.Home, where);
            Near(foreign, notional.Foreign, where);
            Assert.Equal(new Notional(-notional.Home, notional.Foreign), notional.Signed(-1));
        });
    }

    private static void Each(int seed, Action<Instrument, Random, string> test)
    {
        var random = new Random(seed);
        foreach (var instrument in Kinds.All)
        {
            for (var round = 0; round < Cases / Kinds.All.Length * 4; round++) test(instrument, random, $"seed {seed}, {instrument.Symbol} {instrument.LotSize}, case {round}");
        }
    }

    private static void Same(BigInteger expected, long got, string where) => Assert.True(expected == got, $"{where}: expected {expected}, got {got}");

    private static void Shown(Rational? expected, decimal? got, string where) =>
        Assert.True(expected is { } price ? got is { } shown && price == shown : got is null, $"{where}: expected {expected}, got {got}");

    /// <summary>Equal to 20 digits: where a quotient is not finite, the last of a decimal's 28 are rounded.</summary>
    private static void Near(Rational expected, decimal got, string where) =>
        Assert.True((expected - got).Abs() * new Rational(BigInteger.Pow(10, 20), 1) <= expected.Abs() + 1, $"{where}: expected {expected}, got {got}");
}
