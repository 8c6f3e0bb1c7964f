using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Clearing;
using Actors.Venue.Market;
using Actors.Venue.Tables;
using Actors.Venue.Tests.Trading;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Clearing;

/// <summary>Money that moves without a trade: funding, settlement, margin, liquidation. Lots of 100, a mark of 96500 at the start.</summary>
public class ClearingTests
{
    private readonly ExchangeFixture _fixture = new();
    private readonly List<Execution> _executions = [];

    public ClearingTests() => _fixture.OnExecution = _executions.Add;

    [Fact]
    public void Funding_is_paid_on_its_clock_by_longs_to_shorts()
    {
        _fixture.Exchange.Start();
        Trade(_fixture.Bob, _fixture.Alice, 10_000, 96_500);
        var before = (_fixture.Alice.Wallets[0].Balance, _fixture.Bob.Wallets[0].Balance);
        _fixture.RunTo(TimeSpan.FromHours(8));
        var funding = _executions.Where(execution => execution.Kind == ExecutionKind.Funding).ToList();
        Assert.Equal(2, funding.Count);
        // 20:00 UTC is eight hours after the start; a ten-thousandth of the value at mark, truncated.
        var value = ContractValue.Value(_fixture.Bitcoin.Definition, new Quantity(10_000), funding[0].Fill!.Price);
        Assert.InRange(funding[0].Fill!.Price, _fixture.Bitcoin.MarkPrice - 100, _fixture.Bitcoin.MarkPrice + 100);
        Assert.All(funding, execution => Assert.Equal((10_000L, 0.0001m), (execution.Fill!.Quantity, execution.Fill.Rate)));
        Assert.Equal(value / 10_000, before.Item1 - _fixture.Alice.Wallets[0].Balance);
        Assert.Equal(value / 10_000, _fixture.Bob.Wallets[0].Balance - before.Item2);
        Assert.Contains(_fixture.Told, told => told.Contains("funding XBTUSD 0.0001", StringComparison.Ordinal));
        Assert.Equal(ExchangeFixture.Start.AddHours(16), _fixture.Bitcoin.Funding!.NextAt);
        _fixture.AssertSound("after funding");
    }

    [Fact]
    public void A_future_settles_at_the_average_of_its_last_half_hour_and_ends()
    {
        _fixture.Exchange.Start();
        var future = _fixture.Exchange.Find("XBT24H")!;
        Trade(_fixture.Bob, _fixture.Alice, 1_000, 96_500, future.Symbol);
        _fixture.Accepted(_fixture.Bob, future.Symbol, Side.Buy, 100, 90_000);
        _fixture.RunTo(future.Definition.Expiry!.Value - ExchangeFixture.Start - SettlementClock.AveragedFor);
        var (low, high) = (decimal.MaxValue, 0m);
        while (_fixture.Exchange.Now < future.Definition.Expiry)
        {
            _fixture.Exchange.Advance(_fixture.Exchange.Now.AddSeconds(1));
            (low, high) = (Math.Min(low, future.IndexPrice), Math.Max(high, future.IndexPrice));
        }

        Assert.Equal(InstrumentState.Settled, future.State);
        Assert.InRange(future.SettledPrice!.Value, low, high);
        Assert.All(_fixture.Exchange.Accounts, account => Assert.True(account.Holdings[future.Index].Position is { Quantity.IsZero: true, UnrealisedCost: 0 }));
        Assert.Equal(2, _executions.Count(execution => execution.Kind == ExecutionKind.Settlement));
        Assert.Empty(_fixture.Bob.Holdings[future.Index].Orders.Open);
        Assert.NotNull(_fixture.Place(_fixture.Bob, future.Symbol, Side.Buy, 100, 90_000).Refusal);
        _fixture.AssertSound("after settlement");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 1)]
    [InlineData(30, 2)]
    public void A_daily_contract_is_listed_again_a_minute_after_it_settled(int hoursAway, int daysLater)
    {
        _fixture.Exchange.Start();
        var daily = _fixture.Exchange.Find("XBT24H")!;
        var first = daily.Definition.Expiry!.Value;
        Trade(_fixture.Bob, _fixture.Alice, 1_000, 96_500, daily.Symbol);
        _fixture.Exchange.Advance(first.AddSeconds(-3));
        // The venue was held up over the settlement, or was not.
        _fixture.Exchange.Advance(first.AddHours(hoursAway));
        Assert.Equal(InstrumentState.Settled, daily.State);
        _fixture.Told.Clear();
        var (settled, now) = (_fixture.Exchange.Now, _fixture.Exchange.Now + SettlementClock.RelistedAfter);
        _fixture.Exchange.Advance(now.AddMilliseconds(-1));
        Assert.NotNull(_fixture.Place(_fixture.Bob, daily.Symbol, Side.Buy, 100, 90_000).Refusal);
        _fixture.Exchange.Advance(now);

        Assert.Equal((InstrumentState.Open, first.AddDays(daysLater), now, settled), (daily.State, daily.Definition.Expiry, daily.Listing.Listed, now - SettlementClock.RelistedAfter));
        Assert.Equal((null, null, 0L), (daily.SettledPrice, daily.LastPrice, daily.Volume));
        Assert.Contains(_fixture.Told, told => told.Contains($"instrument {daily.Symbol}", StringComparison.Ordinal));
        var row = InstrumentTable.Instrument.Fields.ToDictionary(field => field.Name, field => field.Read(daily));
        Assert.Equal((FieldValue.Of("Open"), FieldValue.Of(first.AddDays(daysLater)), FieldValue.Of("2000-01-02T00:00:00.000Z")), (row["state"], row["settle"], row["relistInterval"]));

        Trade(_fixture.Bob, _fixture.Alice, 1_000, 96_500, daily.Symbol);
        _fixture.Exchange.Advance(first.AddDays(daysLater).AddSeconds(1));
        Assert.Equal((InstrumentState.Settled, true), (daily.State, _fixture.Alice.Holdings[daily.Index].Position.Quantity.IsZero));
        _fixture.AssertSound("after the second settlement");
    }

    [Fact]
    public void What_trades_in_sessions_is_closed_outside_them()
    {
        _fixture.Exchange.Start();
        var stock = _fixture.Exchange.Instruments.Single(instrument => instrument.Definition.Schedule != TradingSchedule.Always);
        var schedule = stock.Definition.Schedule;
        for (var hour = 0; hour < 7 * 24; hour++)
        {
            Assert.Equal(schedule.IsOpen(_fixture.Exchange.Now), stock.State == InstrumentState.Open);
            if (stock.State == InstrumentState.Closed) Assert.Contains("not open", _fixture.Place(_fixture.Alice, stock.Symbol, Side.Buy, stock.Listing.LotSize, 100).Refusal!.Message, StringComparison.Ordinal);
            _fixture.Exchange.Advance(_fixture.Exchange.Now.AddMinutes(60));
        }
    }

    [Fact]
    public void A_spot_trade_exchanges_balances_and_leaves_no_position()
    {
        var spot = _fixture.Exchange.Find("XBT_USDT")!;
        var (bitcoin, dollars) = (_fixture.Alice.Wallets[0], _fixture.Alice.Wallets[1]);
        var before = (bitcoin.Balance, dollars.Balance);
        // A hundredth of a bitcoin at 96500: 965 USDT.
        Trade(_fixture.Bob, _fixture.Alice, 1_000_000, 96_500, spot.Symbol);
        Assert.Equal(before.Item1 + 1_000_000, bitcoin.Balance);
        Assert.Equal(before.Item2 - 965_000_000 - ContractValue.Commission(965_000_000, spot.Definition.TakerFeeRate), dollars.Balance);
        Assert.True(_fixture.Alice.Holdings[spot.Index].Position.Quantity.IsZero);
        _fixture.AssertSound("after a spot trade");
    }

    [Fact]
    public void A_spot_order_sets_its_balance_aside_and_none_can_be_sold_twice()
    {
        var spot = _fixture.Exchange.Find("XBT_USDT")!;
        var wallet = _fixture.Alice.Wallets[0];
        var whole = wallet.Balance / spot.Listing.LotSize * spot.Listing.LotSize;
        _fixture.Accepted(_fixture.Alice, spot.Symbol, Side.Sell, whole - spot.Listing.LotSize, 97_000);
        Assert.Equal(wallet.Balance - whole + spot.Listing.LotSize, WalletMargin.Of(wallet).Available);
        Assert.Contains("insufficient Available Balance", _fixture.Place(_fixture.Alice, spot.Symbol, Side.Sell, 2 * spot.Listing.LotSize, 97_000).Refusal!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leverage_isolates_a_position_and_margin_can_be_moved_to_it_and_back()
    {
        Trade(_fixture.Bob, _fixture.Alice, 100_000, 96_500);
        var holding = _fixture.Alice.Holdings[0];
        Assert.Null(MarginDesk.SetLeverage(holding, 10));
        Assert.Equal((true, 10m), (holding.Margin.IsIsolated, holding.Margin.Leverage));
        Assert.Null(MarginDesk.Transfer(holding, 1_000_000));
        Assert.Equal(1_000_000, holding.Margin.Transferred);
        Assert.Contains("can be taken out", MarginDesk.Transfer(holding, -2_000_000)!.Message, StringComparison.Ordinal);
        Assert.Null(MarginDesk.Transfer(holding, -holding.Margin.Removable));
        Assert.Null(MarginDesk.SetLeverage(holding, 0));
        Assert.False(holding.Margin.IsIsolated);
        Assert.Contains("at most 100", MarginDesk.SetLeverage(holding, 101)!.Message, StringComparison.Ordinal);
        Assert.NotNull(MarginDesk.SetLeverage(_fixture.Alice.Holdings[_fixture.Exchange.Find("XBT_USDT")!.Index], 2));
    }

    [Theory]
    [InlineData(Side.Buy)]
    [InlineData(Side.Sell)]
    public void An_isolated_position_is_liquidated_at_its_price_and_costs_its_owner_no_more_than_its_margin(Side side)
    {
        Trade(side == Side.Buy ? _fixture.Bob : _fixture.Alice, side == Side.Buy ? _fixture.Alice : _fixture.Bob, 100_000, 96_500);
        var holding = _fixture.Alice.Holdings[0];
        Assert.Null(MarginDesk.SetLeverage(holding, 25));
        var stop = _fixture.Accepted(_fixture.Alice, "XBTUSD", side, 100, side == Side.Buy ? 50_000 : 150_000);
        var balance = _fixture.Alice.Wallets[0].Balance;
        var reserved = Actors.Domain.Margin.PositionMargin.Of(holding.Margin).Margin;
        var shown = Actors.Domain.Margin.LiquidationPrice.Of(holding.Margin, WalletMargin.Of(holding.Wallet).Available);

        Move(shown.Shown + (side.Sign() * 50));
        Assert.Equal(side.Sign() * 100_000, holding.Position.Quantity.Contracts);
        // Somebody who takes the fund's order at the bankruptcy price.
        _fixture.Accepted(_fixture.Stranger(900), "XBTUSD", side, 100_000, shown.Bankruptcy);
        Move(shown.Shown - (side.Sign() * 50));

        Assert.True(holding.Position.Quantity.IsZero);
        Assert.False(stop.IsOpen);
        Assert.Single(_executions, execution => execution.Kind == ExecutionKind.Liquidation);
        Assert.InRange(balance - _fixture.Alice.Wallets[0].Balance, 0, reserved);
        Assert.True(_fixture.Exchange.Liquidation.Fund.Holdings[0].Position.Quantity.IsZero);
        _fixture.AssertSound("after a liquidation");
    }

    [Fact]
    public void What_the_fund_cannot_pay_is_taken_from_the_other_side_at_the_bankruptcy_price()
    {
        var fund = _fixture.Exchange.Liquidation.Fund.Wallets[0];
        var before = fund.Balance;
        Trade(_fixture.Bob, _fixture.Alice, 10_000_000, 96_500);
        Assert.Null(MarginDesk.SetLeverage(_fixture.Alice.Holdings[0], 25));
        // Nobody bids: the position cannot be sold at any price.
        Move(80_000);
        Assert.True(_fixture.Alice.Holdings[0].Position.Quantity.IsZero);
        Move(79_900);
        Assert.True(_fixture.Exchange.Liquidation.Fund.Holdings[0].Position.Quantity.IsZero);
        Assert.True(_fixture.Bob.Holdings[0].Position.Quantity.IsZero);
        Assert.Contains(_executions, execution => execution.Order.Account == _fixture.Bob && execution.Text.Contains("Deleverage", StringComparison.Ordinal));
        Assert.Equal(before, fund.Balance);
        _fixture.AssertSound("after deleveraging");
    }

    [Theory]
    [InlineData(51)]
    [InlineData(52)]
    [InlineData(53)]
    public void A_cascade_makes_and_loses_no_money(int seed)
    {
        var fixture = new ExchangeFixture(seed);
        fixture.Exchange.Start();
        fixture.Exchange.Market = BackgroundMarket.Start(fixture.Exchange, MarketActivity.Cascade);
        for (var minute = 1; minute <= 6; minute++)
        {
            fixture.RunTo(TimeSpan.FromMinutes(minute));
            fixture.AssertSound($"seed {seed}, minute {minute}");
            fixture.AssertReserved($"seed {seed}, minute {minute}");
        }

        Assert.Contains(fixture.Told, told => told.Contains(" liquidation ", StringComparison.Ordinal));
    }

    /// <summary>Two accounts trade with each other, the seller first.</summary>
    private void Trade(Account seller, Account buyer, long contracts, decimal price, string symbol = "XBTUSD")
    {
        _fixture.Accepted(seller, symbol, Side.Sell, contracts, price);
        _fixture.Accepted(buyer, symbol, Side.Buy, contracts, price, TimeInForce.ImmediateOrCancel);
    }

    private void Move(decimal mark)
    {
        _fixture.Mark(mark);
        _fixture.Exchange.Liquidation.Check();
    }
}
