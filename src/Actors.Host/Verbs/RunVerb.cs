using Actors.Engine.Session;
using Actors.Host.Alerts;
using Actors.Host.CommandLine;
using Actors.Host.Configuration;
using Actors.Host.Data;
using Actors.Host.Keys;
using Actors.Host.Logs;
using Actors.Host.Running;
using Actors.Host.View;
using Actors.Journal;
using Microsoft.Extensions.Logging;
using Serilog.Core;
using Serilog.Extensions.Logging;

namespace Actors.Host.Verbs;

/// <summary>What a session is started from: checked options, files and folders, and where to log.</summary>
internal sealed record SessionRequest(
    RunOptions Options,
    ConfigurationFolder Configuration,
    KeySettings Keys,
    DataDirectory Data,
    JournalLocation Journal,
    ILoggerFactory Logs,
    SecretRegistry Secrets,
    AlertDispatcher Alerts,
    TimeProvider Time);

/// <summary>
/// Starts a session and whatever it needs. Throws <see cref="UsageException"/> for a file that cannot be used and
/// <see cref="ProblemException"/> for a venue or a journal that does not work, <see cref="KeyRefusedException"/> for a key that may not be used.
/// </summary>
internal delegate Task<IRunningSession> SessionStarter(SessionRequest request, CancellationToken cancellation);

/// <summary><c>actors run</c>: owns the folder, the log, the display and the signals of one session, and tells how it ended.</summary>
internal sealed class RunVerb(SessionStarter start, TextWriter output, TextWriter error)
{
    public async Task<int> ExecuteAsync(RunOptions options)
    {
        var folder = options.ConfigDirectory ?? ConfigurationFolder.Default;
        var (configuration, keys, alerting) = (ConfigurationFolder.Read(folder), KeysFile.Read(folder), AlertsFile.Read(folder));
        using var data = DataDirectory.Open(options.DataDirectory);
        var terminal = Terminal.Detect(options.Plain);
        using var secrets = new SecretRegistry();
        var journal = JournalSource.Locate(options.JournalSource, data.Journal, secrets);
        await using var closing = new ClosingLog(Logging.Configure(data.Logs, terminal.IsLive ? null : output, configuration.LogLevel, secrets), error);
        var log = closing.Log;
        using var logs = new SerilogLoggerFactory(log);
        var alerts = alerting.Open(TimeProvider.System, log, secrets);
        await using var ending = alerts.ConfigureAwait(false);
        var request = new SessionRequest(options, configuration, keys, data, journal, logs, secrets, alerts, options.Clock ?? TimeProvider.System);
        try
        {
            return await TradeAsync(request, terminal, log).ConfigureAwait(false);
        }
        catch (KeyRefusedException refused)
        {
            alerts.Raise(new Alert(request.Time.GetUtcNow(), AlertKind.KeyRefused, "not begun", refused.Message));
            throw new ProblemException(refused.Message);
        }
        catch (Exception problem) when (problem is not (UsageException or ProblemException or BrokenConfigurationException))
        {
            log.Fatal(problem, "the run ended with an error that nobody expected");
            throw new ProblemException($"unexpected {problem.GetType().Name}: {secrets.Cover(problem.Message)}; {data.Logs} has the details");
        }
    }

    private async Task<int> TradeAsync(SessionRequest request, Terminal terminal, Logger log)
    {
        IDisplay? display = null;
        using var signals = new StopSignals(() => EndNow(display));
        var marker = RunMarker.Begin(request.Data.Path, request.Time.GetUtcNow());
        IRunningSession session;
        try
        {
            session = await start(request, signals.Token).ConfigureAwait(false);
        }
        catch (Exception problem)
        {
            marker.GiveUp();
            if (problem is not OperationCanceledException || !signals.Token.IsCancellationRequested) throw;
            await output.WriteLineAsync("actors: stopped before the session began; nothing was sent").ConfigureAwait(false);
            return ExitCode.Success;
        }

        await using (session.ConfigureAwait(false))
        {
            SessionSummary summary;
            if (marker.Crashed is { } begun) request.Alerts.Raise(Crashed(session, request.Time, begun));
            using (display = terminal.Open(session.Venue, output))
            {
                var watch = new AlertWatch(request.Configuration.Settings.Limits);
                using var small = SmallFootprint.Begin(request.Time);
                var loop = new RunLoop(request.Time, log, view => watch.Look(view).ToList().ForEach(request.Alerts.Raise));
                summary = await loop.RunAsync(session, display, request.Options.For, signals.Requested).ConfigureAwait(false);
            }

            if (AlertWatch.End(summary) is { } alert) request.Alerts.Raise(alert);
            marker.End();
            return Tell(summary, request.Journal, log);
        }
    }

    private static Alert Crashed(IRunningSession session, TimeProvider time, string begun) => new(
        time.GetUtcNow(), AlertKind.CrashRecovery, session.View.SessionId, $"the run that began at {begun} did not end by itself: recovering from its journal, and trading only when all is proved");

    private int Tell(SessionSummary summary, JournalLocation journal, Logger log)
    {
        foreach (var line in SummaryText.Lines(summary, journal.Title)) output.WriteLine(line);
        var problems = SummaryText.Problems(summary);
        foreach (var problem in problems) log.Error("the session ended with a problem: {Problem:l}", problem);
        return problems.Count == 0 ? ExitCode.Success : ExitCode.Problem;
    }

    /// <summary>A log on a full disk cannot be closed; that is worth a line, and no reason to end otherwise than the session did.</summary>
    private sealed class ClosingLog(Logger log, TextWriter error) : IAsyncDisposable
    {
        public Logger Log => log;

        public async ValueTask DisposeAsync()
        {
            try
            {
                await log.DisposeAsync().ConfigureAwait(false);
            }
            catch (IOException problem)
            {
                await error.WriteLineAsync($"actors: the log is not whole: {problem.Message}").ConfigureAwait(false);
            }
        }
    }

    private void EndNow(IDisplay? display)
    {
        display?.Dispose();
        error.WriteLine("actors: ended at once; the dead man's switch was left armed: the venue cancels every order of the account when it fires");
        Environment.Exit(ExitCode.Interrupted);
    }
}
