using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Positions;

namespace Actors.Domain.Tests.Margin;

/// <summary>The steps of a liquidation, the insurance fund's books and auto-deleveraging.</summary>
public class LiquidationTests
{
    private static readonly Currency Bitcoin = Samples.Inverse.Settlement;

    private static readonly MarginTerms Terms = MarginSamples.InverseLot100;

    [Fact]
    public void Nothing_is_done_to_a_position_that_meets_its_maintenance() =>
        Assert.Equal(LiquidationAction.None, Liquidation.Decide(MarginSamples.Held(Terms, 10_000, new Price(64_000), 10), 0).Action);

    [Fact]
    public void Orders_are_cancelled_before_a_small_position_is_taken_over_whole()
    {
        var holding = Fallen(MarginSamples.Held(Terms, 10_000, new Price(64_000), 10)).WithOrders(new OpenOrders(100, 312_500, 0, 0));

        var first = Liquidation.Decide(holding, 0);
        var second = Liquidation.Decide(holding.WithOrders(default), 0);

        Assert.Equal(LiquidationAction.CancelOrders, first.Action);
        Assert.Equal((LiquidationAction.TakeOver, new Quantity(-10_000)), (second.Action, second.Change));
        // 10 %: 312500 a lot at entry, 343750 at bankruptcy, which is 29090.9 and on the grid 29091.
        Assert.Equal(29_091m, Terms.Instrument.Tick.ToDecimal(second.Bankruptcy));
    }

    [Fact]
    public void A_large_position_steps_down_tier_by_tier_and_is_only_taken_over_in_the_lowest()
    {
        // 600 XBT: three steps above the base of 200.
        var holding = Fallen(MarginSamples.Held(Terms, 19_200_000, new Price(64_000), 20));
        var steps = new List<long> { holding.Tier.Steps };
        LiquidationDecision decision;
        while ((decision = Liquidation.Decide(holding, 0)).Action == LiquidationAction.Reduce)
        {
            Assert.Equal(0, decision.Change.Contracts % 100);
            var before = holding.Tier;
            holding = holding.Fill(decision.Change, ContractValue.Cost(Terms.Instrument, decision.Change, decision.Bankruptcy), 0);
            steps.Add(holding.Tier.Steps);
            var oneLotMore = holding.Fill(new Quantity(100), -312_500, 0);
            Assert.True(oneLotMore.Cost >= Terms.Tiers.Tier(before.Steps - 1).Limit, "no more is closed than the lower tier needs");
            // The lower tier asks for less, so that the position is safe again until the mark falls further.
            Assert.Equal(LiquidationAction.None, Liquidation.Decide(holding, 0).Action);
            holding = Fallen(holding);
        }

        Assert.Equal([3, 2, 1, 0], steps);
        Assert.Equal(LiquidationAction.TakeOver, decision.Action);
    }

    [Fact]
    public void A_reduction_that_finds_nobody_ends_in_a_takeover()
    {
        var holding = Fallen(MarginSamples.Held(Terms, 19_200_000, new Price(64_000), 20));

        var decision = Liquidation.Decide(holding, 0, reductionFailed: true);

        Assert.Equal((LiquidationAction.TakeOver, new Quantity(-19_200_000)), (decision.Action, decision.Change));
    }

    [Fact]
    public void A_risk_limit_higher_than_needed_is_lowered_before_anything_is_closed()
    {
        var holding = MarginSamples.Held(Terms, 10_000, new Price(64_000), 10).WithRiskLimit(80_000_000_000);
        var due = Fallen(holding);

        var decision = Liquidation.Decide(due, 0);

        Assert.Equal((LiquidationAction.LowerRiskLimit, 65_000_000_000), (decision.Action, decision.RiskLimit));
        // With the lowest tier's maintenance the same mark is no liquidation at all.
        Assert.Equal(LiquidationAction.None, Liquidation.Decide(due.WithRiskLimit(20_000_000_000), 0).Action);
    }

    [Theory]
    [InlineData(1001)]
    [InlineData(1002)]
    public void A_liquidation_from_first_step_to_last_neither_makes_nor_loses_money(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 500; run++)
        {
            var terms = MarginSamples.Perpetuals[run % MarginSamples.Perpetuals.Length];
            var others = new Others(terms, random, random.NextInt64(1_000_000));
            var holding = others.Opposite(Large(MarginSamples.Random(random, terms, random.Next(5, 50)), random));
            var deposited = others.Total(holding, Position.Flat, 0);
            holding = Fallen(holding);
            long fees = 0;
            var engine = Position.Flat;
            for (var step = 0; holding.Quantity != 0; step++)
            {
                Assert.True(step < 500, $"seed {seed}, run {run}: no end");
                var decision = Liquidation.Decide(holding, 0);
                if (decision.Action == LiquidationAction.None) break;
                if (decision.Action == LiquidationAction.Reduce)
                {
                    holding = others.Trade(holding, decision.Change, decision.Bankruptcy);
                    continue;
                }

                Assert.Equal(LiquidationAction.TakeOver, decision.Action);
                var taken = Liquidation.TakeOver(holding, decision.Bankruptcy);
                (holding, engine, fees) = (holding.WithPosition(taken.Account), taken.Engine, fees + taken.Fee);
                engine = others.CloseOut(engine, decision.Bankruptcy, $"seed {seed}, run {run}");
            }

            Assert.True(engine.Quantity.IsZero, $"seed {seed}, run {run}: the engine kept {engine.Quantity}");
            Assert.True(others.Total(holding, engine, fees) == deposited, $"seed {seed}, run {run}: {others.Total(holding, engine, fees)} of {deposited}");
        }
    }

    [Theory]
    [InlineData(1003)]
    public void The_fund_affords_as_many_lots_as_it_can_pay_for_and_not_one_more(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 2000; run++)
        {
            var terms = MarginSamples.Perpetuals[run % MarginSamples.Perpetuals.Length];
            var (instrument, lot) = (terms.Instrument, terms.Instrument.LotSize.Contracts);
            var held = new Quantity((random.Next(2) * 2 - 1) * lot * random.Next(1, 5000));
            var taken = new Price(MarginSamples.UsualTicks(terms));
            var price = new Price(MarginSamples.UsualTicks(terms) * random.Next(900, 1100) / 1000);
            var fund = new InsuranceFund(new Money(random.NextInt64(20_000_000), instrument.Settlement));

            var affordable = fund.Affordable(instrument, held, taken, price).Contracts;

            Assert.True(fund.CanSettle(Profit(affordable)), $"seed {seed}, run {run}: {affordable}");
            Assert.True(affordable == held.Absolute.Contracts || !fund.CanSettle(Profit(affordable + lot)), $"seed {seed}, run {run}: {affordable} and one lot more");

            long Profit(long contracts) => InsuranceFund.Profit(instrument, new Quantity(Math.Sign(held.Contracts) * contracts), taken, price);
        }
    }

    [Fact]
    public void The_fund_gains_pays_and_refuses_to_owe()
    {
        var fund = new InsuranceFund(new Money(100, Bitcoin)).Settle(50).Settle(-150);

        Assert.Equal(0, fund.Balance.MinorUnits);
        Assert.False(fund.CanSettle(-1));
        Assert.Throws<InvalidOperationException>(() => fund.Settle(-1));
    }

    [Fact]
    public void Profit_ranks_by_leverage_and_loss_ranks_below_all_profit()
    {
        // Value 110 for 100: a tenth of profit. Bankrupt at 55: twice levered; at 99: ten times.
        Assert.Equal(0.2m, AutoDeleveraging.Score(110, 100, 55));
        Assert.Equal(1m, AutoDeleveraging.Score(110, 100, 99));
        // A tenth of loss, value 90: more leverage ranks higher, all below zero.
        Assert.Equal(-0.05m, AutoDeleveraging.Score(90, 100, 45));
        Assert.True(AutoDeleveraging.Score(90, 100, 81) > AutoDeleveraging.Score(90, 100, 45));
        // Inverse longs carry negative values: 100 paid, 90 now, bankrupt at 135 is a margin of 45, twice levered.
        Assert.Equal(0.2m, AutoDeleveraging.Score(-90, -100, -135));
        Assert.Equal(decimal.MaxValue, AutoDeleveraging.Score(110, 100, 110));
        Assert.Equal(0, AutoDeleveraging.Score(0, 0, 0));
    }

    [Fact]
    public void A_holding_ranks_by_its_mark_its_entry_and_its_bankruptcy_price()
    {
        // Short 500 from 6725 (cost 7435000) marked at 6000 (16667 each), bankrupt at 7004.5 (14277 each).
        var holding = MarginSamples.Held(MarginSamples.InverseLot1, -500, new Price(13_450), 25).WithMark(6_000m);

        Assert.Equal(AutoDeleveraging.Score(500 * 16_667, 7_435_000, 500 * 14_277), AutoDeleveraging.Score(holding, 7_004.5m));
    }

    [Theory]
    [InlineData(1004)]
    public void Deleveraging_closes_exactly_the_quantity_from_the_top_and_the_rank_does_not_depend_on_the_order_given(int seed)
    {
        var random = new Random(seed);
        for (var run = 0; run < 1000; run++)
        {
            var given = Enumerable.Range(0, random.Next(1, 30)).Select(i => new DeleveragingCandidate(i, random.Next(1, 50), random.Next(-5, 5))).ToArray();
            var ranked = given.OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.Account).ToArray();
            random.Shuffle(given);
            AutoDeleveraging.Rank(given);
            var closed = new long[given.Length];
            var percentiles = new int[given.Length];
            var quantity = random.NextInt64(given.Sum(candidate => candidate.Quantity) + 20);

            var left = AutoDeleveraging.Close(given, quantity, closed);
            AutoDeleveraging.Percentiles(given, percentiles);

            Assert.True(ranked.SequenceEqual(given), $"seed {seed}, run {run}: order");
            Assert.True(closed.Sum() + left == quantity, $"seed {seed}, run {run}: {closed.Sum()} and {left} of {quantity}");
            Assert.True(left == 0 || closed.Sum() == given.Sum(candidate => candidate.Quantity), $"seed {seed}, run {run}: left though there was more");
            var last = Array.FindLastIndex(closed, part => part > 0);
            Assert.True(Enumerable.Range(0, Math.Max(0, last)).All(i => closed[i] == given[i].Quantity), $"seed {seed}, run {run}: one above was spared");
            Assert.True(percentiles[^1] == 100 && percentiles.SequenceEqual(percentiles.Order()), $"seed {seed}, run {run}: percentiles");
        }
    }

    /// <summary>The holding at the first mark at which it is due.</summary>
    private static MarginHolding Fallen(in MarginHolding holding) =>
        holding.WithMark(holding.Terms.Instrument.Tick.ToDecimal(LiquidationPrice.Of(holding, 0).Trigger!.Value));

    private static MarginHolding Large(in MarginHolding holding, Random random)
    {
        var times = random.Next(5) == 0 ? 20_000 : 0;
        return holding.Fill(new Quantity(holding.Quantity * times), holding.Position.UnrealisedCost * times, 0);
    }

    /// <summary>The rest of a small venue: accounts on the other side, one that trades with liquidations, and the fund.</summary>
    private sealed class Others(MarginTerms terms, Random random, long fund)
    {
        private readonly List<Position> _positions = [];
        private InsuranceFund _fund = new(new Money(fund, terms.Instrument.Settlement));
        private Position _trader = Position.Flat;

        /// <summary>Gives other accounts the opposite of what the holding has, at what it paid.</summary>
        public MarginHolding Opposite(in MarginHolding holding)
        {
            var (quantity, cost) = (-holding.Quantity, -holding.Position.UnrealisedCost);
            var part = quantity / 3;
            var partCost = cost / 3;
            _positions.Add(Position.Flat.Fill(new Quantity(quantity - (2 * part)), cost - (2 * partCost), 0));
            if (part == 0) return holding;
            _positions.Add(Position.Flat.Fill(new Quantity(part), partCost, 0));
            _positions.Add(Position.Flat.Fill(new Quantity(part), partCost, 0));
            return holding;
        }

        public MarginHolding Trade(in MarginHolding holding, Quantity change, Price price)
        {
            var cost = ContractValue.Cost(terms.Instrument, change, price);
            _trader = _trader.Fill(-change, -cost, 0);
            return holding.Fill(change, cost, 0);
        }

        /// <summary>Closes what the engine took over: in the market as far as the fund can pay, the rest by auto-deleveraging.</summary>
        public Position CloseOut(Position engine, Price bankruptcy, string at)
        {
            var price = new Price(Math.Max(1, bankruptcy.Ticks * random.Next(95, 106) / 100));
            var affordable = _fund.Affordable(terms.Instrument, engine.Quantity, bankruptcy, price);
            var sign = Math.Sign(engine.Quantity.Contracts);
            var change = new Quantity(-sign * affordable.Contracts);
            var before = engine.RealisedPnl;
            engine = Exchange(engine, ref _trader, change, price);
            _fund = _fund.Settle(engine.RealisedPnl - before);
            engine = engine with { RealisedCost = 0 };
            DeleveragingCandidate[] ranked = [.. _positions.Select((position, i) => (position, i)).Where(entry => Math.Sign(entry.position.Quantity.Contracts) == -sign)
                .Select(entry => new DeleveragingCandidate(entry.i, Math.Abs(entry.position.Quantity.Contracts), random.Next(5)))];
            AutoDeleveraging.Rank(ranked);
            var closed = new long[ranked.Length];
            var left = AutoDeleveraging.Close(ranked, Math.Abs(engine.Quantity.Contracts), closed);
            Assert.True(left == 0, $"{at}: {left} left");
            for (var i = 0; i < ranked.Length; i++)
            {
                var position = _positions[(int)ranked[i].Account];
                engine = Exchange(engine, ref position, new Quantity(-sign * closed[i]), bankruptcy);
                _positions[(int)ranked[i].Account] = position;
            }

            // Taking over and giving up at one price leaves rounding at most, which the fund keeps or pays.
            var rest = engine.RealisedPnl;
            Assert.True(Math.Abs(rest) <= 2 + ranked.Length, $"{at}: deleveraging at the bankruptcy price made {rest}");
            _residue += rest;
            return engine with { RealisedCost = 0 };
        }

        /// <summary>All money and all cost: what everybody made, holds at cost, and the fund and the fee account have.</summary>
        public Int128 Total(in MarginHolding holding, Position engine, long fees)
        {
            Int128 total = _fund.Balance.MinorUnits + fees + _residue;
            foreach (var position in _positions.Append(_trader).Append(holding.Position).Append(engine)) total += position.RealisedPnl - position.UnrealisedCost;
            return total;
        }

        private long _residue;

        private Position Exchange(Position taker, ref Position maker, Quantity change, Price price)
        {
            var cost = ContractValue.Cost(terms.Instrument, change, price);
            maker = maker.Fill(-change, -cost, 0);
            return taker.Fill(change, cost, 0);
        }
    }
}
