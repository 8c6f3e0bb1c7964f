using System.Text.Json;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>The command line as a shell sees it: streams and exit codes of the real executable.</summary>
public class CommandLineTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("run --help")]
    [InlineData("venue --help")]
    [InlineData("feed --help")]
    [InlineData("audit --help")]
    [InlineData("keys --help")]
    [InlineData("what-if --help")]
    [InlineData("keys check --help")]
    [InlineData("keys new --help")]
    [InlineData("keys encrypt --help")]
    public async Task Help_is_on_the_output_with_examples(string line)
    {
        var (exitCode, output, error) = await ActorsProcess.RunAsync(line.Split(' '));
        Assert.Equal(0, exitCode);
        Assert.Contains("Usage:", output);
        Assert.Contains("Examples:", output);
        Assert.Empty(error);
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        var (exitCode, output, _) = await ActorsProcess.RunAsync("--version");
        Assert.Equal(0, exitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", Assert.Single(output));
    }

    [Theory]
    [InlineData("trade", "unknown verb 'trade'")]
    [InlineData("--fro 3s", "unknown flag '--fro'")]
    [InlineData("run --for soon", "--for: 'soon' is not a duration")]
    [InlineData("run --venue http://127.0.0.1:9", "--venue needs --keys")]
    [InlineData("run --config /nowhere", "/nowhere: there is no such folder")]
    [InlineData("run --venue http://127.0.0.1:9 --keys /nowhere.json", "/nowhere.json: no such file")]
    [InlineData("run --data /proc/nowhere", "the data folder /proc/nowhere cannot be made")]
    [InlineData("venue --port 0", "--data is missing")]
    [InlineData("feed /nowhere.jsonl", "/nowhere.jsonl: cannot be read")]
    [InlineData("audit s1 --data /nowhere", "/nowhere/journal/journal.db does not exist")]
    [InlineData("keys check /nowhere.json", "/nowhere.json: no such file")]
    [InlineData("what-if --venue http://127.0.0.1:9 --keys /nowhere.json", "/nowhere.json: no such file")]
    public async Task What_cannot_be_done_is_one_line_on_the_error_stream_and_2(string line, string problem)
    {
        using var folder = new TemporaryFolder();
        var arguments = line.Split(' ');
        if (arguments is ["run", "--venue", _, "--keys", _]) arguments = [.. arguments, "--data", folder.Path];
        var (exitCode, output, error) = await ActorsProcess.RunAsync(arguments);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("actors: " + problem, Assert.Single(error), StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task A_recording_is_played_into_one_JSON_object_a_symbol()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write(
            "frames.jsonl",
            """
            {"table":"orderBookL2","action":"partial","keys":["symbol","id","side"],"types":{},"filter":{"symbol":"XBTUSD"},"data":[{"symbol":"XBTUSD","id":1,"side":"Sell","size":300,"price":100.5,"timestamp":"2026-01-01T00:00:00.000Z"},{"symbol":"XBTUSD","id":2,"side":"Buy","size":200,"price":100,"timestamp":"2026-01-01T00:00:00.000Z"}]}
            {"table":"orderBookL2","action":"insert","data":[{"symbol":"XBTUSD","id":3,"side":"Buy","size":700,"price":99.5,"timestamp":"2026-01-01T00:00:01.000Z"}]}
            {"table":"orderBookL2","action":"delete","data":[{"symbol":"XBTUSD","id":2,"side":"Buy","timestamp":"2026-01-01T00:00:02.000Z"}]}

            """);
        var (exitCode, output, error) = await ActorsProcess.RunAsync("feed", file, "--json");
        Assert.Empty(error);
        Assert.Equal(0, exitCode);
        using var symbol = JsonDocument.Parse(Assert.Single(output));
        Assert.Equal(
            ["symbol", "frames", "rows", "bestBid", "bidSize", "bestAsk", "askSize", "bidLevels", "askLevels", "crossed", "unknown"],
            symbol.RootElement.EnumerateObject().Select(field => field.Name));
        Assert.Equal("XBTUSD", symbol.RootElement.GetProperty("symbol").GetString());
        Assert.Equal(3, symbol.RootElement.GetProperty("frames").GetInt64());
        Assert.Equal(4, symbol.RootElement.GetProperty("rows").GetInt64());
        Assert.Equal(99.5m, symbol.RootElement.GetProperty("bestBid").GetDecimal());
        Assert.Equal(700, symbol.RootElement.GetProperty("bidSize").GetInt64());
        Assert.Equal(100.5m, symbol.RootElement.GetProperty("bestAsk").GetDecimal());
        Assert.False(symbol.RootElement.GetProperty("crossed").GetBoolean());
        Assert.Equal(0, symbol.RootElement.GetProperty("unknown").GetInt64());
    }
}
