using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Sessions;
using Actors.Engine.Session;
using Actors.Journal;
using Microsoft.Data.Sqlite;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>What the journal and the venue do to a session when they fail in the ways that bit others.</summary>
public sealed class FailureTests : IDisposable
{
    /// <summary>No comparison but those that are asked for here: a switch that a loaded machine lets fire would ask for one more.</summary>
    private readonly SessionFixture _fixture = new() { ReconcileInterval = TimeSpan.FromHours(1), SwitchTimeout = TimeSpan.FromSeconds(60) };

    private FakeVenue Venue => _fixture.Venue;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_position_that_differs_is_an_alarm_with_both_numbers_and_is_compared_before_long()
    {
        await using var session = await StartAsync();
        Venue.SayPosition(30, 3_000_000);
        const string Words = "position PERP: ours 0 contracts at cost 0, the venue has 30 contracts at cost 3000000";
        await UntilAsync(() => session.View.Events.Any(line => line.Contains(Words, StringComparison.Ordinal)), "the alarm", () => string.Join(" | ", session.View.Events));
        await UntilAsync(() => session.View.Positions[0].Quantity == 30, "the venue's position", () => string.Join(" | ", session.View.Events));
        await session.StopAsync();
        var alarm = Assert.Single(Read("session-").OfType<DifferenceFound>(), one => one.Subject.StartsWith("position", StringComparison.Ordinal));
        Assert.Equal(("position PERP", "0 contracts at cost 0", "30 contracts at cost 3000000"), (alarm.Subject, alarm.Ours, alarm.Theirs));
    }

    [Fact]
    public async Task A_full_disk_halts_trading_and_trading_resumes_without_a_restart_and_without_a_doubled_order_when_there_is_room()
    {
        await using var session = await StartAsync();
        var placed = Venue.Placements;
        // Every write fails as on a disk without room; reads go on.
        Execute("CREATE TRIGGER full_disk BEFORE INSERT ON journal BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END");
        Venue.Fill(Venue.Open.Where(order => order.Side == Side.Buy).MaxBy(order => order.Price)!.ClientId, 10);
        await UntilAsync(() => session.View.Phase != SessionPhase.Trading, "a halt");
        Assert.Equal(placed, Venue.Placements);

        Execute("DROP TRIGGER full_disk");
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && Venue.Open.Count == 4 && session.View.Positions[0].Quantity == 10, "trading again", () => string.Join(" | ", session.View.Events));
        await session.StopAsync();
        Assert.Empty(Venue.Open);
        Assert.All(Read("orders-").OfType<OrderSubmitted>().GroupBy(one => one.Id), group => Assert.Single(group));
        Assert.Single(Read("orders-").OfType<OrderFilled>());
    }

    private async Task<TradingSession> StartAsync()
    {
        var session = await _fixture.StartAsync();
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && session.View.OpenOrders.Count == 4, "four orders working");
        return session;
    }

    private void Execute(string command)
    {
        using var database = new SqliteConnection($"Data Source={Path.Combine(_fixture.Folder, "journal.db")};Pooling=False");
        database.Open();
        using var one = database.CreateCommand();
        one.CommandText = command;
        one.ExecuteNonQuery();
    }

    private object[] Read(string prefix)
    {
        using var reader = SessionReader.Open(Path.Combine(_fixture.Folder, "journal.db"));
        return [.. reader.ListStreams().Select(one => one.Stream).Where(stream => stream.StartsWith(prefix, StringComparison.Ordinal)).SelectMany(reader.Read).Select(record => record.Event)];
    }
}
