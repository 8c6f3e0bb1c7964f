using Actors.Engine.Session;
using Actors.Host.Tests.Support;
using Actors.Host.View;

namespace Actors.Host.Tests.View;

public class SummaryTextTests
{
    private static readonly SessionSummary Orderly = new(SampleViews.Trading, 0, SwitchDisarmed: true, []);

    [Fact]
    public void An_orderly_stop_tells_what_was_done_and_what_is_left() => Assert.Equal(
        """
        session 3f1c9a2e on bitmex, account 2, ended after 00:01:23
          orders sent      120 (12 amended, 0 rejected, 3 refused by risk)
          fills            37 (30 orders filled whole)
          cancelled        71
          profit and loss  +0.00001178 XBT, +0.106 USDT
          position left    XBTUSD +300 at 64,010.5, mark 64,003.1234, unrealised -0.00000056 XBT
          position left    ETHUSDT -20,000 at 3,101.2, mark 3,100.07, unrealised +0.226 USDT
          risk             never known
          orders left      0
          switch           disarmed
          reconciled       9 agreed, 0 adopted, 0 lost, 0 foreign, 0 unknown
          prices conflated 12 (orders and reports never are)
          restarts         0
          journal          /data/journal
          problems         none
        """,
        string.Join('\n', SummaryText.Lines(Orderly, "/data/journal")));

    [Fact]
    public void A_session_that_never_traded_says_so()
    {
        var text = string.Join('\n', SummaryText.Lines(new SessionSummary(SampleViews.Empty, 0, true, []), "/j"));
        Assert.Contains("  profit and loss  –\n  position left    none\n", text, StringComparison.Ordinal);
        Assert.Contains("  reconciled       never\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Problems_are_listed_one_a_line()
    {
        var summary = Orderly with { OrdersLeft = 2, SwitchDisarmed = false, Problems = ["2 orders could not be cancelled", "the venue is silent"] };
        var text = string.Join('\n', SummaryText.Lines(summary, "/j"));
        Assert.Contains("  orders left      2\n  switch           LEFT ARMED\n", text, StringComparison.Ordinal);
        Assert.EndsWith("  problem          2 orders could not be cancelled\n  problem          the venue is silent", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Orders_left_or_an_armed_switch_are_problems_though_nobody_said_so()
    {
        Assert.Empty(SummaryText.Problems(Orderly));
        Assert.Equal(["1 order left on the venue"], SummaryText.Problems(Orderly with { OrdersLeft = 1 }));
        Assert.StartsWith("the switch was left armed", Assert.Single(SummaryText.Problems(Orderly with { SwitchDisarmed = false })), StringComparison.Ordinal);
    }
}
