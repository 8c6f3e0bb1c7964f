using System.Net;
using System.Net.Sockets;
using Actors.Guard.Tests.Support;

// The scenes share nothing, and mostly wait for processes.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace Actors.Guard.Tests;

/// <summary>The guard as a process among others: whom it tells, what it is started with, and how it ends.</summary>
public class GuardProcessTests
{
    [Fact]
    public async Task A_webhook_that_never_answers_delays_nothing_and_one_that_does_gets_the_alert()
    {
        await using var scene = await Scene.StartAsync();
        using var receiver = new TcpListener(IPAddress.Loopback, 0);
        receiver.Start();
        var file = scene.File("webhook");
        await File.WriteAllTextAsync(file, $"http://127.0.0.1:{((IPEndPoint)receiver.LocalEndpoint).Port}/secret-path\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var guard = await scene.GuardAsync(scene.Limits($$"""{ "watch": "openOrders", "cancel": 0 }, {{Scene.Calm}}""", $"\"webhookFile\": \"{file}\","));
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
        var guard = scene.Guard(scene.Limits(Scene.Calm), null, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path });
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
        var own = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(scene.CancelKey)).RootElement;
        var secret = own.GetProperty("secret").GetString()!;
        var guard = await scene.GuardAsync(scene.Limits(Scene.Calm));
        Assert.DoesNotContain(secret, guard.Text, StringComparison.Ordinal);
        Assert.Equal(0, await guard.TerminateAsync());

        var engine = $$"""
            "engine": { "pidFile": "actors.pid", "command": "actors", "keyId": "{{own.GetProperty("id")}}", "stopGrace": "1s" },
            """;
        var refused = scene.Guard(scene.Limits(Scene.Calm, engine));
        Assert.Equal(2, await refused.ExitAsync());
        Assert.Contains("is the engine's", refused.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_may_more_than_is_needed_ends_the_start()
    {
        await using var scene = await Scene.StartAsync();
        var guard = scene.Guard(scene.Limits(Scene.Calm), key: scene.Key);
        Assert.Equal(2, await guard.ExitAsync());
        Assert.Contains("nothing is to be flattened", guard.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("fly")]
    [InlineData("run")]
    [InlineData("run --limits nowhere.json --url http://127.0.0.1:1 --key nowhere.json")]
    [InlineData("run --limits config/guard.json --url http://example.com --key nowhere.json")]
    [InlineData("check --limits config/guard.json --confirm")]
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
}
