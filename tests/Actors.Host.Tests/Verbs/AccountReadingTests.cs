using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Orders;
using Actors.Host.CommandLine;
using Actors.Host.Verbs;
using static Actors.Host.Tests.Support.SampleAccount;

namespace Actors.Host.Tests.Verbs;

public class AccountReadingTests
{
    [Fact]
    public void A_position_its_leverage_mark_funding_and_moved_margin_are_taken_over()
    {
        var reading = AccountReading.From(Reports with
        {
            Instruments = [Listed(Inverse, 51_000m, 0.0001m)],
            Positions = [Isolated with { TransferredMargin = 300_000 }],
            Margins = [Wallet with { AvailableMargin = 97_689_000 }],
        });
        var holding = reading.Account.Holding(Inverse.Symbol);
        Assert.Equal((10_000L, 20_000_000L, 51_000m, 10m), (holding.Quantity, holding.Cost, holding.Mark, holding.Leverage));
        Assert.Equal((300_000L, 0L, new Fraction(1, 10_000)), (holding.Transferred, holding.RiskLimit, holding.FundingPaid));
        Assert.Equal([new Money(100_000_000, Satoshi)], reading.Account.Wallets.AsEnumerable());
    }

    /// <summary>One XBT less 2,000,000 of initial margin and the fee of 0.05 % on cost and initial margin, at a mark without profit.</summary>
    [Fact]
    public void What_the_venue_computed_is_compared_and_agrees_without_a_word()
    {
        var reading = AccountReading.From(Reports with { Positions = [Isolated with { LiquidationPrice = 45_662.5m }] });
        Assert.Empty(reading.Notes);
        Assert.Equal(100_000_000 - 2_000_000 - 11_000, reading.Account.Report().Of(Satoshi).Available);
    }

    public static TheoryData<string, string> Noted => new()
    {
        { "another available balance", "the venue says that 0.97988999 XBT is available, computed is 0.97989000: the marks moved" },
        { "another liquidation price", "the venue says that XBTUSD is liquidated at 45,000.5, computed is 45,662.5: the marks moved" },
        { "a cross position", "cross positions are computed each by itself" },
        { "a waiting stop", "order o-1, sell 500 XBTUSD, is not counted: it is not in the book" },
        { "a limit order that waits", "order o-1, sell 500 XBTUSD, is not counted: it is not in the book" },
        { "a spot order", "order o-1, buy 500 XBT_USDT, is not counted: a spot order sets balance aside" },
    };

    [Theory]
    [MemberData(nameof(Noted))]
    public void What_is_not_in_it_or_differs_is_said(string what, string note)
    {
        var reading = AccountReading.From(what switch
        {
            "another available balance" => Reports with { Margins = [Wallet with { AvailableMargin = 97_988_999 }] },
            "another liquidation price" => Reports with { Positions = [Isolated with { LiquidationPrice = 45_000.5m }] },
            "a cross position" => Reports with { Positions = [Isolated with { IsCross = true }], Margins = [Wallet with { AvailableMargin = 99_789_900 }] },
            "a waiting stop" => Reports with { Orders = [Order(Inverse, Side.Sell, 500, null, OrderType.Stop, null)] },
            "a limit order that waits" => Reports with { Orders = [Order(Inverse, Side.Sell, 500, 49_000m, working: false)] },
            "a spot order" => Reports with { Instruments = [Listed(Inverse), Listed(Spot)], Orders = [Order(Spot, Side.Buy, 500, 49_000m)] },
            _ => throw new InvalidOperationException(what),
        });
        Assert.StartsWith(note, Assert.Single(reading.Notes), StringComparison.Ordinal);
        Assert.All(reading.Account.Holdings, holding => Assert.True(holding.Orders.IsEmpty));
    }

    [Theory]
    [InlineData(OrderType.Limit, true)]
    [InlineData(OrderType.Limit, null)]
    [InlineData(OrderType.StopLimit, true)]
    public void Orders_in_the_book_are_counted_with_what_is_left_of_them(OrderType type, bool? working)
    {
        var reading = AccountReading.From(Reports with
        {
            Instruments = [Listed(Inverse), Listed(Linear)],
            Orders = [Order(Inverse, Side.Buy, 500, 40_000m, type, working), Order(Inverse, Side.Buy, 100, 50_000m), Order(Inverse, Side.Sell, 200, 50_000m), Order(Linear, Side.Sell, 100, 60_000m)],
        });
        Assert.Equal(new OpenOrders(600, 1_250_000 + 200_000, 200, 400_000), reading.Account.Holding(Inverse.Symbol).Orders);
        Assert.Equal(new OpenOrders(0, 0, 100, 6_000_000), reading.Account.Holding(Linear.Symbol).Orders);
        Assert.Equal([new Money(100_000_000, Satoshi), Money.Zero(Tether)], reading.Account.Wallets.AsEnumerable());
    }

    [Theory]
    [InlineData(20_000_000_000, 20_000_000, 0)] // the base limit, where an automatic one is too
    [InlineData(35_000_000_000, 20_000_000, 35_000_000_000)] // higher than needed: chosen
    [InlineData(35_000_000_000, 21_000_000_000, 0)] // where an automatic one is for this cost
    [InlineData(0L, 20_000_000, 0)]
    [InlineData(null, 20_000_000, 0)]
    public void A_risk_limit_is_chosen_where_an_automatic_one_would_be_another(long? told, long cost, long taken)
    {
        var reading = AccountReading.From(Reports with { Positions = [Isolated with { RiskLimit = told, UnrealisedCost = -cost }] });
        Assert.Equal(taken, reading.Account.Holding(Inverse.Symbol).RiskLimit);
    }

    [Fact]
    public void Terms_of_a_position_that_is_not_held_count_for_what_may_come()
    {
        var reading = AccountReading.From(Reports with { Positions = [Isolated with { Quantity = Quantity.Zero, UnrealisedCost = 0, TransferredMargin = 0 }], Instruments = [Listed(Inverse, null)] });
        var holding = reading.Account.Holding(Inverse.Symbol);
        Assert.Equal((0L, 10m, 0m), (holding.Quantity, holding.Leverage, holding.Mark));
    }

    public static TheoryData<string, string> Unreadable => new()
    {
        { "no mark", "XBTUSD is held, and the venue names no mark price for it" },
        { "no cost", "XBTUSD is held, and the venue names no cost of the position" },
        { "no leverage", "XBTUSD is isolated, and the venue names no leverage of it" },
        { "lost margin", "XBTUSD has lost 5 of its margin, which is not understood" },
        { "hedged", "XBTUSD is held in several positions at once, which is not understood" },
        { "unlisted position", "the account has positions or orders in XBTUSD, which is not understood" },
        { "unlisted order", "the account has positions or orders in XBTUSDT, which is not understood" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void An_account_that_would_be_read_in_part_is_not_read(string what, string reason)
    {
        var reports = what switch
        {
            "no mark" => Reports with { Instruments = [Listed(Inverse, null)] },
            "no cost" => Reports with { Positions = [Isolated with { UnrealisedCost = 0 }] },
            "no leverage" => Reports with { Positions = [Isolated with { Leverage = 0 }] },
            "lost margin" => Reports with { Positions = [Isolated with { TransferredMargin = -5 }] },
            "hedged" => Reports with { Positions = [Isolated, Position(Inverse, -100, 200_000)] },
            "unlisted position" => Reports with { Instruments = [] },
            "unlisted order" => Reports with { Orders = [Order(Linear, Side.Buy, 1, 1m)] },
            _ => throw new InvalidOperationException(what),
        };
        Assert.Equal(reason, Assert.Throws<UsageException>(() => AccountReading.From(reports)).Message);
    }
}
