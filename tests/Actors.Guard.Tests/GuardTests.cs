using System.Globalization;
using Actors.Guard.Tests.Support;
using Xunit.Abstractions;

namespace Actors.Guard.Tests;

/// <summary>The guard as a process, against the venue as a process, with an engine that does its worst.</summary>
public class GuardTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Too_many_orders_are_cancelled_and_held_cancelled_over_a_restart_until_an_operator_clears_it()
    {
        await using var scene = await Scene.StartAsync();
        var limits = scene.Limits($$"""{ "watch": "openOrders", "alert": 1, "cancel": 2 }, {{Scene.Calm}}""");
        var guard = await scene.GuardAsync(limits);
        for (var i = 0; i < 2; i++) await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 90_000 - i);
        await guard.SaysAsync("ALERT openOrders is 2");
        // The key that is enough for all that follows may not order.
        using (var own = new Trader(scene.Address, scene.CancelKey)) Assert.Equal(403, (await own.SendAsync("POST", "/order", new { symbol = "XBTUSD", side = "Buy", orderQty = 100, price = 80_000 })).Status);
        Assert.Equal(2, await scene.Alice.OpenOrdersAsync());

        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        await guard.SaysAsync("breach: openOrders is 3");
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
        Assert.Equal(1, await guard.TerminateAsync());

        var next = await scene.GuardAsync(limits);
        await next.SaysAsync("latched: openOrders is 3");
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        await scene.Alice.NoOpenOrdersAsync(() => next.Text);
        await using (var unsure = ChildProcess.Dotnet("actors-guard.dll", ["clear", "--state", scene.State]))
        {
            Assert.Equal(2, await unsure.ExitAsync());
            Assert.Contains("latched: openOrders is 3", unsure.Text, StringComparison.Ordinal);
        }

        await using (var clear = ChildProcess.Dotnet("actors-guard.dll", ["clear", "--state", scene.State, "--confirm"])) Assert.Equal(0, await clear.ExitAsync());
        await next.SaysAsync("cleared by the operator: openOrders is 3");
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        Assert.Equal(1, await scene.Alice.OpenOrdersAsync());
        Assert.Equal(0, await next.TerminateAsync());
    }

    [Fact]
    public async Task An_engine_that_runs_away_is_stopped_though_it_is_deaf_to_SIGTERM_and_its_orders_are_gone()
    {
        await using var scene = await Scene.StartAsync();
        var pidFile = scene.File("actors.pid");
        var limits = scene.Limits(
            $$"""{ "watch": "orderRate", "cancel": 20, "stop": 20 }, {{Scene.Calm}}""",
            $$""" "engine": { "pidFile": "{{pidFile}}", "command": "runaway", "stopGrace": "1s" },""");
        var guard = await scene.GuardAsync(limits);
        await using var engine = ChildProcess.Dotnet("Actors.Guard.Tests.dll", ["runaway", scene.Address, scene.Key]);
        await File.WriteAllTextAsync(pidFile, engine.Id.ToString(CultureInfo.InvariantCulture) + "\n");
        await guard.SaysAsync("breach: orderRate");
        await guard.SaysAsync($"sent SIGTERM to process {engine.Id}");
        await guard.SaysAsync($"sent SIGKILL to process {engine.Id}");
        await engine.ExitAsync();
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
    }

    /// <summary>The venue's socket alone tells of each breach, so a guard that waited for a timer would miss the deadline. How fast it is,
    /// 'Actors.Guard.Tests measure' tells: a bound in seconds says nothing on a machine that others use.</summary>
    [Fact]
    public async Task Each_breach_ends_with_no_open_order_as_soon_as_the_socket_tells_it()
    {
        var (_, text) = await Measurement.RunAsync(5, TimeSpan.Zero);
        output.WriteLine(text);
    }

    [Fact]
    public async Task A_process_that_got_the_engines_number_is_left_alone()
    {
        await using var scene = await Scene.StartAsync();
        await using var other = ChildProcess.Start("sleep", ["1000"]);
        var pidFile = scene.File("actors.pid");
        await File.WriteAllTextAsync(pidFile, other.Id.ToString(CultureInfo.InvariantCulture));
        var guard = await scene.GuardAsync(scene.Limits(
            $$"""{ "watch": "engineGone", "alert": "200ms", "cancel": "400ms", "stop": "400ms" }, {{Scene.Calm}}""",
            $$""" "engine": { "pidFile": "{{pidFile}}", "command": "actors.dll", "stopGrace": "1s" },"""));
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        await guard.SaysAsync("breach: engineGone");
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
        Assert.DoesNotContain("SIGTERM", guard.Text, StringComparison.Ordinal);
        Assert.False(other.HasExited);
    }

    [Fact]
    public async Task A_hung_engine_whose_beat_goes_on_cannot_keep_its_orders_against_the_guard()
    {
        await using var scene = await Scene.StartAsync();
        using var stop = new CancellationTokenSource();
        var beating = BeatAsync(scene.Alice, stop.Token);
        var guard = await scene.GuardAsync(scene.Limits($$"""{ "watch": "stillOrders", "cancel": "2s" }, {{Scene.Calm}}"""));
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        await guard.SaysAsync("breach: stillOrders");
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
        await stop.CancelAsync();
        await beating;
    }

    [Fact]
    public async Task A_position_the_wrong_way_is_flattened()
    {
        await using var scene = await Scene.StartAsync();
        var guard = await scene.GuardAsync(scene.Limits($$"""{ "watch": "shortPosition", "symbol": "XBTUSD", "flatten": 0 }, {{Scene.Calm}}"""));
        await scene.HoldAsync(300, 96_000);
        await scene.Bob.OrderAsync("XBTUSD", "Sell", 5_000, 97_000);
        Assert.Equal(300, await scene.Alice.PositionAsync("XBTUSD"));
        // Sold through to the other side: 300 long to 500 short, with an order left open.
        await scene.Bob.OrderAsync("XBTUSD", "Buy", 800, 95_900);
        await scene.Alice.OrderAsync("XBTUSD", "Sell", 100, 110_000);
        await scene.Alice.OrderAsync("XBTUSD", "Sell", 800);
        await guard.SaysAsync("breach: shortPosition XBTUSD is 500");
        await scene.Alice.FlatAsync("XBTUSD", () => guard.Text);
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
    }

    [Fact]
    public async Task A_loss_is_confirmed_and_flattened_and_counts_until_the_operator_says_otherwise()
    {
        await using var scene = await Scene.StartAsync();
        var limits = scene.Limits($$"""{ "watch": "lossToday", "currency": "XBt", "flatten": 20000 }, {{Scene.Calm}}""");
        var guard = await scene.GuardAsync(limits);
        await guard.SaysAsync("steady: account seen");
        await scene.Bob.OrderAsync("XBTUSD", "Buy", 5_000, 95_000);
        // Bought far above the mark: about 1000 * (1/96500 - 1/105000) XBT are gone.
        await scene.HoldAsync(1_000, 105_000);
        await guard.SaysAsync("breach: lossToday XBt");
        await scene.Alice.FlatAsync("XBTUSD", () => guard.Text);
        await using (var clear = ChildProcess.Dotnet("actors-guard.dll", ["clear", "--state", scene.State, "--confirm", "--restart-losses"])) Assert.Equal(0, await clear.ExitAsync());
        await guard.SaysAsync("cleared by the operator: lossToday");
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        Assert.Equal(1, await scene.Alice.OpenOrdersAsync());
        Assert.Equal(0, await guard.TerminateAsync());
    }

    [Fact]
    public async Task A_corrupt_state_file_holds_everything_cancelled_until_it_is_cleared()
    {
        await using var scene = await Scene.StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(scene.State)!);
        await File.WriteAllTextAsync(scene.State, "{ \"Losses\": {");
        var guard = await scene.GuardAsync(scene.Limits(Scene.Calm));
        await guard.SaysAsync($"breach: {scene.State}: cannot be understood");
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
        await using (var clear = ChildProcess.Dotnet("actors-guard.dll", ["clear", "--state", scene.State, "--confirm"])) Assert.Equal(0, await clear.ExitAsync());
        await guard.SaysAsync("cleared by the operator");
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        Assert.Equal(1, await scene.Alice.OpenOrdersAsync());
    }

    [Fact]
    public async Task A_disk_that_does_not_take_the_state_is_a_failure_of_the_guard_and_acts()
    {
        await using var scene = await Scene.StartAsync();
        // Root writes anywhere, so it is not a folder without permission: a folder stands where the file must go.
        Directory.CreateDirectory(scene.State + ".new");
        var guard = await scene.GuardAsync(scene.Limits(Scene.Calm));
        await guard.SaysAsync("breach: ownFailures is 4");
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
    }

    /// <summary>Every two seconds, until told to stop.</summary>
    private static async Task BeatAsync(Trader engine, CancellationToken stop)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromSeconds(2));
        try
        {
            do await engine.SendAsync("POST", "/order/cancelAllAfter", new { timeout = 60_000 });
            while (await beat.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }
}
