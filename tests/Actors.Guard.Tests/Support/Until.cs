using System.Diagnostics;

namespace Actors.Guard.Tests.Support;

/// <summary>Waits for a condition, looking again every moment. The deadline is generous, because the machine may be slow.</summary>
internal static class Until
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    public static Task TrueAsync(Func<bool> condition, Func<string> otherwise) => TrueAsync(() => Task.FromResult(condition()), otherwise);

    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > Deadline) throw new TimeoutException(otherwise());
            await Task.Delay(50);
        }
    }
}
