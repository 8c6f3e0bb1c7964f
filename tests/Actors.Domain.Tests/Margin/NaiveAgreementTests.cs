using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Tests.Exact;

namespace Actors.Domain.Tests.Margin;

/// <summary>The fast margin beside the naive one under seeded accounts: every figure equal to the minor unit.</summary>
public class NaiveAgreementTests
{
    [Theory]
    [InlineData(601, MarginEngine.Separate)]
    [InlineData(602, MarginEngine.Separate)]
    [InlineData(603, MarginEngine.Shared)]
    public void Every_figure_of_an_account_is_the_same_to_the_minor_unit(int seed, MarginEngine engine)
    {
        var random = new Random(seed);
        MarginTerms[] settledInBitcoin = [.. MarginSamples.Perpetuals.Where(terms => terms.Instrument.Settlement == Samples.Inverse.Settlement)];
        for (var run = 0; run < 400; run++)
        {
            MarginHolding[] holdings = [.. Enumerable.Range(0, random.Next(1, 8)).Select(i => Any(random, settledInBitcoin[i % settledInBitcoin.Length]))];
            var wallet = random.NextInt64(100_000_000_000);
            for (var i = 0; i < holdings.Length; i++) SameLine(holdings[i], $"seed {seed}, run {run}, holding {i}");

            var fast = AccountMargin.Of(new Money(wallet, Samples.Inverse.Settlement), holdings, engine);
            var naive = NaiveMargin.Of(wallet, holdings, engine);
            Assert.True(
                naive == new NaiveMargin.Sum(fast.MarginBalance, fast.OrderMargin, fast.PositionMargin, fast.RiskValue, fast.Available),
                $"seed {seed}, run {run}: {fast} but {naive}");
        }
    }

    [Theory]
    [InlineData(701)]
    public void The_shown_prices_are_the_rule_s(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 2500; run++)
        {
            var terms = MarginSamples.Perpetuals[run % MarginSamples.Perpetuals.Length];
            var holding = MarginSamples.Random(random, terms, random.Next(2, 50));
            var prices = LiquidationPrice.Of(holding, 0);

            Assert.True(NaiveMargin.Shown(holding, bankruptcy: false) == prices.Shown, $"seed {seed}, run {run}: liquidation {prices.Shown}");
            Assert.True(NaiveMargin.Shown(holding, bankruptcy: true) == prices.Bankruptcy, $"seed {seed}, run {run}: bankruptcy {prices.Bankruptcy}");
        }
    }

    [Fact]
    public void A_product_beyond_64_bits_is_as_exact_as_a_small_one()
    {
        const int seed = 801;
        var random = new Random(seed);
        for (var run = 0; run < 5000; run++)
        {
            var amount = random.NextInt64(1L << random.Next(1, 62));
            var denominator = 1 + random.NextInt64(1L << random.Next(1, 62));
            var rate = new Fraction(random.NextInt64(denominator), denominator);
            var exact = new Rational(amount, 1) * new Rational(rate.Numerator, rate.Denominator);

            Assert.True(exact.Ceiling() == rate.Ceiling(amount) && exact.Floor() == rate.Floor(amount), $"seed {seed}, run {run}: {amount} times {rate}");
        }
    }

    private static void SameLine(in MarginHolding holding, string at)
    {
        var fast = PositionMargin.Of(holding);
        var naive = NaiveMargin.Of(holding);
        var line = new NaiveMargin.Line(
            fast.Initial, fast.Commission, fast.Maintenance, fast.Margin, fast.UnrealisedPnl, holding.OpenOrderMargin, holding.GrossOpenCost, Math.Abs(holding.MarkValue));
        Assert.True(naive == line, $"{at}: {line} but {naive}");
    }

    private static MarginHolding Any(Random random, MarginTerms terms)
    {
        var holding = random.Next(8) == 0
            ? new MarginHolding(terms).WithMark(terms.Instrument.Tick.ToDecimal(new Price(MarginSamples.UsualTicks(terms))))
            : MarginSamples.Random(random, terms, random.Next(2) == 0 ? 0 : random.Next(1, 500) / 10m + 0.1m);
        if (holding is { IsIsolated: true, Quantity: not 0 } && random.Next(2) == 0) holding = holding.Transfer(random.Next(1_000_000));
        if (random.Next(3) == 0) holding = holding.WithRiskLimit(1 + random.NextInt64(20 * terms.Instrument.RiskLimit));
        if (random.Next(6) == 0) holding = holding.Fill(new Quantity(holding.Quantity * 10_000), holding.Position.UnrealisedCost * 10_000, 0); // up the tiers
        for (var order = random.Next(6); order > 0; order--)
        {
            var side = random.Next(2) == 0 ? Side.Buy : Side.Sell;
            var quantity = new Quantity(terms.Instrument.LotSize.Contracts * random.Next(1, 200));
            var price = new Price(MarginSamples.UsualTicks(terms) * random.Next(900, 1100) / 1000);
            var premium = OrderMargin.PremiumOf(terms.Instrument, side, quantity, price, holding.Mark);
            holding = holding.WithOrders(holding.Orders.Plus(side, quantity, ContractValue.Value(terms.Instrument, quantity, price), premium));
        }

        return holding;
    }
}
