using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Actors.Guard.Tests.Support;

namespace Actors.Guard.Tests;

/// <summary>The guard as a process, against the venue as a process, with an engine that does its worst.</summary>
public class GuardTests
{
    private const string MayOrder = "\"acceptOrderPermission\": true,";

    [Fact]
    public async Task Too_many_orders_are_cancelled_and_held_cancelled_over_a_restart_until_an_operator_clears_it()
    {
        await using var scene = await Scene.StartAsync();
        var limits = scene.Limits($$"""{ "watch": "openOrders", "alert": 1, "cancel": 2 }, {{Scene.Calm}}""", MayOrder);
        var guard = await scene.GuardAsync(limits);
        for (var i = 0; i < 2; i++) await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 90_000 - i);
        await guard.SaysAsync("ALERT openOrders is 2");
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
            $$"""{{MayOrder}} "engine": { "pidFile": "{{pidFile}}", "command": "runaway", "stopGrace": "1s" },""");
        var guard = await scene.GuardAsync(limits);
        await using var engine = ChildProcess.Dotnet("Actors.Guard.Tests.dll", ["runaway", scene.Address, scene.Key]);
        await File.WriteAllTextAsync(pidFile, engine.Id.ToString(CultureInfo.InvariantCulture) + "\n");
        await guard.SaysAsync("breach: orderRate");
        await guard.SaysAsync($"sent SIGTERM to process {engine.Id}");
        await guard.SaysAsync($"sent SIGKILL to process {engine.Id}");
        await engine.ExitAsync();
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
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
            $$"""{{MayOrder}} "engine": { "pidFile": "{{pidFile}}", "command": "actors.dll", "stopGrace": "1s" },"""));
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
        var guard = await scene.GuardAsync(scene.Limits($$"""{ "watch": "stillOrders", "cancel": "2s" }, {{Scene.Calm}}""", MayOrder));
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

    [Theory]
    [InlineData(FaultyWay.Dead)]
    [InlineData(FaultyWay.Overloaded)]
    [InlineData(FaultyWay.RateLimited)]
    [InlineData(FaultyWay.Garbage)]
    [InlineData(FaultyWay.WrongShape)]
    public async Task A_guard_that_cannot_see_acts_says_that_it_cannot_and_does_when_it_can(string fault)
    {
        await using var scene = await Scene.StartAsync();
        await using var way = new FaultyWay(scene.Address);
        var guard = await scene.GuardAsync(scene.Limits("""{ "watch": "blind", "cancel": "8s" }, { "watch": "ownFailures", "cancel": 3 }""", MayOrder), way.Address);
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        await guard.SaysAsync("steady: account seen");
        way.Break(fault);
        await guard.SaysAsync("breach: blind");
        await guard.SaysAsync("cannot cancel all");
        Assert.Equal(1, await scene.Alice.OpenOrdersAsync());

        way.Break(null);
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
        await guard.SaysAsync("works again");
        Assert.Equal(1, await guard.TerminateAsync());
    }

    [Fact]
    public async Task A_venue_that_is_not_there_at_the_start_makes_the_guard_blind_not_absent()
    {
        await using var scene = await Scene.StartAsync();
        await using var way = new FaultyWay(scene.Address);
        way.Break(FaultyWay.Dead);
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        var guard = scene.Guard(scene.Limits("""{ "watch": "blind", "cancel": "2s" }, { "watch": "ownFailures", "cancel": 3 }""", MayOrder), way.Address);
        await guard.SaysAsync("cannot cancel all");
        way.Break(null);
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
    }

    [Fact]
    public async Task A_corrupt_state_file_holds_everything_cancelled_until_it_is_cleared()
    {
        await using var scene = await Scene.StartAsync();
        Directory.CreateDirectory(Path.GetDirectoryName(scene.State)!);
        await File.WriteAllTextAsync(scene.State, "{ \"Losses\": {");
        var guard = await scene.GuardAsync(scene.Limits(Scene.Calm, MayOrder));
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
        var guard = await scene.GuardAsync(scene.Limits(Scene.Calm, MayOrder));
        await guard.SaysAsync("breach: ownFailures is 4");
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
    }

    [Fact]
    public async Task A_webhook_that_never_answers_delays_nothing_and_one_that_does_gets_the_alert()
    {
        await using var scene = await Scene.StartAsync();
        using var receiver = new TcpListener(IPAddress.Loopback, 0);
        receiver.Start();
        var file = scene.File("webhook");
        await File.WriteAllTextAsync(file, $"http://127.0.0.1:{((IPEndPoint)receiver.LocalEndpoint).Port}/secret-path\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var guard = await scene.GuardAsync(scene.Limits($$"""{ "watch": "openOrders", "cancel": 0 }, {{Scene.Calm}}""", $"{MayOrder} \"webhookFile\": \"{file}\","));
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        using var client = await receiver.AcceptTcpClientAsync();
        using var reader = new StreamReader(client.GetStream());
        // It has asked, and is not answered before the orders are gone.
        await scene.Alice.NoOpenOrdersAsync(() => guard.Text);
        var asked = await reader.ReadLineAsync();
        Assert.Equal("POST /secret-path HTTP/1.1", asked);
        await guard.SaysAsync("webhook: TaskCanceledException");
        Assert.DoesNotContain("secret-path", guard.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_manager_is_told_that_it_is_ready_that_it_lives_and_what_it_sees()
    {
        await using var scene = await Scene.StartAsync();
        var path = scene.File("notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        var guard = scene.Guard(scene.Limits(Scene.Calm, MayOrder), null, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path });
        var buffer = new byte[4_096];
        var told = new List<string>();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (told.Count(message => message == "WATCHDOG=1") < 3)
            told.Add(System.Text.Encoding.UTF8.GetString(buffer, 0, await manager.ReceiveAsync(buffer, deadline.Token)));
        Assert.Equal("READY=1", told[0]);
        Assert.Contains(told, message => message.StartsWith("STATUS=account", StringComparison.Ordinal));
        Assert.Equal(0, await guard.TerminateAsync());
    }

    [Fact]
    public async Task The_secret_is_never_said_and_the_engines_key_is_refused()
    {
        await using var scene = await Scene.StartAsync();
        var secret = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(scene.Key)).RootElement.GetProperty("secret").GetString()!;
        var guard = await scene.GuardAsync(scene.Limits(Scene.Calm, MayOrder));
        Assert.DoesNotContain(secret, guard.Text, StringComparison.Ordinal);
        Assert.Equal(0, await guard.TerminateAsync());

        var engine = $$"""{{MayOrder}} "engine": { "unit": "actors.service", "keyId": "{{scene.Alice.KeyId}}", "stopGrace": "1s" },""";
        var refused = scene.Guard(scene.Limits(Scene.Calm, engine));
        Assert.Equal(2, await refused.ExitAsync());
        Assert.Contains("is the engine's", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_may_more_than_is_needed_ends_the_start()
    {
        await using var scene = await Scene.StartAsync();
        var guard = scene.Guard(scene.Limits(Scene.Calm));
        Assert.Equal(2, await guard.ExitAsync());
        Assert.Contains("nothing is to be flattened", guard.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Once_looks_acts_and_tells_by_its_exit_code()
    {
        await using var scene = await Scene.StartAsync();
        var limits = scene.Limits($$"""{ "watch": "openOrders", "cancel": 0 }, {{Scene.Calm}}""", MayOrder);
        var well = scene.Guard(limits, null, null, "--once");
        Assert.Equal(0, await well.ExitAsync());
        Assert.Contains("openOrders is 0", well.Text, StringComparison.Ordinal);
        await scene.Alice.OrderAsync("XBTUSD", "Buy", 100, 80_000);
        Assert.Equal(1, await scene.Guard(limits, null, null, "--once").ExitAsync());
        Assert.Equal(0, await scene.Alice.OpenOrdersAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("fly")]
    [InlineData("run")]
    [InlineData("run --limits nowhere.json --url http://127.0.0.1:1 --key nowhere.json")]
    [InlineData("run --limits config/guard.json --url http://example.com --key nowhere.json")]
    [InlineData("check --limits config/guard.json --once")]
    [InlineData("clear --state nowhere.json")]
    public async Task A_command_line_that_cannot_be_carried_out_is_refused_in_one_line(string line)
    {
        await using var guard = ChildProcess.Dotnet("actors-guard.dll", line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => word == "config/guard.json" ? Path.Combine(AppContext.BaseDirectory, word) : word));
        Assert.Equal(2, await guard.ExitAsync());
        Assert.StartsWith("actors-guard: ", Assert.Single(guard.Text.Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_prints_one_line_a_rule()
    {
        await using var guard = ChildProcess.Dotnet("actors-guard.dll", ["check", "--limits", Path.Combine(AppContext.BaseDirectory, "config", "guard.json")]);
        Assert.Equal(0, await guard.ExitAsync());
        Assert.Equal(LimitsFile.Read(Path.Combine(AppContext.BaseDirectory, "config", "guard.json")).Limits.Count, guard.Text.Split('\n').Length);
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
