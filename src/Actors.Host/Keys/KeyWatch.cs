using Actors.Bitmex;
using Microsoft.Extensions.Logging;

namespace Actors.Host.Keys;

/// <summary>
/// Finds out whether a key died while it was in use. One refused request proves nothing (a clock, a single permission): the venue is asked about the key itself,
/// and when it refuses twice, or says that the key may no longer trade, <see cref="Dead"/> ends, once. Thread-safe.
/// </summary>
internal sealed class KeyWatch(Func<CancellationToken, Task<OwnKeyAnswer>> ask, TimeProvider time, ILogger log) : IAsyncDisposable
{
    private const int Refusals = 2;
    private const int AttemptsMax = 5;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A key that turned out good is not asked about again for this long, however often a request is refused.</summary>
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(15);

    private readonly TaskCompletionSource<string> _dead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _asking = new();
    private Task _finding = Task.CompletedTask;
    private DateTimeOffset _trustedUntil;

    /// <summary>Ends with the reason in one line when the key can no longer be used; never otherwise.</summary>
    public Task<string> Dead => _dead.Task;

    /// <summary>The venue refused a request for its key. Never blocks.</summary>
    public void Heard(string reason)
    {
        lock (_asking)
        {
            if (_dead.Task.IsCompleted || !_finding.IsCompleted || _ending.IsCancellationRequested || time.GetUtcNow() < _trustedUntil) return;
            _finding = Task.Run(() => FindOutAsync(reason, _ending.Token));
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_asking) _ending.Cancel();
        await _finding.ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task FindOutAsync(string heard, CancellationToken ending)
    {
        try
        {
            var refused = 0;
            for (var attempt = 0; attempt < AttemptsMax; attempt++)
            {
                if (attempt > 0) await Task.Delay(Pause, time, ending).ConfigureAwait(false);
                switch (await ask(ending).ConfigureAwait(false))
                {
                    case OwnKeyAnswer.Refused(var reason) when ++refused == Refusals:
                        _dead.TrySetResult($"the venue refuses the key: {reason}");
                        return;
                    case OwnKeyAnswer.Known known when !known.Enabled || !known.Permissions.Contains("order"):
                        _dead.TrySetResult(known.Enabled ? "the venue no longer lets the key place orders" : "the venue has the key switched off");
                        return;
                    case OwnKeyAnswer.Known:
                        Trusted($"a request was refused ({heard}), but the venue knows the key and lets it trade");
                        return;
                }
            }

            Trusted($"a request was refused ({heard}), and the venue could not be asked about the key {AttemptsMax} times");
        }
        catch (OperationCanceledException)
        {
            log.LogDebug("the session ended while its key was asked about");
        }
    }

    private void Trusted(string words)
    {
        lock (_asking) _trustedUntil = time.GetUtcNow() + Trust;
        log.LogWarning("{Words:l}", words);
    }
}
