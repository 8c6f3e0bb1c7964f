using Actors.Engine.Session;
using Actors.Host.View;
using Serilog;

namespace Actors.Host.Running;

/// <summary>Shows a session until it ends, and asks it to stop when the time is over or a person wants it.</summary>
/// <param name="time">When pictures are due and the time is over.</param>
/// <param name="logger">Hears of stops and of an output that is gone.</param>
/// <param name="watch">Looks at every picture too, whether or not there is an output.</param>
internal sealed class RunLoop(TimeProvider time, ILogger logger, Action<SessionView>? watch = null)
{
    private readonly ILogger _log = logger.ForContext<RunLoop>();

    /// <summary>Four pictures a second: as often as a person can read.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>The session's summary, after its orderly stop. <paramref name="duration"/> null: until <paramref name="stopRequested"/>.</summary>
    public async Task<SessionSummary> RunAsync(IRunningSession session, IDisplay display, TimeSpan? duration, Task<string> stopRequested)
    {
        var shown = new Shown(display, _log);
        using var over = new CancellationTokenSource(duration ?? Timeout.InfiniteTimeSpan, time);
        var timeOver = WaitAsync(over.Token);
        var asked = false;
        using var pictures = new PeriodicTimer(Interval, time);
        var tick = pictures.WaitForNextTickAsync().AsTask();
        while (!session.Completion.IsCompleted)
        {
            Show(session.View, shown);
            if (!asked && (stopRequested.IsCompleted || timeOver.IsCompleted))
            {
                asked = true;
                var reason = stopRequested.IsCompleted ? await stopRequested.ConfigureAwait(false) : "the time given with --for is over";
                _log.Information("stopping in the safe order: {Reason:l}", reason);
                shown.Do(target => target.Notice($"stopping in the safe order: {reason}"));
                session.RequestStop(reason);
            }

            await (asked
                ? Task.WhenAny(session.Completion, tick)
                : Task.WhenAny(session.Completion, tick, stopRequested, timeOver)).ConfigureAwait(false);
            if (tick.IsCompleted) tick = pictures.WaitForNextTickAsync().AsTask();
        }

        Show(session.View, shown);
        return await session.Completion.ConfigureAwait(false);
    }

    private void Show(SessionView view, Shown shown)
    {
        watch?.Invoke(view);
        shown.Do(target => target.Show(view));
    }

    private static Task WaitAsync(CancellationToken over)
    {
        var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        over.Register(source.SetResult);
        return source.Task;
    }

    /// <summary>A display that may go away, as a terminal does when its window is closed: trading and the orderly stop go on without it.</summary>
    private sealed class Shown(IDisplay display, ILogger log)
    {
        private bool _gone;

        public void Do(Action<IDisplay> action)
        {
            if (_gone) return;
            try
            {
                action(display);
            }
            catch (IOException problem)
            {
                _gone = true;
                log.Warning(problem, "the output is gone; the session goes on unseen");
            }
        }
    }
}
