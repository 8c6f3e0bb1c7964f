using Actors.Domain.Instruments;
using Actors.Domain.Margin;

namespace Actors.Domain.Tests.Margin;

/// <summary>What must hold of margin whatever the figures are.</summary>
public class MarginPropertyTests
{
    private static readonly Currency Bitcoin = Samples.Inverse.Settlement;

    [Fact]
    public void A_higher_value_never_has_lower_rates_and_a_chosen_limit_holds_what_is_below_it()
    {
        const int seed = 901;
        var random = new Random(seed);
        for (var run = 0; run < 3000; run++)
        {
            var maintenance = random.Next(1, 200) / 10_000m;
            var tiers = new RiskTiers(1 + random.NextInt64(1_000_000), random.NextInt64(1_000_000), maintenance + (random.Next(200) / 10_000m), maintenance);
            var (low, more) = (random.NextInt64(10_000_000), random.NextInt64(10_000_000));
            var (lower, higher) = (tiers.At(low), tiers.At(low + more));

            Assert.True(lower.InitialRate <= higher.InitialRate && lower.MaintenanceRate <= higher.MaintenanceRate, $"seed {seed}, run {run}");
            Assert.True(lower.MaintenanceRate <= lower.InitialRate && higher.InitialRate <= Fraction.One, $"seed {seed}, run {run}");
            Assert.True(low < lower.Limit && tiers.Tier(lower.Steps) == lower, $"seed {seed}, run {run}: {low} is not below {lower.Limit}");
            if (lower.Limit != long.MaxValue) Assert.True(tiers.Chosen(lower.Limit) == lower && tiers.At(lower.Limit) != lower, $"seed {seed}, run {run}: edge");
        }
    }

    [Fact]
    public void An_order_that_only_reduces_is_free()
    {
        const int seed = 902;
        var random = new Random(seed);
        for (var run = 0; run < 3000; run++)
        {
            var terms = MarginSamples.Perpetuals[run % MarginSamples.Perpetuals.Length];
            var lot = terms.Instrument.LotSize.Contracts;
            var holding = MarginSamples.Random(random, terms);
            var (reducing, adding) = holding.Quantity > 0 ? (Side.Sell, Side.Buy) : (Side.Buy, Side.Sell);
            var whole = Math.Abs(holding.Quantity) / lot;
            var first = random.NextInt64(whole);
            holding = With(With(holding, reducing, first * lot, random), adding, lot * random.Next(50), random);
            var second = new Quantity(lot * random.NextInt64(whole - first + 1));
            var price = new Price(MarginSamples.UsualTicks(terms) * random.Next(900, 1100) / 1000);

            var required = AccountMargin.Required(holding, reducing, second, ContractValue.Value(terms.Instrument, second, price), random.Next(1000));

            Assert.True(required == 0, $"seed {seed}, run {run}: {second} of {holding.Quantity} to {reducing} costs {required}");
        }
    }

    [Fact]
    public void What_an_order_requires_is_what_the_account_then_lacks()
    {
        const int seed = 903;
        var random = new Random(seed);
        for (var run = 0; run < 2000; run++)
        {
            var terms = MarginSamples.Perpetuals[run % 2];
            MarginHolding[] holdings = [MarginSamples.Random(random, terms), MarginSamples.Random(random, MarginSamples.Quanto, leverage: 5)];
            var quantity = new Quantity(terms.Instrument.LotSize.Contracts * random.Next(1, 200_000));
            var cost = ContractValue.Value(terms.Instrument, quantity, holdings[0].Mark);
            var before = AccountMargin.Of(Money.Zero(Bitcoin), holdings).Available;

            var required = AccountMargin.Required(holdings[0], Side.Buy, quantity, cost, 17);
            holdings[0] = holdings[0].WithOrders(holdings[0].Orders.Plus(Side.Buy, quantity, cost, 17));

            Assert.True(before - AccountMargin.Of(Money.Zero(Bitcoin), holdings).Available == required, $"seed {seed}, run {run}: {required}");
        }
    }

    [Theory]
    [InlineData(904, MarginEngine.Separate)]
    [InlineData(905, MarginEngine.Shared)]
    public void After_everything_withdrawable_is_withdrawn_nothing_is_missing_and_nothing_more_can_be_withdrawn(int seed, MarginEngine engine)
    {
        var random = new Random(seed);
        for (var run = 0; run < 2000; run++)
        {
            MarginHolding[] holdings = [MarginSamples.Random(random, MarginSamples.InverseLot1), MarginSamples.Random(random, MarginSamples.Quanto, random.Next(2) * 4)];
            var wallet = new Money(random.NextInt64(20_000_000), Bitcoin);
            var before = AccountMargin.Of(wallet, holdings, engine);

            var after = AccountMargin.Of(wallet with { MinorUnits = wallet.MinorUnits - before.Withdrawable }, holdings, engine);

            if (before.Available < 0) Assert.True(before.Withdrawable == 0, $"seed {seed}, run {run}");
            else Assert.True(after.Available >= 0 && after.Withdrawable == 0, $"seed {seed}, run {run}: {after.Available} left");
        }
    }

    [Fact]
    public void Profit_nobody_realised_supports_nothing_else_unless_it_is_shared()
    {
        var winning = MarginSamples.Held(MarginSamples.Quanto, 100, new Price(40_000)).WithMark(3_000m);
        var wallet = new Money(10_000_000, Bitcoin);

        var separate = AccountMargin.Of(wallet, [winning]);
        var shared = AccountMargin.Of(wallet, [winning], MarginEngine.Shared);

        Assert.Equal(AccountMargin.Of(wallet, [winning.WithMark(2_000m)]).Available, separate.Available);
        Assert.Equal(separate.MarginBalance - PositionMargin.Of(winning).Maintenance, shared.Available);
        Assert.Equal(10_000_000 - PositionMargin.Of(winning).Maintenance, shared.Withdrawable);
    }

    [Fact]
    public void A_fully_funded_position_can_lose_no_more_than_it_locked()
    {
        for (var price = 0; price <= 10_000; price += 100)
        {
            foreach (var quantity in new[] { -7L, 7L })
            {
                var holding = MarginSamples.Held(MarginSamples.Prediction, quantity, new Price(6_200)).WithMark(price / 100m);
                var margin = PositionMargin.Of(holding);
                Assert.True(margin.Equity >= margin.Commission, $"{quantity} at {price}");
                Assert.False(LiquidationPrice.IsDue(holding, -1_000_000));
            }
        }

        // 7 contracts at 62 of 100, a ten-thousandth of a dollar's hundred each: the long risks 62, the short the other 38.
        Assert.Equal(4_340_000, PositionMargin.Of(MarginSamples.Held(MarginSamples.Prediction, 7, new Price(6_200))).Initial);
        Assert.Equal(2_660_000, PositionMargin.Of(MarginSamples.Held(MarginSamples.Prediction, -7, new Price(6_200))).Initial);
    }

    [Fact]
    public void Margin_moved_into_a_position_comes_out_again_and_no_more_than_that()
    {
        var holding = MarginSamples.Held(MarginSamples.Linear, 2000, new Price(40_000), leverage: 10).Transfer(500_000);

        Assert.Equal(500_000, holding.Removable);
        Assert.Equal(0, holding.Transfer(-500_000).Transferred);
        Assert.Throws<InvalidOperationException>(() => holding.Transfer(-500_001));
        Assert.Throws<InvalidOperationException>(() => holding.WithLeverage(0).Transfer(1));
        Assert.Equal(0, holding.WithMark(1_900m).Removable); // it has lost more than that
        Assert.Equal(0, holding.Fill(new Quantity(-3000), -60_000_000, 0).Transferred); // turned: the old position is closed
    }

    [Fact]
    public void What_does_not_fit_throws_and_never_wraps()
    {
        var dear = Fraction.From(1m);
        Assert.Throws<OverflowException>(() => PositionMargin.Of(new PositionMarginInputs(long.MaxValue, long.MaxValue, dear, dear, dear, dear, 0, 0, 0)));
        Assert.Throws<OverflowException>(() => OrderMargin.Of(long.MaxValue / 2, dear, dear));
        Assert.Throws<OverflowException>(() => new AccountMargin { WalletBalance = long.MaxValue, UnrealisedPnl = 1, OrderMargin = 0, PositionMargin = 0, RiskValue = 0 }.MarginBalance);
        Assert.Throws<OverflowException>(() => Fraction.From(0.0000000000000000001m));
        Assert.Equal(long.MaxValue, Fraction.One.Ceiling(long.MaxValue));
        Assert.Throws<OverflowException>(() => new Fraction(2, 1).Ceiling(long.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fraction.From(-0.1m).Ceiling(1));
    }

    [Fact]
    public void Currencies_stand_in_for_each_other_at_their_haircut_and_never_for_more()
    {
        // Short of 1 XBT at 50000: 100000 USDt lend 52631.578948 of theirs (5 % lost); ether is not needed.
        CurrencyValue[] values = [new(Bitcoin, 0.0005m), new(new Currency("USDt"), 0.000001m), new(new Currency("Gwei"), 0.000002m)];
        AccountMargin[] margins = [Wallet(-100_000_000), Wallet(100_000_000_000), Wallet(0)];

        Collateral.Cover(margins, values, MarginSamples.HaircutsUntilFebruary2025);

        Assert.Equal([0, 47_368_421_052, 0], margins.Select(margin => margin.Available));
        Assert.Equal(47_368_421_052, margins[1].Withdrawable);
        Assert.Equal(0.02m, MarginSamples.HaircutsUntilFebruary2025.Of(new Currency("USDt"), new Currency("USDc")));
        Assert.Null(MarginSamples.HaircutsUntilFebruary2025.Of(new Currency("Gwei"), Bitcoin));
    }

    [Theory]
    [InlineData(906)]
    public void Covering_creates_no_money_and_leaves_nobody_short_who_was_not(int seed)
    {
        var random = new Random(seed);
        var usdt = new Currency("USDt");
        var gwei = new Currency("Gwei");
        for (var run = 0; run < 3000; run++)
        {
            CurrencyValue[] values = [new(Bitcoin, random.Next(1, 9) / 10_000m), new(usdt, 0.000001m), new(gwei, random.Next(1, 9) / 1_000_000m)];
            AccountMargin[] before = [Wallet(random.NextInt64(-9_000_000, 9_000_000)), Wallet(random.NextInt64(-2_000_000_000, 2_000_000_000)), Wallet(random.NextInt64(1_000_000_000))];
            var after = before.ToArray();

            Collateral.Cover(after, values, MarginSamples.HaircutsUntilFebruary2025);

            for (var i = 0; i < 3; i++)
            {
                Assert.True(before[i].Available >= 0 ? after[i].Available >= 0 : after[i].Available <= 0, $"seed {seed}, run {run}: currency {i}");
                Assert.True(before[i].Available >= 0 || after[i].Available >= before[i].Available, $"seed {seed}, run {run}: currency {i}");
            }

            // Every haircut between these three is five per cent.
            var worth = after.Zip(values, (margin, value) => margin.Collateral * value.Value).ToArray();
            Assert.True(worth.Sum(part => Math.Max(0, part)) <= 0.95m * worth.Sum(part => Math.Max(0, -part)), $"seed {seed}, run {run}: more counted than lent");
        }
    }

    [Fact]
    public void Computing_margin_after_a_fill_allocates_nothing_but_what_the_position_itself_does()
    {
        MarginHolding[] holdings = [.. Enumerable.Range(0, 20).Select(i => MarginSamples.Random(new Random(i), MarginSamples.Perpetuals[i % 4]))];
        var wallet = new Money(1_000_000_000, Bitcoin);
        var positions = new long[2];
        for (var round = 0; round < 2; round++) // the first warms up
        {
            var start = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 2_000; i++) holdings[i % 20].Position.Fill(new Quantity(1), 1, 0);
            positions[0] = GC.GetAllocatedBytesForCurrentThread() - start;
            start = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 2_000; i++)
            {
                ref var holding = ref holdings[i % 20];
                holding = holding.Fill(new Quantity(i % 40 < 20 ? 1 : -1), i % 40 < 20 ? 1 : -1, 0);
                var account = AccountMargin.Of(wallet, holdings);
                if (LiquidationPrice.IsDue(holding, account.Available)) LiquidationPrice.Of(holding, account.Available);
                AccountMargin.Required(holding, Side.Buy, new Quantity(100), 1_000_000, 0);
            }

            positions[1] = GC.GetAllocatedBytesForCurrentThread() - start;
        }

        Assert.Equal(positions[0], positions[1]);
    }

    private static AccountMargin Wallet(long available) =>
        new() { WalletBalance = available, UnrealisedPnl = 0, OrderMargin = 0, PositionMargin = 0, RiskValue = 0 };

    private static MarginHolding With(in MarginHolding holding, Side side, long quantity, Random random)
    {
        if (quantity == 0) return holding;
        var price = new Price(MarginSamples.UsualTicks(holding.Terms) * random.Next(900, 1100) / 1000);
        var cost = ContractValue.Value(holding.Terms.Instrument, new Quantity(quantity), price);
        return holding.WithOrders(holding.Orders.Plus(side, new Quantity(quantity), cost, random.Next(1000)));
    }
}
