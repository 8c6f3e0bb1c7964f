using Actors.Domain.Instruments;
using Actors.Domain.Margin;

namespace Actors.Domain.Tests.Margin;

/// <summary>
/// The closed forms against a search that knows none of them: the mark is moved on the grid, the naive margin of the whole account is computed anew,
/// and the question is only whether equity is below maintenance. That is monotone in the mark (walked tick by tick in a sample), so that far triggers are found by
/// halving, and then both neighbours of the edge are looked at.
/// </summary>
public class LiquidationPriceTests
{
    private const long HighestQuote = 100_000_000;

    private static readonly decimal[] Leverages = [1m, 1.5m, 3m, 7m, 10m, 25m, 33.3m, 50m, 100m];

    [Theory]
    [InlineData(101)]
    [InlineData(102)]
    [InlineData(103)]
    public void Isolated_the_closed_form_names_the_tick_that_a_search_finds(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 1500; run++)
        {
            var terms = MarginSamples.Perpetuals[run % MarginSamples.Perpetuals.Length];
            var holding = MarginSamples.Random(random, terms, Leverages[random.Next(Leverages.Length)]);
            if (random.Next(3) == 0) holding = holding.Transfer(random.NextInt64(holding.Cost / 2));
            Agree(holding, 0, mark => NaiveMargin.IsDue(0, [holding.WithMark(mark)], 0, MarginEngine.Separate), LiquidationPrice.Of(holding, 0).Trigger, $"seed {seed}, run {run}");
        }
    }

    [Theory]
    [InlineData(201, MarginEngine.Separate)]
    [InlineData(202, MarginEngine.Separate)]
    [InlineData(203, MarginEngine.Shared)]
    [InlineData(204, MarginEngine.Shared)]
    public void Cross_the_closed_form_names_the_tick_that_a_search_over_the_whole_account_finds(int seed, MarginEngine engine)
    {
        var random = new Random(seed);
        var currency = Samples.Inverse.Settlement;
        for (var run = 0; run < 400; run++)
        {
            var holdings = Account(random);
            var locked = AccountMargin.Of(new Money(0, currency), holdings, engine);
            var wallet = new Money(-locked.Available + random.NextInt64(-locked.PositionMargin / 50, 1 + (locked.RiskValue / 20)), currency);
            var available = AccountMargin.Of(wallet, holdings, engine).Available;
            var at = random.Next(holdings.Length);
            var trigger = LiquidationPrice.Of(holdings[at], available, engine).Trigger;

            Agree(holdings[at], at, IsDueAt, trigger, $"seed {seed}, run {run}, {engine}");

            bool IsDueAt(decimal mark)
            {
                MarginHolding[] moved = [.. holdings];
                moved[at] = moved[at].WithMark(mark);
                var isDue = NaiveMargin.IsDue(wallet.MinorUnits, moved, at, engine);
                Assert.Equal(isDue, LiquidationPrice.IsDue(moved[at], AccountMargin.Of(wallet, moved, engine).Available, engine));
                return isDue;
            }
        }
    }

    [Fact]
    public void A_spread_may_be_liquidated_below_zero()
    {
        const int seed = 301;
        var random = new Random(seed);
        for (var run = 0; run < 1000; run++)
        {
            var entry = new Price(random.Next(-400, 400));
            var quantity = random.Next(1, 100) * (random.Next(2) == 0 ? 1 : -1);
            var holding = MarginSamples.Held(MarginSamples.Spread, quantity, entry, Leverages[random.Next(Leverages.Length)]);
            if (holding.Cost == 0) continue;
            holding = holding.Transfer(random.Next(20_000));
            Agree(holding, 0, mark => NaiveMargin.IsDue(0, [holding.WithMark(mark)], 0, MarginEngine.Separate), LiquidationPrice.Of(holding, 0).Trigger, $"seed {seed}, run {run}");
        }
    }

    [Fact]
    public void Walking_every_tick_shows_that_there_is_one_edge_and_that_it_is_the_trigger()
    {
        const int seed = 401;
        var random = new Random(seed);
        for (var run = 0; run < 60; run++)
        {
            var terms = MarginSamples.Perpetuals[run % MarginSamples.Perpetuals.Length];
            var holding = MarginSamples.Random(random, terms, Leverages[3 + random.Next(Leverages.Length - 3)], ticks: 1_000);
            var edges = 0;
            Price? found = null;
            var was = IsDue(1);
            for (var ticks = 2L; ticks < 2_500; ticks++)
            {
                var now = IsDue(ticks);
                if (now != was) (edges, found) = (edges + 1, new Price(holding.Quantity > 0 ? ticks - 1 : ticks));
                was = now;
            }

            Assert.True(edges == 1 && found == LiquidationPrice.Of(holding, 0).Trigger, $"seed {seed}, run {run}: {edges} edges, {found}");

            bool IsDue(long ticks) => LiquidationPrice.IsDue(holding.WithMark(terms.Instrument.Tick.ToDecimal(new Price(ticks))), 0);
        }
    }

    [Theory]
    [InlineData(501)]
    public void What_the_venue_shows_is_within_two_ticks_or_two_units_a_lot_of_the_exact_trigger(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 1500; run++)
        {
            var terms = MarginSamples.Perpetuals[run % MarginSamples.Perpetuals.Length];
            var holding = MarginSamples.Random(random, terms, Leverages[3 + random.Next(Leverages.Length - 3)]);
            var prices = LiquidationPrice.Of(holding, 0);
            var trigger = terms.Instrument.Tick.ToDecimal(prices.Trigger!.Value);

            // Inverse values are whole units a lot: that is the grain the shown rule rounds to.
            var lotValue = ContractValue.Value(terms.Instrument, terms.Instrument.LotSize, trigger);
            var grain = terms.Instrument.Kind == ContractKind.Inverse ? 2 * trigger / lotValue : 0;
            Assert.True(Math.Abs(prices.Shown - trigger) <= (2 * terms.Instrument.Tick.Value) + grain, $"seed {seed}, run {run}: shown {prices.Shown}, exact {trigger}");
            Assert.True(holding.Quantity > 0 ? prices.Bankruptcy <= prices.Shown : prices.Bankruptcy >= prices.Shown, $"seed {seed}, run {run}: bankrupt first");
        }
    }

    [Fact]
    public void Nothing_to_liquidate_has_no_price()
    {
        Assert.False(LiquidationPrice.Of(new MarginHolding(MarginSamples.Linear), 0).Exists);
        Assert.False(LiquidationPrice.Of(MarginSamples.Held(MarginSamples.Prediction, 10, new Price(4_000)), 0).Exists);
        Assert.False(LiquidationPrice.Of(MarginSamples.Held(MarginSamples.Spot, 1000, new Price(40_000)), 0).Exists);
    }

    [Fact]
    public void A_long_that_cannot_lose_its_margin_shows_one_tick_and_has_no_trigger()
    {
        var holding = MarginSamples.Held(MarginSamples.Linear, 1000, new Price(40_000));

        var prices = LiquidationPrice.Of(holding, available: 1_000_000_000_000);

        Assert.Equal((0.05m, 0.05m, null), (prices.Shown, prices.Bankruptcy, prices.Trigger));
        Assert.Null(prices.Distance(holding));
    }

    [Fact]
    public void The_distance_is_positive_before_the_trigger_and_not_after_it()
    {
        var holding = MarginSamples.Held(MarginSamples.Linear, 1000, new Price(40_000), leverage: 10);
        var prices = LiquidationPrice.Of(holding, 0);
        var trigger = MarginSamples.Linear.Instrument.Tick.ToDecimal(prices.Trigger!.Value);

        Assert.Equal((2000m - trigger) / 2000m, prices.Distance(holding));
        Assert.Equal(0, prices.Distance(holding.WithMark(trigger)));
    }

    private static MarginHolding[] Account(Random random)
    {
        MarginTerms[] settledInBitcoin = [MarginSamples.InverseLot1, MarginSamples.InverseLot100, MarginSamples.Quanto, MarginSamples.Future];
        var holdings = new MarginHolding[4];
        for (var i = 0; i < holdings.Length; i++)
        {
            var terms = settledInBitcoin[i];
            var holding = MarginSamples.Random(random, terms, random.Next(4) == 0 ? 10 : 0);
            if (random.Next(2) == 0)
            {
                var orders = terms.Instrument.LotSize.Contracts * random.Next(1, 100);
                holding = holding.WithOrders(new OpenOrders(orders, ContractValue.Value(terms.Instrument, new Quantity(orders), holding.Mark), 0, 0));
            }

            holdings[i] = holding;
        }

        return holdings;
    }

    /// <summary>Finds the edge of a monotone condition by halving, verifies both sides of it, and compares it with the closed form.</summary>
    private static void Agree(in MarginHolding holding, int index, Func<decimal, bool> isDue, Price? trigger, string at)
    {
        var terms = holding.Terms;
        var highest = terms.Instrument.Tick.Floor(HighestQuote).Ticks;
        var lowest = terms.PricesMayBeNegative ? -highest : 1;
        var isLong = holding.Quantity > 0;

        // "inside" is the end where a position of this side has gained most, "outside" where it has lost most.
        var (inside, outside) = isLong ? (highest, lowest) : (lowest, highest);
        var description = $"{at}: holding {index}, {terms.Instrument.Symbol} {holding.Quantity} at cost {holding.Position.UnrealisedCost}, leverage {holding.Leverage}";
        if (!IsDue(outside))
        {
            Assert.True(trigger is null, $"{description}: never due, closed form {trigger}");
            return;
        }

        if (IsDue(inside))
        {
            Assert.True(trigger == new Price(inside), $"{description}: always due, closed form {trigger}");
            return;
        }

        while (Math.Abs(inside - outside) > 1)
        {
            var middle = outside + ((inside - outside) / 2);
            if (IsDue(middle)) outside = middle;
            else inside = middle;
        }

        Assert.True(trigger == new Price(outside), $"{description}: search {outside}, closed form {trigger}");

        bool IsDue(long ticks) => isDue(terms.Instrument.Tick.ToDecimal(new Price(ticks)));
    }
}
