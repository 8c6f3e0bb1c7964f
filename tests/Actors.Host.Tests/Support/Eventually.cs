namespace Actors.Host.Tests.Support;

/// <summary>Waits for what happens on another thread, as long as a slow machine may need.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        var until = DateTime.UtcNow + Deadline;
        while (!condition())
        {
            if (DateTime.UtcNow > until) throw new TimeoutException($"{what} did not happen");
            await Task.Delay(5);
        }
    }
}
