using Actors.Engine.Session;
using Actors.Host.Running;

namespace Actors.Host.Tests.Support;

/// <summary>A session that a test ends when it likes.</summary>
internal sealed class FakeSession : IRunningSession
{
    private readonly TaskCompletionSource<SessionSummary> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Venue => "http://v";

    public SessionView View { get; set; } = SampleViews.Trading;

    public Task<SessionSummary> Completion => _completion.Task;

    /// <summary>Ends with the reason when the stop is asked for; asking twice is a fault.</summary>
    public Task<string> Asked => _asked.Task;

    public bool Disposed { get; private set; }

    public void RequestStop(string reason) => _asked.SetResult(reason);

    public void End(params string[] problems) => _completion.SetResult(new SessionSummary(View, 0, SwitchDisarmed: true, problems));

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
