using System.Diagnostics;
using System.Globalization;
using Actors.Guard.Tests.Support;

namespace Actors.Guard.Tests;

/// <summary>
/// Measures, with the venue and the guard as real processes, how long a breach lives: from sending the order that passes the limit until
/// the venue's socket told that no order is open. Between two runs the guard is cleared and the requests used are given back.
/// </summary>
internal static class Measurement
{
    /// <summary>Nothing but the socket's news can tell of the breach in time.</summary>
    private const string NewsOnly = """ "judgeEvery": "1s", "crossCheckEvery": "1h", "pollEvery": "1h", "socketSilence": "1h", "repeatEvery": "1h" """;

    /// <summary>How long the last percent of breaches may live.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(2);

    /// <param name="pace">The pause between two runs, in which the venue grants the requests that were used again.</param>
    public static async Task<(TimeSpan LastPercent, string Text)> RunAsync(int runs, TimeSpan pace)
    {
        var times = new List<double>();
        await using var scene = await Scene.StartAsync();
        await using var feed = await OrderFeed.OpenAsync(scene.Address, scene.Key);
        var guard = await scene.GuardAsync(scene.Limits($$"""{ "watch": "openOrders", "cancel": 1 }, {{Scene.Calm}}""", timing: NewsOnly));
        for (var run = 1; run <= runs; run++)
        {
            times.Add(await OnceAsync(scene, feed));
            await ClearAsync(scene, guard, run);
            await Task.Delay(pace);
        }

        times.Sort();
        double At(double share) => times[(int)Math.Ceiling(share * times.Count) - 1];
        return (TimeSpan.FromMilliseconds(At(0.99)), string.Create(CultureInfo.InvariantCulture, $"breach to no open order, {runs} runs: p50 {At(0.5):0} ms, p90 {At(0.9):0} ms, p99 {At(0.99):0} ms, longest {times[^1]:0} ms"));
    }

    private static async Task<double> OnceAsync(Scene scene, OrderFeed feed)
    {
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 90_000);
        await Until.TrueAsync(() => feed.Now.Count == 1, () => "the first order was not told");
        var sent = Stopwatch.GetTimestamp();
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        await Until.TrueAsync(() => feed.Now is { Count: 0 } now && now.At > sent, () => $"{feed.Now.Count} orders are still open");
        return Stopwatch.GetElapsedTime(sent, feed.Now.At).TotalMilliseconds;
    }

    private static async Task ClearAsync(Scene scene, ChildProcess guard, int times)
    {
        await using var clear = ChildProcess.Dotnet("actors-guard.dll", ["clear", "--state", scene.State, "--confirm"]);
        await clear.ExitAsync();
        await Until.TrueAsync(() => guard.Text.Split("cleared by the operator").Length > times, () => guard.Text);
    }
}
