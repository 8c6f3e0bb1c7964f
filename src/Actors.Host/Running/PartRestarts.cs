using Actors.Engine.Session;
using Akka.Actor;
using Microsoft.Extensions.Logging;

namespace Actors.Host.Running;

/// <summary>
/// Ends parts of the engine, one a second, each chosen at random, as a fault would that nobody foresaw: the supervision table restarts them. For loads that
/// prove that nothing is lost by it. Disposing ends it.
/// </summary>
internal sealed class PartRestarts : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public PartRestarts(TradingSession session, long count, TimeProvider clock, ILogger log) => _running = RunAsync(session, count, clock, log, _end.Token);

    /// <summary>No part is ended from here on.</summary>
    public void Stop() => _end.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _end.Dispose();
    }

    private static async Task RunAsync(TradingSession session, long count, TimeProvider clock, ILogger log, CancellationToken end)
    {
        using var seconds = new PeriodicTimer(Every, clock);
        var random = new Random(unchecked((int)clock.GetTimestamp()));
        try
        {
            for (var i = 0L; i < count && await seconds.WaitForNextTickAsync(end).ConfigureAwait(false); i++)
                session.Directory.Find(session.Parts[random.Next(session.Parts.Count)]).Tell(Kill.Instance);
            log.LogWarning("parts are not restarted any more");
        }
        catch (OperationCanceledException)
        {
            // Stopped before all were done.
        }
    }
}
