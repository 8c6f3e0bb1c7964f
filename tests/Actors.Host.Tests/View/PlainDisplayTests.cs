using Actors.Engine.Session;
using Actors.Host.Tests.Support;
using Actors.Host.View;

namespace Actors.Host.Tests.View;

public class PlainDisplayTests
{
    private static readonly SessionView First = SampleViews.Trading;

    [Fact]
    public void It_begins_with_who_trades_where_and_what_has_happened()
    {
        Assert.Equal(
            [
                "actors: session 3f1c9a2e, account 2, bitmex at http://v; Ctrl-C stops",
                "12:01:23 trading",
                "12:00:20 connected",
                "12:00:20 reconciled: 9 agreed",
                "12:00:20 trading",
                "12:00:20 filled grid1-12 buy 100 at 64,000.0",
            ],
            Shown(First));
    }

    [Fact]
    public void Afterwards_only_what_is_new_is_said()
    {
        var later = First with { Now = First.Now.AddSeconds(1) };
        var halted = later with { Phase = SessionPhase.Halted, Reason = "journal late", Events = [.. First.Events.Skip(1), "12:01:24 halted"] };
        Assert.Equal(["12:01:24 halted: journal late", "12:01:24 halted"], Shown(First, later, halted)[6..]);
    }

    [Fact]
    public void Every_few_seconds_the_state_is_one_line()
    {
        var views = Enumerable.Range(0, 11).Select(second => First with { Now = First.Now.AddSeconds(second) });
        var lines = Shown([.. views])[6..];
        Assert.Equal(2, lines.Length);
        Assert.Equal(
            "12:01:28 9 open, 120 sent, 37 fills | XBTUSD 64,000.0/64,000.5 pos +300 | ETHUSDT 3,100.05/3,100.10 pos -20,000 | XBTZ26 –/– | "
            + "+0.00001178 XBT | +0.106 USDT | 12 prices conflated | switch armed, 9 s left",
            lines[0]);
    }

    [Fact]
    public void Nothing_steers_the_terminal()
    {
        using var output = new StringWriter();
        using var display = new PlainDisplay(output, "http://v", TimeSpan.FromSeconds(5));
        display.Show(First with { Reason = "a\u001b[2Jb", Events = ["c\rd\ne"] });
        display.Notice("f\ng");
        Assert.DoesNotContain(output.ToString(), character => char.IsControl(character) && character != '\n');
        Assert.Contains("c d e\n", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("f g\n", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "a b", "a b")]
    [InlineData("a b", "a b", "")]
    [InlineData("a b", "a b c", "c")]
    [InlineData("a b c", "b c d", "d")]
    [InlineData("a b", "c d", "c d")]
    [InlineData("a a", "a a a", "a")]
    public void New_events_are_those_after_the_known_ones(string before, string now, string expected) =>
        Assert.Equal(Words(expected), PlainDisplay.NewEvents(Words(before), Words(now)));

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Shown(params SessionView[] views)
    {
        using var output = new StringWriter();
        using var display = new PlainDisplay(output, "http://v", TimeSpan.FromSeconds(5));
        foreach (var view in views) display.Show(view);
        return output.ToString().TrimEnd('\n').Split('\n');
    }
}
