using Actors.Bitmex;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.EndToEnd.Tests.Support;
using Actors.Journal;

namespace Actors.EndToEnd.Tests;

public class CrashTests
{
    [Fact]
    public async Task After_a_kill_in_the_middle_of_trading_the_next_start_knows_what_the_venue_knows()
    {
        using var folder = new TemporaryFolder();
        await using var venue = ActorsProcess.Start("venue", "--port", "0", "--data", folder.File("venue"), "--market", "busy");
        var address = await VenueTests.AddressAsync(venue);
        string[] line = ["run", "--venue", address, "--keys", folder.File("venue/keys/alice.json"), "--data", folder.File("engine")];

        await using (var killed = ActorsProcess.Start(line))
        {
            await killed.LineAsync(HasFills, "a status line with fills");
            await killed.KillAsync();
        }

        var (exitCode, output, error) = await ActorsProcess.RunAsync([.. line, "--for", "5s"]);
        Assert.True(exitCode == 0, string.Join('\n', [.. output, .. error]));
        var summary = new RunSummary(output);
        Assert.Equal("0", summary["orders left"]);
        Assert.Contains(" 0 foreign, 0 unknown", summary["reconciled"], StringComparison.Ordinal);
        await HasWhatTheVenueHasAsync(new Uri(address), folder);
    }

    private static bool HasFills(string line) => line.Contains(" sent, ", StringComparison.Ordinal) && !line.Contains(" 0 fills", StringComparison.Ordinal);

    private static async Task HasWhatTheVenueHasAsync(Uri address, TemporaryFolder folder)
    {
        var key = ApiKeyFile.Read(folder.File("venue/keys/alice.json"));
        await using var port = new BitmexVenuePort(new BitmexOptions { RestBase = address, KeyId = key.Id, Secret = key.Secret });
        var symbols = new[] { new Symbol("XBTUSD"), new Symbol("ETHUSDT") };
        await port.Queries.InstrumentsAsync(symbols, _ => { }, CancellationToken.None);

        using var journal = SessionReader.Open(new JournalLocation.SqliteDirectory(folder.File("engine/journal")).JournalFile);
        var events = journal.ListStreams().SelectMany(stream => journal.Read(stream.Stream).Select(record => (stream.Stream, record.Event))).ToList();

        var executions = await port.Queries.ExecutionsAsync(DateTimeOffset.UnixEpoch, CancellationToken.None);
        var traded = executions.Where(execution => execution.Kind == ExecutionKind.Trade).Select(execution => execution.ExecutionId).Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(traded);
        Assert.Equal(traded, events.Select(item => item.Event).OfType<OrderFilled>().Select(fill => fill.ExecutionId).Order(StringComparer.Ordinal));

        var ours = events.Where(item => item.Event is PositionFilled or PositionAdopted).GroupBy(item => item.Stream).ToDictionary(group => group.Key, group => Held(group.Select(item => item.Event)));
        foreach (var position in await port.Queries.PositionsAsync(CancellationToken.None))
        {
            var stream = Assert.Single(ours, entry => entry.Key.EndsWith(position.Symbol.Value, StringComparison.Ordinal));
            Assert.Equal(position.Quantity.Contracts, stream.Value);
        }

        Assert.Empty(await port.Queries.OpenOrdersAsync(CancellationToken.None));
    }

    /// <summary>The position that a stream's events add up to, in contracts.</summary>
    private static long Held(IEnumerable<object> events) => events.Aggregate(0L, (held, happened) => happened switch
    {
        PositionFilled fill => held + fill.Change.Contracts,
        PositionAdopted adopted => adopted.Quantity.Contracts,
        _ => held,
    });
}
