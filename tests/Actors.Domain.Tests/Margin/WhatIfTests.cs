using Actors.Domain.Instruments;
using Actors.Domain.Margin;

namespace Actors.Domain.Tests.Margin;

public class WhatIfTests
{
    private static readonly Symbol Inverse = MarginSamples.InverseLot100.Instrument.Symbol;

    private static readonly Symbol Quanto = MarginSamples.Quanto.Instrument.Symbol;

    private static readonly MarginAccount Account = new(
        [new Money(50_000_000, Samples.Inverse.Settlement)],
        [
            MarginSamples.Held(MarginSamples.InverseLot100, 100_000, new Price(64_000)),
            MarginSamples.Held(MarginSamples.Quanto, -500, new Price(40_000), leverage: 5),
        ]);

    [Fact]
    public void Nothing_changed_changes_nothing()
    {
        foreach (var answer in new[] { WhatIf.Of(Account), WhatIf.Of(Account, new Withdrawal(Money.Zero(Samples.Inverse.Settlement))), WhatIf.Of(Account, new LeverageChange(Quanto, 5)), WhatIf.Of(Account, new MarkMoved(Inverse, 32_000m)) })
        {
            Assert.Equal(answer.Before.Currencies.AsEnumerable(), answer.After.Currencies);
            Assert.Equal(answer.Before.Holdings.AsEnumerable(), answer.After.Holdings);
            Assert.Empty(answer.Objections);
        }
    }

    [Fact]
    public void A_withdrawal_lowers_what_is_available_and_brings_the_cross_liquidation_nearer_but_not_the_isolated()
    {
        var answer = WhatIf.Of(Account, new Withdrawal(new Money(20_000_000, Samples.Inverse.Settlement)));

        Assert.Equal(20_000_000, answer.Before.Currencies[0].Margin.Available - answer.After.Currencies[0].Margin.Available);
        Assert.True(answer.After.Holdings[0].Prices.Shown > answer.Before.Holdings[0].Prices.Shown);
        Assert.Equal(answer.Before.Holdings[1], answer.After.Holdings[1]);
        Assert.Empty(answer.Objections);
    }

    [Fact]
    public void A_withdrawal_beyond_what_is_withdrawable_is_an_objection_and_is_not_made()
    {
        var withdrawable = Account.Report().Currencies[0].Margin.Withdrawable;

        var answer = WhatIf.Of(Account, new Withdrawal(new Money(withdrawable + 1, Samples.Inverse.Settlement)));

        Assert.Equal($"{withdrawable} XBt may be withdrawn, not {withdrawable + 1}", Assert.Single(answer.Objections));
        Assert.Equal(answer.Before.Currencies.AsEnumerable(), answer.After.Currencies);
    }

    [Fact]
    public void Lower_leverage_locks_more_and_moves_the_liquidation_away()
    {
        var answer = WhatIf.Of(Account, new LeverageChange(Quanto, 2));

        Assert.True(answer.After.Holdings[1].Position.Initial > 2 * answer.Before.Holdings[1].Position.Initial);
        Assert.True(answer.After.Holdings[1].Prices.Shown > answer.Before.Holdings[1].Prices.Shown);
        Assert.Equal("leverage 51 is more than ETHUSD allows at its size", Assert.Single(WhatIf.Of(Account, new LeverageChange(Quanto, 51)).Objections));
    }

    [Fact]
    public void An_added_order_is_charged_and_one_that_the_account_cannot_afford_is_an_objection()
    {
        var small = WhatIf.Of(Account, new OrderAdded(Inverse, Side.Buy, new Quantity(1000), new Price(63_000)));
        var large = WhatIf.Of(Account, new OrderAdded(Inverse, Side.Buy, new Quantity(10_000_000), new Price(63_000)));

        Assert.Equal(small.After.Holdings[0].OrderMargin, small.Before.Currencies[0].Margin.Available - small.After.Currencies[0].Margin.Available);
        Assert.Empty(small.Objections);
        Assert.Contains("XBt would be missing", large.Objections[0], StringComparison.Ordinal);
        Assert.Equal("quantity 50 is not a multiple of the lot 100", Assert.Single(WhatIf.Of(Account, new OrderAdded(Inverse, Side.Buy, new Quantity(50), new Price(63_000))).Objections));
    }

    [Fact]
    public void A_move_of_several_marks_is_one_question()
    {
        var answer = WhatIf.Of(Account, new MarkMoved(Inverse, 20_000m), new MarkMoved(Quanto, 4_000m));

        Assert.Equal(2, answer.Objections.Count(objection => objection.EndsWith("would be liquidated", StringComparison.Ordinal)));
        Assert.True(answer.After.Currencies[0].Margin.UnrealisedPnl < 0);
        Assert.All(answer.Before.Holdings, holding => Assert.False(holding.IsDue));
    }

    [Fact]
    public void Margin_moved_into_a_position_comes_from_what_is_available()
    {
        var answer = WhatIf.Of(Account, new MarginTransfer(Quanto, 1_000_000));

        Assert.Equal(1_000_000, answer.Before.Currencies[0].Margin.Available - answer.After.Currencies[0].Margin.Available);
        Assert.True(answer.After.Holdings[1].Prices.Trigger > answer.Before.Holdings[1].Prices.Trigger);
        Assert.Equal("XBTUSD is no isolated position", Assert.Single(WhatIf.Of(Account, new MarginTransfer(Inverse, 1)).Objections));
        Assert.Equal("0 may be moved out of ETHUSD, not 1", Assert.Single(WhatIf.Of(Account, new MarginTransfer(Quanto, -1)).Objections));
    }

    [Fact]
    public void A_risk_limit_below_what_is_held_is_an_objection()
    {
        var large = Account.With(MarginSamples.Held(MarginSamples.InverseLot100, 9_600_000, new Price(64_000)));

        Assert.Equal("XBTUSD holds and orders 30000000000, which needs a higher risk limit than 20000000000", WhatIf.Of(large, new RiskLimitChange(Inverse, 20_000_000_000)).Objections[0]);
        Assert.DoesNotContain(WhatIf.Of(large, new RiskLimitChange(Inverse, 50_000_000_000)).Objections, objection => objection.Contains("risk limit", StringComparison.Ordinal));
    }

    [Fact]
    public void An_unknown_symbol_or_currency_is_the_askers_mistake()
    {
        Assert.Throws<ArgumentException>(() => WhatIf.Of(Account, new MarkMoved(new Symbol("NONE"), 1)));
        Assert.Throws<ArgumentException>(() => WhatIf.Of(Account, new Withdrawal(new Money(1, new Currency("USDt")))));
    }

    [Fact]
    public void Another_currency_s_balance_keeps_a_position_alive_as_far_as_its_haircut_lets_it()
    {
        var usdt = new Currency("USDt");
        var poor = Account with { Wallets = [Money.Zero(Samples.Inverse.Settlement), new Money(100_000_000_000, usdt)] };
        var together = poor with { Haircuts = MarginSamples.HaircutsUntilFebruary2025, Values = [0.0005m, 0.000001m] };

        Assert.True(poor.Report().Currencies[0].Margin.Available < 0);
        Assert.Equal(0, together.Report().Currencies[0].Margin.Available);
        Assert.False(together.Report().Holdings[0].IsDue);
        Assert.Contains(WhatIf.Of(together, new Withdrawal(new Money(100_000_000_000, usdt))).Objections, objection => objection.EndsWith("USDt may be withdrawn, not 100000000000", StringComparison.Ordinal));
    }
}
