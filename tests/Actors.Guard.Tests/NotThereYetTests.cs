using System.Diagnostics;

namespace Actors.Guard.Tests;

public class NotThereYetTests
{
    [Fact]
    public async Task The_guard_says_that_nothing_is_watched_and_does_not_end_well()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "actors-guard.dll")]) { RedirectStandardError = true };
        using var guard = Process.Start(start)!;
        var said = await guard.StandardError.ReadToEndAsync();
        await guard.WaitForExitAsync();

        Assert.Equal(2, guard.ExitCode);
        Assert.Contains("nothing is being watched", said, StringComparison.Ordinal);
    }
}
