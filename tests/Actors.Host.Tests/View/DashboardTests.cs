using Actors.Engine.Session;
using Actors.Host.Tests.Support;
using Actors.Host.View;

namespace Actors.Host.Tests.View;

public class DashboardTests
{
    private const string Venue = "http://127.0.0.1:40123";

    [Fact]
    public void Everything_that_matters_is_on_a_screen_of_100_by_30()
    {
        var screen = Screen(SampleViews.Trading, 100, 30);
        foreach (var text in new[]
        {
            "TRADING", "00:01:23", "3f1c9a2e", Venue, // header
            "live, 12,345 frames", "armed, 14 s left, 22 beats", "4,100 kB in 610 kB, 6.7 times smaller", "9 agreed", // health
            "64,000.5", "64,003.1234", "3,100.10", "waiting", // books
            "+300", "-20,000", "+0.00001234", "+0.226", "51,234.5", // positions
            "orders: 9 open, 120 sent, 37 fills", "40/100", "working", "grid1", "quote1", // orders
            "1.00001178", "10,000.106", "+0.00001178", // money
            "filled grid1-12 buy 100 at 64,000.0", // events
        })
        {
            Assert.Contains(text, screen, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(100, 30)]
    [InlineData(80, 24)]
    [InlineData(200, 60)]
    [InlineData(60, 15)]
    [InlineData(40, 10)]
    [InlineData(20, 5)]
    [InlineData(10, 1)]
    public void It_fits_every_terminal(int width, int height)
    {
        foreach (var view in new[] { SampleViews.Trading, SampleViews.Empty, SampleViews.Halted, SampleViews.Crowded })
        {
            var lines = Lines(view, width, height);
            Assert.InRange(lines.Count, 1, height);
            Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        }
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(60, 15)]
    public void A_small_terminal_still_shows_phase_switch_and_books(int width, int height)
    {
        var screen = Screen(SampleViews.Crowded, width, height);
        Assert.Contains("TRADING", screen, StringComparison.Ordinal);
        Assert.Contains("armed, 14 s left", screen, StringComparison.Ordinal);
        Assert.Contains("64,000.5", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_says_why()
    {
        var screen = Screen(SampleViews.Halted, 100, 30);
        Assert.Contains("HALTED", screen, StringComparison.Ordinal);
        Assert.Contains("the journal did not answer within 3 s", screen, StringComparison.Ordinal);
        Assert.Contains("late, 1 s left", screen, StringComparison.Ordinal);
        Assert.Contains("2 withheld (journal: no answer)", screen, StringComparison.Ordinal);
        Assert.Contains("3 restarts", screen, StringComparison.Ordinal);
        Assert.Contains("update of unknown level", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void More_orders_than_fit_are_counted()
    {
        var screen = Screen(SampleViews.Crowded, 100, 30);
        Assert.Matches(@"\+\d\d more", screen);
    }

    [Fact]
    public void Text_from_elsewhere_is_neither_markup_nor_control()
    {
        var view = SampleViews.Trading with { Phase = SessionPhase.Halted, Reason = "[red]x[/] \u001b[2J", Events = ["[/]", "a\nb\u0007"] };
        var screen = Screen(view, 100, 30);
        Assert.Contains("[red]x[/]", screen, StringComparison.Ordinal);
        Assert.Contains("a b", screen, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', screen);
        Assert.DoesNotContain('\u0007', screen);
    }

    [Fact]
    public void The_terminal_is_given_back_once_and_nothing_is_drawn_after()
    {
        using var terminal = new StringWriter();
        var display = new LiveDisplay(terminal, Venue, () => (100, 30), colour: true);
        display.Show(SampleViews.Trading);
        display.Dispose();
        display.Show(SampleViews.Trading);
        display.Dispose();
        var written = terminal.ToString();
        Assert.StartsWith("\u001b[?1049h", written, StringComparison.Ordinal);
        Assert.EndsWith("\u001b[?25h\u001b[?1049l", written, StringComparison.Ordinal);
        Assert.Equal(2, written.Split("?1049").Length - 1);
        Assert.Contains("\u001b[32m", written, StringComparison.Ordinal);
    }

    [Fact]
    public void A_notice_takes_the_place_of_the_reason()
    {
        using var terminal = new StringWriter();
        using var display = new LiveDisplay(terminal, Venue, () => (100, 30), colour: false);
        display.Notice("stopping: interrupted");
        display.Show(SampleViews.Trading);
        Assert.Contains("stopping: interrupted", terminal.ToString(), StringComparison.Ordinal);
    }

    private static string Screen(SessionView view, int width, int height) => string.Join('\n', Lines(view, width, height));

    private static IReadOnlyList<string> Lines(SessionView view, int width, int height) =>
        LiveDisplay.Lines(DashboardRenderer.Render(view, Venue, null, width, height), width, colour: false);
}
