using System.Runtime.InteropServices;

namespace Actors.Host.Running;

/// <summary>
/// Turns the signals that ask a process to end into a request for the orderly stop. A second Ctrl-C means now: the caller's action runs,
/// and is expected not to come back. Other signals are only ever requests, because a service manager sends several at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly TaskCompletionSource<string> _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Action _now;
    private readonly List<PosixSignalRegistration> _registrations;
    private int _interrupts;

    /// <param name="now">What a second Ctrl-C does.</param>
    public StopSignals(Action now)
    {
        _now = now;
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }
            .Select(signal => PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Receive(context.Signal);
            }))];
    }

    /// <summary>Ends with the reason when a stop is asked for.</summary>
    public Task<string> Requested => _requested.Task;

    /// <summary>Cancelled when a stop is asked for: for what can simply be given up, such as starting.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>What a signal does.</summary>
    internal void Receive(PosixSignal signal)
    {
        if (signal == PosixSignal.SIGINT && Interlocked.Increment(ref _interrupts) > 1)
        {
            _now();
            return;
        }

        var reason = signal switch
        {
            PosixSignal.SIGINT => "interrupted",
            PosixSignal.SIGHUP => "the terminal is gone",
            _ => "told to terminate",
        };
        if (_requested.TrySetResult(reason)) _cancellation.Cancel();
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _cancellation.Dispose();
    }
}
