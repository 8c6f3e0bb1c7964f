using Actors.Engine.Session;
using Actors.Host.Running;
using Actors.Host.Tests.Support;
using Actors.Host.View;
using Microsoft.Extensions.Time.Testing;
using Serilog.Core;

namespace Actors.Host.Tests.Running;

public class RunLoopTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly Task<string> Never = new TaskCompletionSource<string>().Task;

    private readonly FakeTimeProvider _time = new();
    private readonly FakeSession _session = new();
    private readonly FakeDisplay _display = new();

    [Fact]
    public async Task The_session_is_asked_to_stop_when_its_time_is_over_and_not_before()
    {
        var run = Run(TimeSpan.FromSeconds(30), Never);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(_session.Asked.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("the time given with --for is over", await _session.Asked.WaitAsync(Deadline));
        Assert.False(run.IsCompleted);
        _session.End();
        await run.WaitAsync(Deadline);
        Assert.Equal(["stopping in the safe order: the time given with --for is over"], _display.Notices);
    }

    [Fact]
    public async Task The_session_is_asked_to_stop_when_a_person_wants_it()
    {
        var wanted = new TaskCompletionSource<string>();
        var run = Run(null, wanted.Task);
        wanted.SetResult("interrupted");
        Assert.Equal("interrupted", await _session.Asked.WaitAsync(Deadline));
        _session.End();
        await run.WaitAsync(Deadline);
    }

    [Fact]
    public async Task A_session_that_ends_by_itself_ends_the_run_with_its_summary()
    {
        var run = Run(null, Never);
        _session.End("the journal is broken");
        var summary = await run.WaitAsync(Deadline);
        Assert.Equal(["the journal is broken"], summary.Problems);
        Assert.False(_session.Asked.IsCompleted);
    }

    [Fact]
    public async Task The_session_is_shown_from_the_first_moment_and_a_last_time_at_the_end()
    {
        var run = Run(null, Never);
        Assert.Equal(SessionPhase.Trading, _display.Shown[0].Phase);
        _session.View = SampleViews.Trading with { Phase = SessionPhase.Stopped };
        _session.End();
        await run.WaitAsync(Deadline);
        Assert.Equal(SessionPhase.Stopped, _display.Shown[^1].Phase);
    }

    [Fact]
    public async Task A_display_that_goes_away_does_not_end_the_session()
    {
        _display.Gone = true;
        var run = Run(TimeSpan.FromSeconds(1), Never);
        _time.Advance(TimeSpan.FromSeconds(1));
        await _session.Asked.WaitAsync(Deadline);
        _session.End();
        await run.WaitAsync(Deadline);
        Assert.Empty(_display.Shown);
    }

    private Task<SessionSummary> Run(TimeSpan? duration, Task<string> stop) =>
        new RunLoop(_time, Logger.None).RunAsync(_session, _display, duration, stop);

    private sealed class FakeDisplay : IDisplay
    {
        public List<SessionView> Shown { get; } = [];

        public List<string> Notices { get; } = [];

        public bool Gone { get; set; }

        public void Show(SessionView view)
        {
            if (Gone) throw new IOException("the terminal is gone");
            Shown.Add(view);
        }

        public void Notice(string text) => Notices.Add(text);

        public void Dispose()
        {
        }
    }
}
