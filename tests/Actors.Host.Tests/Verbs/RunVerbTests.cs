using Actors.Host.CommandLine;
using Actors.Host.Configuration;
using Actors.Host.Data;
using Actors.Host.Running;
using Actors.Host.Tests.Support;
using Actors.Host.Verbs;
using Actors.Venue;

namespace Actors.Host.Tests.Verbs;

public class RunVerbTests
{
    private readonly FakeSession _session = new();
    private string _output = string.Empty;

    [Fact]
    public async Task An_orderly_session_ends_with_its_summary_and_0()
    {
        using var folder = new TemporaryFolder();
        _session.End();
        Assert.Equal(0, await Run(folder, (_, _) => Task.FromResult<IRunningSession>(_session)));
        Assert.Contains("actors: session 3f1c9a2e", _output, StringComparison.Ordinal);
        Assert.Contains("  orders left      0\n", _output, StringComparison.Ordinal);
        Assert.Contains($"  journal          {folder.File("journal")}\n", _output, StringComparison.Ordinal);
        Assert.EndsWith("  problems         none\n", _output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', _output);
        Assert.True(_session.Disposed);
    }

    [Fact]
    public async Task A_session_with_a_problem_ends_with_1()
    {
        using var folder = new TemporaryFolder();
        _session.End("the venue is silent");
        Assert.Equal(1, await Run(folder, (_, _) => Task.FromResult<IRunningSession>(_session)));
        Assert.Contains("  problem          the venue is silent\n", _output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_nobody_expected_is_one_line_and_its_details_are_in_the_log_without_secrets()
    {
        using var folder = new TemporaryFolder();
        var problem = await Assert.ThrowsAsync<ProblemException>(() => Run(folder, (request, _) =>
        {
            request.Secrets.Add("the-secret"u8);
            throw new InvalidOperationException("sent the-secret");
        }));
        Assert.Equal($"unexpected InvalidOperationException: sent ***; {folder.File("logs")} has the details", problem.Message);
        var log = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder.File("logs"))));
        Assert.Contains("RunVerbTests", log, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_in_use_starts_nothing()
    {
        using var folder = new TemporaryFolder();
        using var other = DataDirectory.Open(folder.Path);
        var problem = await Assert.ThrowsAsync<UsageException>(() => Run(folder, Fail));
        Assert.Contains("in use by process", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_configuration_starts_nothing_and_makes_no_folder()
    {
        using var folder = new TemporaryFolder();
        var options = Options(folder.File("data")) with { ConfigDirectory = folder.Path };
        await Assert.ThrowsAsync<BrokenConfigurationException>(() => new RunVerb(Fail, TextWriter.Null, TextWriter.Null).ExecuteAsync(options));
        Assert.False(Directory.Exists(folder.File("data")));
    }

    private static Task<IRunningSession> Fail(SessionRequest request, CancellationToken cancellation) => throw new InvalidOperationException("was started");

    private static RunOptions Options(string data) => new(null, data, null, MarketActivity.Quiet, null, null, null, Plain: true);

    private async Task<int> Run(TemporaryFolder folder, SessionStarter start)
    {
        await using var output = new StringWriter();
        try
        {
            return await new RunVerb(start, output, TextWriter.Null).ExecuteAsync(Options(folder.Path));
        }
        finally
        {
            _output = output.ToString();
        }
    }
}
