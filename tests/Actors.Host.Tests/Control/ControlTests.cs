using System.Net.Sockets;
using Actors.Host.CommandLine;
using Actors.Host.Control;
using Actors.Host.Data;
using Actors.Host.Verbs;
using Microsoft.Extensions.Logging.Abstractions;

namespace Actors.Host.Tests.Control;

/// <summary>An operator's line to a running engine, and what is said where none runs.</summary>
public class ControlTests
{
    [Fact]
    public async Task A_request_comes_whole_and_its_answer_is_printed_with_its_exit_code()
    {
        using var folder = new TemporaryFolder();
        var asked = new List<ControlRequest>();
        await using var server = ControlServer.Open(folder.File(DataDirectory.ControlName), request =>
        {
            asked.Add(request);
            return Task.FromResult(new ControlAnswer(1, ["first", "second"]));
        }, NullLogger.Instance);
        await using var output = new StringWriter();
        var request = new ControlRequest(ControlRequest.Check, "why \"now\"", ["a", "b"], "XBTUSD", "buy", 100, 96_000.5m, "grid1");
        for (var time = 1; time <= 2; time++)
        {
            Assert.Equal(1, await new RiskVerb(output).ExecuteAsync(new RiskOptions(new JournalOptions(folder.Path), request)));
            Assert.Equal(time, asked.Count);
        }

        Assert.Equal(request with { Latches = null }, asked[0] with { Latches = null });
        Assert.Equal(["a", "b"], asked[0].Latches);
        Assert.Equal(["first", "second"], output.ToString().Split(Environment.NewLine)[..2]);
    }

    [Fact]
    public async Task Only_its_owner_may_open_it_rubbish_is_answered_and_it_is_gone_afterwards()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File(DataDirectory.ControlName);
        await using (ControlServer.Open(path, _ => throw new InvalidOperationException("never asked"), NullLogger.Instance))
        {
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync("rubbish\n"u8.ToArray());
            using var reader = new StreamReader(stream);
            Assert.Contains("was not understood", await reader.ReadLineAsync(), StringComparison.Ordinal);
        }

        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData(ControlRequest.Halt)]
    [InlineData(ControlRequest.Resume)]
    [InlineData(ControlRequest.Check)]
    public async Task Where_no_engine_runs_a_command_says_so(string verb)
    {
        using var folder = new TemporaryFolder();
        var options = new RiskOptions(new JournalOptions(folder.Path), new ControlRequest(verb, "why"));
        Assert.Contains("no engine runs on", (await Assert.ThrowsAsync<UsageException>(() => new RiskVerb(TextWriter.Null).ExecuteAsync(options))).Message, StringComparison.Ordinal);
        // What a killed engine leaves behind is nobody.
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)) left.Bind(new UnixDomainSocketEndPoint(options.Socket));
        await Assert.ThrowsAsync<UsageException>(() => new RiskVerb(TextWriter.Null).ExecuteAsync(options));
    }
}
