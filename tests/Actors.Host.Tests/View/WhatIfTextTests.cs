using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Host.Verbs;
using Actors.Host.View;
using static Actors.Host.Tests.Support.SampleAccount;

namespace Actors.Host.Tests.View;

public class WhatIfTextTests
{
    private static readonly MarginAccount Account = AccountReading.From(Reports).Account;

    /// <summary>
    /// By hand: the cost is 0.2 XBT. At leverage 10 the initial margin is 0.02, at 5 it is 0.04; maintenance is 0.5 % and the reserved fee 0.05 % of
    /// cost and initial margin. The value where the margin is gone but for maintenance is 0.2 + 0.02 - 0.001 = 0.219 XBT, at 45,662.1 USD and so at
    /// the tick above, and 0.239 XBT, at 41,841.004 and so at the tick above. At a mark of 48,000 the lot of 100 is worth 208,333 and the loss is 833,300.
    /// </summary>
    [Fact]
    public void An_account_before_and_after()
    {
        AccountChange[] changes =
        [
            new Withdrawal(new Money(1_000_000, Satoshi)),
            new LeverageChange(Inverse.Symbol, 5),
            new MarkMoved(Inverse.Symbol, 48_000m),
            new OrderAdded(Inverse.Symbol, Side.Sell, new Quantity(1000), new Price(100_000)),
            new MarginTransfer(Inverse.Symbol, -1),
        ];
        var lines = WhatIfText.Lines("account 7 at http://v", Account, changes, WhatIf.Of(Account, changes), ["a note"]);
        Assert.Equal(
            """
            account 7 at http://v, what if:
              1. 0.01000000 XBT is withdrawn
              2. XBTUSD is isolated at leverage 5
              3. XBTUSD is marked at 48,000
              4. an order rests: sell 1,000 XBTUSD at 50,000.0
              5. 0.00000001 XBT is moved out of XBTUSD

                                      before                  after       change
            XBT
              wallet              1.00000000  ->         0.99000000  -0.01000000
              margin balance      1.00000000  ->         0.98166700  -0.01833300
              available           0.97989000  ->         0.94988000  -0.03001000
              withdrawable        0.97989000  ->         0.94988000  -0.03001000

            XBTUSD, money in XBT
              position               +10,000  =             +10,000
              open orders               none  ->  buy 0, sell 1,000
              mark price              50,000  ->             48,000
              leverage                    10  ->                  5
              risk limit           automatic  =           automatic
              unrealised profit   0.00000000  ->        -0.00833300  -0.00833300
              initial margin      0.02000000  ->         0.04000000  +0.02000000
              maintenance margin  0.00111000  ->         0.00112000  +0.00001000
              order margin        0.00000000  =          0.00000000
              liquidation price     45,662.5  ->           41,841.5
              distance to it          8.67 %  ->            12.83 %

            objections:
              0 may be moved out of XBTUSD, not 1

            to be known:
              a note

            Nothing was changed at the venue: the account was only read.
            """.Split('\n'),
            lines);
    }

    [Fact]
    public void Every_change_has_its_words()
    {
        AccountChange[] changes =
        [
            new Withdrawal(new Money(-5, Satoshi)),
            new LeverageChange(Inverse.Symbol, 0),
            new LeverageChange(Inverse.Symbol, 2.50m),
            new RiskLimitChange(Inverse.Symbol, 0),
            new RiskLimitChange(Inverse.Symbol, 30_000_000_000),
            new MarginTransfer(Inverse.Symbol, 500_000),
        ];
        Assert.Equal(
            [
                "  1. 0.00000005 XBT is deposited",
                "  2. XBTUSD is on cross margin",
                "  3. XBTUSD is isolated at leverage 2.5",
                "  4. XBTUSD has the automatic risk limit",
                "  5. XBTUSD has a risk limit of 300.00000000 XBT",
                "  6. 0.00500000 XBT is moved into XBTUSD",
            ],
            WhatIfText.Lines("t", Account, changes, WhatIf.Of(Account, changes), []).Skip(1).Take(6));
    }

    [Fact]
    public void A_position_that_is_due_and_an_account_without_one_say_so()
    {
        var due = WhatIf.Of(Account, new MarkMoved(Inverse.Symbol, 40_000m));
        Assert.Matches("distance to it +8.67 % +-> +DUE NOW", string.Join('\n', WhatIfText.Lines("t", Account, [], due, [])));
        var flat = AccountReading.From(Reports with { Positions = [] }).Account;
        var text = string.Join('\n', WhatIfText.Lines("t", flat, [], WhatIf.Of(flat), []));
        Assert.Matches("t, as it stands\n(.*\n)*.*position +flat +=  +flat\n(.*\n)*.*liquidation price +none +=", text);
        Assert.DoesNotContain("to be known", text, StringComparison.Ordinal);
    }
}
