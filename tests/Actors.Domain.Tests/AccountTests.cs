using Actors.Domain.Accounts;
using Actors.Domain.Instruments;

namespace Actors.Domain.Tests;

/// <summary>Fees, wallets and exchanges of currencies.</summary>
public class AccountTests
{
    // The venue's announcements of 2021-08-18 and 2023-01-17, and instrument rows of 2016 to 2021: volume in millions of dollars, per cent.
    [Theory]
    [InlineData("2017-06-01", 0, -0.025, 0.075)]
    [InlineData("2021-08-17", 900, -0.025, 0.075)]
    [InlineData("2021-08-18", 0, -0.01, 0.05)]
    [InlineData("2021-08-18", 4.999, -0.01, 0.05)]
    [InlineData("2021-08-18", 5, -0.01, 0.04)]
    [InlineData("2022-01-01", 10, -0.01, 0.035)]
    [InlineData("2022-01-01", 25, -0.01, 0.03)]
    [InlineData("2022-01-01", 50, -0.01, 0.025)]
    [InlineData("2023-01-16", 0, -0.01, 0.05)]
    [InlineData("2023-01-17", 0, 0.02, 0.075)]
    [InlineData("2023-01-17", 1, 0.01, 0.05)]
    [InlineData("2023-01-17", 5, 0, 0.04)]
    [InlineData("2023-01-17", 50, 0, 0.025)]
    [InlineData("2023-01-17", 100, -0.003, 0.024)]
    [InlineData("2023-01-17", 250, -0.005, 0.023)]
    [InlineData("2023-01-17", 500, -0.008, 0.022)]
    [InlineData("2023-01-17", 1000, -0.01, 0.0175)]
    public void Contracts_are_charged_by_date_and_volume(string day, decimal millions, decimal maker, decimal taker) =>
        Assert.Equal(new FeeRates(maker / 100, taker / 100), FeeHistory.At(Day(day)).For(millions * 1_000_000));

    [Fact]
    public void Other_classes_have_their_own_rates()
    {
        Assert.Equal(new FeeRates(-0.000175m, 0.0025m), FeeHistory.At(Samples.Noon, FeeClass.PreLaunch).For(0));
        Assert.Equal(new FeeRates(0, 0.0025m), FeeHistory.At(Samples.Noon, FeeClass.Prediction).For(0));
        Assert.Equal(new FeeRates(0, 0), FeeHistory.At(Samples.Noon, FeeClass.Spot).For(0));
    }

    [Fact]
    public void Discounts_lower_the_taker_fee_to_its_bound_and_leave_rebates_alone()
    {
        var old = FeeHistory.At(Day("2018-08-21"));
        // 0.000675: the commission on execution rows of 2018 of an account that was referred.
        Assert.Equal(new FeeRates(-0.00025m, 0.000675m), old.For(0, new FeeDiscounts(0.1m, 0)));
        Assert.Equal(0.00075m * 0.9m * 0.85m, old.For(0, new FeeDiscounts(0.1m, 0.15m)).Taker);
        Assert.Equal(0.000175m, FeeHistory.At(Day("2023-02-01")).For(500_000_000, new FeeDiscounts(0.2m, 0.15m)).Taker);
        Assert.Throws<ArgumentOutOfRangeException>(() => old.For(0, new FeeDiscounts(1.1m, 0)));
        Assert.Throws<ArgumentOutOfRangeException>(() => old.For(-1));

        TokenDiscount[] levels = [new(200, 0.02m), new(25, 0.01m), new(5000, 0.1m)];
        Assert.Equal([0, 0.01m, 0.02m, 0.1m], new[] { 24.9m, 25, 4999, 1_000_000 }.Select(balance => FeeSchedule.DiscountOf(levels, balance)));
    }

    [Fact]
    public void Tiers_out_of_order_are_refused()
    {
        var rates = new FeeRates(0, 0.001m);
        Assert.Throws<ArgumentException>(() => new FeeSchedule([]));
        Assert.Throws<ArgumentException>(() => new FeeSchedule([new FeeTier(1, rates)]));
        Assert.Throws<ArgumentException>(() => new FeeSchedule([new FeeTier(0, rates), new FeeTier(5, rates), new FeeTier(5, rates)]));
    }

    [Fact]
    public void Money_counts_when_it_has_arrived_and_leaves_when_it_is_sent()
    {
        var wallet = new WalletLedger(new Currency("XBt")).AnnounceDeposit(1000);
        Assert.Equal((0, 1000), (wallet.Balance, wallet.PendingCredit));
        wallet = wallet.ConfirmDeposit(1000).Realise(-300);
        Assert.Equal((1000, 700, 0), (wallet.Amount, wallet.Balance, wallet.PendingCredit));
        wallet = wallet.RequestWithdrawal(500);
        Assert.Equal((700, 200, 0), (wallet.Balance, wallet.Withdrawable(long.MaxValue), wallet.Withdrawable(100)));
        Assert.Contains("above the 200", wallet.RefuseDebit(201, long.MaxValue), StringComparison.Ordinal);
        Assert.NotNull(wallet.RefuseDebit(0, 1000));
        wallet = wallet.CompleteWithdrawal(200).CancelWithdrawal(300).CloseSession();
        Assert.Equal((500, 500, 0, 0, 200), (wallet.Amount, wallet.Balance, wallet.RealisedPnl, wallet.PendingDebit, wallet.Withdrawn));
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        var wallet = new WalletLedger(new Currency("XBt")).ConfirmDeposit(long.MaxValue);
        Assert.Throws<OverflowException>(() => wallet.ConfirmDeposit(1));
        Assert.Throws<OverflowException>(() => wallet.Realise(1).Balance);
        Assert.Throws<ArgumentOutOfRangeException>(() => wallet.RequestWithdrawal(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => wallet.CompleteWithdrawal(1));
        Assert.Throws<InvalidOperationException>(() => WalletLedger.Transfer(wallet, new WalletLedger(new Currency("USDt")), 1));
    }

    // XBT_USDT bar of 2023: 170000 contracts at 23144.470588.. are 0.0017 XBT for 39.3456 USDT.
    [Theory]
    [InlineData(170000, 170000, -39345600)]
    [InlineData(-170000, -170000, 39345600)]
    public void A_spot_trade_moves_two_currencies(long contracts, long satoshi, long quote)
    {
        Assert.Equal(new SpotExchange(satoshi, quote, 0), SpotExchange.Of(Kinds.Spot, new Quantity(contracts), 23144.470588235294m, 0, 8));
        Assert.Equal(new SpotExchange(satoshi, quote - 39345, 39345), SpotExchange.Of(Kinds.Spot, new Quantity(contracts), 23144.470588235294m, 0.001m, 8));
    }

    [Fact]
    public void Only_whole_minor_units_of_a_spot_pair_are_exchanged()
    {
        Assert.Throws<ArgumentException>(() => SpotExchange.Of(Kinds.Spot, new Quantity(1), 20_000, 0, 6));
        Assert.Throws<ArgumentException>(() => SpotExchange.Of(Kinds.Linear, new Quantity(1000), 2000, 0, 8));
    }

    private static DateTimeOffset Day(string day) => DateTimeOffset.Parse(day + "T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture);
}
