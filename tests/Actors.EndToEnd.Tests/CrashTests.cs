using Actors.Bitmex;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Reconciliation;
using Actors.Domain.Sessions;
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

        var left = await OpenOrdersAsync(new Uri(address), folder);
        Assert.NotEmpty(left);

        await using var restarted = ActorsProcess.Start(line);
        // An order that was journaled and never left is only proved lost when no request of the killed process can arrive any more: that takes its time.
        await restarted.LineAsync(HasFills, "a status line with new orders and fills");
        restarted.SendInterrupt();
        var exitCode = await restarted.ExitAsync();
        var output = restarted.Output;
        Assert.True(exitCode == 0, string.Join('\n', [.. output, .. restarted.Error]));
        var summary = new RunSummary(output);
        Assert.Equal("0", summary["orders left"]);
        Assert.Contains(output, line => line.Contains("alert CrashRecovery: the run that began at ", StringComparison.Ordinal));
        Assert.Contains(" 0 foreign, 0 unknown", summary["reconciled"], StringComparison.Ordinal);
        await HasWhatTheVenueHasAsync(new Uri(address), folder);
        FoundAgain(left, folder);
        var audit = await Audited.CleanAsync(folder.File("engine"));
        Assert.Equal(2, Audited.Count(audit, "sessions of the story"));
        Assert.Contains(audit, line => line.Contains("NOT ended in order", StringComparison.Ordinal));
        Assert.True(Audited.Count(audit, "strategy decisions made again") > 0);
        Assert.True(Audited.Count(audit, "steps of orders made again") > 0);
    }

    /// <summary>A status line that counts orders sent by this process, which only happens once it has reconciled, and fills.</summary>
    internal static bool HasFills(string line) =>
        line.Contains(" sent, ", StringComparison.Ordinal) && !line.Contains(" 0 sent, ", StringComparison.Ordinal) && !line.Contains(" 0 fills", StringComparison.Ordinal);

    private static async Task<IReadOnlyList<OrderReport>> OpenOrdersAsync(Uri address, TemporaryFolder folder)
    {
        await using var port = Connect(address, folder);
        return await port.Queries.OpenOrdersAsync(CancellationToken.None);
    }

    /// <summary>Every order that the killed process left at the venue was either compared by the next one, or filled before it could be.</summary>
    private static void FoundAgain(IReadOnlyList<OrderReport> left, TemporaryFolder folder)
    {
        var events = Journaled(folder).Select(item => item.Event).ToList();
        var session = events.FindLastIndex(happened => happened is SessionStarted);
        var compared = events.Skip(session).OfType<Reconciled>().First().Report.Rows
            .Where(row => row.Finding is Finding.Agreed or Finding.Adopted)
            .Select(row => row.Subject)
            .ToHashSet();
        var filled = events.OfType<OrderFilled>().Select(fill => fill.Id).ToHashSet();
        Assert.All(left, order => Assert.True(compared.Contains(order.ClientId.Value) || filled.Contains(order.ClientId), $"{order.ClientId} was forgotten"));
    }

    private static BitmexVenuePort Connect(Uri address, TemporaryFolder folder)
    {
        using var key = ApiKeyFile.Read(folder.File("venue/keys/alice.json"));
        return new BitmexVenuePort(new BitmexOptions { RestBase = address, KeyId = key.Id, Secret = key.Secret.Memory });
    }

    private static List<(string Stream, object Event)> Journaled(TemporaryFolder folder)
    {
        using var journal = SessionReader.Open(new JournalLocation.SqliteDirectory(folder.File("engine/journal")).JournalFile);
        return [.. journal.ListStreams().SelectMany(stream => journal.Read(stream.Stream).Select(record => (stream.Stream, record.Event)))];
    }

    private static async Task HasWhatTheVenueHasAsync(Uri address, TemporaryFolder folder)
    {
        await using var port = Connect(address, folder);
        var symbols = new[] { new Symbol("XBTUSD"), new Symbol("ETHUSDT") };
        await port.Queries.InstrumentsAsync(symbols, _ => { }, CancellationToken.None);
        var events = Journaled(folder);

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
