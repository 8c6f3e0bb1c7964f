using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Switch;
using Actors.Engine.Session;
using Actors.Host.Alerts;
using Actors.Host.CommandLine;
using Actors.Host.Configuration;
using Actors.Host.Tests.Support;

namespace Actors.Host.Tests.Alerts;

/// <summary>Sessions as a series of looks, and what an operator is told of each.</summary>
public class AlertWatchTests
{
    private static readonly SessionView Trading = SampleViews.Trading;
    private static readonly SessionView Halted = Trading with { Phase = SessionPhase.Halted, Reason = "the journal is gone" };

    private static readonly RiskLimits Limits = Bounded(ConfigurationFolder.Read(ConfigurationFolder.Default).Settings.Limits);

    [Theory]
    [InlineData("recovering connecting reconciling trading trading stopping stopped", "")]
    [InlineData("recovering connecting reconciling trading halted halted reconciling trading", "Halted Resumed")]
    [InlineData("trading connecting connecting reconciling trading", "Halted Resumed")]
    [InlineData("trading reconciling halted connecting stopping", "Halted")]
    [InlineData("recovering halted reconciling trading", "Halted Resumed")]
    [InlineData("trading halted trading halted trading", "Halted Resumed Halted Resumed")]
    public void Trading_that_stops_by_itself_is_told_once_and_so_is_its_return(string phases, string alerts) => Assert.Equal(
        alerts, Told([.. phases.Split(' ').Select(phase => Trading with { Phase = Enum.Parse<SessionPhase>(phase, ignoreCase: true), Reason = "why" })]));

    [Fact]
    public void An_amount_that_engine_and_venue_count_differently_is_told_once_with_both_numbers_until_they_agree_again()
    {
        var watch = new AlertWatch(Limits);
        var differs = Trading with { Differences = ["account XBt: ours wallet 5; the venue has wallet 6"] };
        var alert = Assert.Single(watch.Look(differs), one => one.Kind == AlertKind.ReconciliationDifferences);
        Assert.Contains("ours wallet 5; the venue has wallet 6", alert.Text, StringComparison.Ordinal);
        Assert.Empty(watch.Look(Trading with { Differences = ["account XBt: ours wallet 5; the venue has wallet 7"] }));
        Assert.Empty(watch.Look(Trading));
        Assert.Single(watch.Look(differs));
    }

    [Fact]
    public void The_reason_stands_in_the_alert()
    {
        var alert = Assert.Single(new AlertWatch(Limits).Look(Halted));
        Assert.Equal((AlertKind.Halted, "trading halted (halted): the journal is gone", Trading.SessionId, Trading.Now), (alert.Kind, alert.Text, alert.Session, alert.At));
        Assert.True(alert.IsUrgent);
    }

    [Theory]
    [InlineData("Armed Armed Late Late Armed", "SwitchLate")]
    [InlineData("Armed Late AssumedFired AssumedFired Armed", "SwitchLate SwitchFired")]
    [InlineData("Disarmed Armed Disarmed", "")]
    [InlineData("AssumedFired", "SwitchFired")]
    public void A_switch_that_is_late_or_fired_is_told_once(string states, string alerts) => Assert.Equal(
        alerts, Told([.. states.Split(' ').Select(state => Trading with { Switch = Trading.Switch with { State = Enum.Parse<SwitchState>(state) } })]));

    [Fact]
    public void Restarts_are_told_with_their_events()
    {
        var watch = new AlertWatch(Limits);
        Assert.Empty(watch.Look(Trading));
        var alert = Assert.Single(watch.Look(Trading with { Restarts = 2, Events = [.. Trading.Events, "12:01:00 risk failed (boom): the door is closed"] }));
        Assert.Equal((AlertKind.PartRestarted, "2 parts failed and began again: 12:01:00 risk failed (boom): the door is closed"), (alert.Kind, alert.Text));
        Assert.Empty(watch.Look(Trading with { Restarts = 2 }));
    }

    [Fact]
    public void A_difference_is_told_once_as_long_as_it_stays()
    {
        var watch = new AlertWatch(Limits);
        Assert.Empty(watch.Look(Compared(0)));
        Assert.Contains("a: lost", Assert.Single(watch.Look(Compared(1, "a: lost"))).Text, StringComparison.Ordinal);
        Assert.Empty(watch.Look(Compared(1, "a: lost")));
        Assert.Empty(watch.Look(Compared(2, "a: lost")));
        Assert.Equal(AlertKind.ReconciliationDifferences, Assert.Single(watch.Look(Compared(3, "b: foreign"))).Kind);
        Assert.Empty(watch.Look(Compared(4)));
        Assert.Single(watch.Look(Compared(5, "b: foreign")));
        Assert.EndsWith("; and 3 more", Assert.Single(watch.Look(Compared(6, "1", "2", "3", "4", "5", "6", "7", "8"))).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 500 -500", "")]
    [InlineData("500 501 600 700", "RiskBreach")]
    [InlineData("-501", "RiskBreach")]
    [InlineData("501 500 501", "RiskBreach RiskBreach")]
    [InlineData("501 -501", "RiskBreach")]
    public void A_position_beyond_its_bound_is_told_until_it_is_back(string quantities, string alerts) => Assert.Equal(
        alerts, Told([.. quantities.Split(' ').Select(quantity => Trading with { Positions = [Trading.Positions[0] with { Quantity = long.Parse(quantity, CultureInfo.InvariantCulture) }] })]));

    [Fact]
    public void Orders_that_risk_refuses_and_positions_without_a_bound_are_no_alert()
    {
        var watch = new AlertWatch(Limits);
        Assert.Empty(watch.Look(Trading with { Positions = [Trading.Positions[0] with { Symbol = new Symbol("OTHER"), Quantity = 1_000_000 }] }));
        Assert.Empty(watch.Look(Trading with { Orders = Trading.Orders with { Refused = 1_000 } }));
    }

    [Theory]
    [InlineData(0, true, "", null)]
    [InlineData(2, true, "", "OrdersLeft")]
    [InlineData(0, false, "", "OrdersLeft")]
    [InlineData(0, true, "the venue is silent", "StoppedWithProblem")]
    [InlineData(1, true, "the venue is silent", "OrdersLeft")]
    public void An_end_that_is_not_orderly_is_told(int left, bool disarmed, string problem, string? kind)
    {
        var alert = AlertWatch.End(new SessionSummary(Trading, left, disarmed, problem.Length == 0 ? [] : [problem]));
        Assert.Equal(kind, alert?.Kind.ToString());
        if (kind is not null) Assert.Contains(problem, alert!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_did_not_end_by_itself_is_found_by_the_next()
    {
        using var folder = new TemporaryFolder();
        var crashed = RunMarker.Begin(folder.Path, SampleViews.Start);
        Assert.Null(crashed.Crashed);
        var next = RunMarker.Begin(folder.Path, SampleViews.Start.AddHours(1));
        Assert.Equal("2026-11-22 12:00:00 UTC", next.Crashed);
        next.GiveUp(); // its session never began
        Assert.Equal("2026-11-22 12:00:00 UTC", RunMarker.Begin(folder.Path, SampleViews.Start.AddHours(2)).Crashed);
        var last = RunMarker.Begin(folder.Path, SampleViews.Start.AddHours(3));
        Assert.Equal("2026-11-22 14:00:00 UTC", last.Crashed);
        last.End();
        var clean = RunMarker.Begin(folder.Path, SampleViews.Start);
        Assert.Null(clean.Crashed);
        clean.GiveUp();
        Assert.Null(RunMarker.Begin(folder.Path, SampleViews.Start).Crashed);
        Assert.Throws<UsageException>(() => RunMarker.Begin("/proc/nowhere", SampleViews.Start));
    }

    /// <summary>The shipped limits with one instrument's bound changed.</summary>
    private static RiskLimits Bounded(RiskLimits shipped) => new(
        [.. shipped.All.Select(limit => limit.Kind == LimitKind.Position && limit.Scope.Symbol?.Value == "XBTUSD" ? limit with { Bound = 500 } : limit).Where(limit => limit.Scope.Symbol?.Value == "XBTUSD")]);

    [Fact]
    public void What_risk_tells_is_told_once_and_a_resume_is_no_alarm()
    {
        static RiskNotice Notice(long number, bool urgent = true) => new(SampleViews.Start, $"dailyLoss {number}", urgent) { Number = number };
        Assert.Equal("RiskBreach RiskBreach", Told(
            Trading, Trading with { RiskNotices = [Notice(1)] }, Trading with { RiskNotices = [Notice(1)] }, Trading with { RiskNotices = [Notice(1), Notice(2), Notice(3, urgent: false)] }));
    }

    private static string Told(params SessionView[] views)
    {
        var watch = new AlertWatch(Limits);
        return string.Join(' ', views.SelectMany(watch.Look).Select(alert => alert.Kind));
    }

    private static SessionView Compared(int at, params string[] differences) =>
        Trading with { LastReconciliation = new ReconciliationView(SampleViews.Start.AddSeconds(at), 9, 0, differences.Length, 0, 0, differences) };
}
