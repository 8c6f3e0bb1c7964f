using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Clearing;
using Actors.Venue.Tests.Trading;

namespace Actors.Venue.Tests.Clearing;

/// <summary>Money that leaves a wallet other than by trading.</summary>
public class WalletDeskTests
{
    private readonly ExchangeFixture _fixture = new();

    private WalletDesk Desk => _fixture.Exchange.Wallets;

    private Wallet Alice => _fixture.Alice.Wallets[0];

    [Fact]
    public void A_transfer_moves_the_amount_to_the_unit_and_both_are_told()
    {
        var (from, to) = (Alice.Balance, _fixture.Bob.Wallets[0].Balance);
        var (row, refusal) = Desk.Transfer(Alice, _fixture.Bob, 12_345);
        Assert.Null(refusal);
        Assert.Equal(("Transfer", -12_345L, "Completed", from - 12_345), (row!.Kind, row.Amount, row.Status, row.Balance));
        Assert.Equal((from - 12_345, to + 12_345), (Alice.Balance, _fixture.Bob.Wallets[0].Balance));
        Assert.Equal(2, _fixture.Told.Count(told => told.Contains(" moved ", StringComparison.Ordinal)));
        _fixture.AssertSound("after a transfer");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_withdrawal_leaves_the_balance_at_once_and_only_a_cancel_brings_it_back(bool isConfirmed)
    {
        var before = (Alice.Balance, Alice.Currency.Fees);
        var row = Desk.Request(Alice, 1_000_000, 500, "an address").Row!;
        Assert.Equal(("Pending", before.Balance - 1_000_500, 1_000_500L), (row.Status, Alice.Balance, Alice.PendingDebit));
        _fixture.AssertSound("while it is pending");
        Assert.Equal(404, Desk.Confirm(_fixture.Bob, row.Id.ToString()).Refusal!.Status);
        var ended = isConfirmed ? Desk.Confirm(_fixture.Alice, row.Id.ToString()).Row! : Desk.Cancel(_fixture.Alice, row.Id.ToString()).Row!;
        Assert.Equal((row.Id, isConfirmed ? "Completed" : "Canceled", 0L), (ended.Id, ended.Status, Alice.PendingDebit));
        Assert.Equal(isConfirmed ? (before.Balance - 1_000_500, before.Fees + 500, 1_000_500) : (before.Balance, before.Fees, 0), (Alice.Balance, Alice.Currency.Fees, Alice.Withdrawn));
        Assert.Equal(404, Desk.Cancel(_fixture.Alice, row.Id.ToString()).Refusal!.Status);
        Assert.Equal(404, Desk.Confirm(_fixture.Alice, "no identifier").Refusal!.Status);
        _fixture.AssertSound("afterwards");
    }

    [Fact]
    public void What_orders_and_positions_need_and_what_was_not_realised_stays()
    {
        _fixture.Accepted(_fixture.Bob, "XBTUSD", Side.Sell, 1_000_000, 96_500);
        _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 1_000_000, 96_500, TimeInForce.ImmediateOrCancel);
        _fixture.Accepted(_fixture.Alice, "XBTUSD", Side.Buy, 500_000, 90_000);
        // A paper profit that is large against the deposit: none of it may leave.
        _fixture.Mark(120_000);
        var most = WalletMargin.Withdrawable(Alice);
        Assert.True(most > 0 && most < Alice.Balance, $"{most} of {Alice.Balance}");
        Assert.Contains("insufficient Withdrawable Balance", Desk.Transfer(Alice, _fixture.Bob, most + 1).Refusal!.Message, StringComparison.Ordinal);
        Assert.Contains("insufficient Withdrawable Balance", Desk.Request(Alice, most, 1, "x").Refusal!.Message, StringComparison.Ordinal);
        Assert.Contains("insufficient Withdrawable Balance", Desk.Request(Alice, 1, long.MaxValue, "x").Refusal!.Message, StringComparison.Ordinal);
        Assert.NotNull(Desk.Request(Alice, most, 0, "x").Row);
        Assert.Equal(0, WalletMargin.Withdrawable(Alice));
        Assert.True(WalletMargin.Of(Alice).Available >= 0);
        _fixture.AssertSound("after all was taken out");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    [InlineData(5, -1)]
    public void Amounts_that_are_none_are_refused(long amount, long fee)
    {
        Assert.NotNull(Desk.Request(Alice, amount, fee, "x").Refusal);
        if (fee == 0) Assert.NotNull(Desk.Transfer(Alice, _fixture.Bob, amount).Refusal);
        Assert.NotNull(Desk.Transfer(Alice, _fixture.Alice, 5).Refusal);
        _fixture.AssertSound("after refusals");
    }
}
