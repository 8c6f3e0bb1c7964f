using System.Text.RegularExpressions;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Sessions;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Actors.Journal;
using Actors.Journal.Audit;
using Akka.Actor;
using Microsoft.Data.Sqlite;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>
/// The rows of the supervision table in whole sessions, but for those of any exception, which <see cref="SessionTests"/> throws at every part: a journal that cannot be
/// written, one that is not whole, and a part that fails too often.
/// </summary>
public sealed class SupervisionTests : IDisposable
{
    private readonly SessionFixture _fixture = new() { ReconcileInterval = TimeSpan.FromHours(1), Changed = [("restarts-per-minute-max = 20", "restarts-per-minute-max = 3"), ("max = 20s", "max = 3s")] };

    private FakeVenue Venue => _fixture.Venue;

    public void Dispose() => _fixture.Dispose();

    public static TheoryData<string> Journaled() => new(SupervisionTable.Rows.Where(row => row.Remedy == Remedy.Recreate).Select(row => row.Part));

    public static TheoryData<string> Broken() => new(SupervisionTable.Rows.Where(row => row.Remedy == Remedy.StopSession).Select(row => row.Part));

    [Theory]
    [MemberData(nameof(Journaled))]
    [Trait("Regression", "persistent actors dead for good after a database blip")]
    public async Task A_part_whose_records_alone_cannot_be_written_is_made_anew_and_nothing_is_lost(string part)
    {
        Venue.Commission = 5;
        await using var session = await StartAsync();
        Execute(part, $"CREATE TRIGGER gone BEFORE INSERT ON {Table(part)} WHEN NEW.persistence_id LIKE '{Stream(part)}%' BEGIN SELECT RAISE(FAIL, 'disk I/O error'); END");
        Venue.Fill(Venue.Open.Where(order => order.Side == Side.Buy).MaxBy(order => order.Price)!.ClientId, 10);
        var row = SupervisionTable.Rows.Single(one => one.Part == part && one.Remedy == Remedy.Recreate);
        await UntilAsync(
            () => session.View.Phase != SessionPhase.Trading
                && session.View.Events.Any(line => line.Contains($" {part}", StringComparison.Ordinal) && line.EndsWith($": {row.Told}", StringComparison.Ordinal)),
            // In the view: the chronicle shares the journal, and may be away itself.
            "a halt in the words of the table",
            () => Show(session));

        Execute(part, "DROP TRIGGER gone");
        await UntilAsync(
            () => session.View is { Phase: SessionPhase.Trading, OpenOrders.Count: 4 } && Venue.Open.Count == 4 && session.View.Positions[0].Quantity == 10, "trading again", () => Show(session));
        var summary = await session.StopAsync();
        Assert.Empty(summary.Problems);
        Assert.Empty(Venue.Open);
        Assert.All(Read("orders-").OfType<OrderSubmitted>().GroupBy(one => one.Id), group => Assert.Single(group));
        Assert.Single(Read("orders-").OfType<OrderFilled>());
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_part_whose_newest_record_is_damaged_stops_the_session_in_words_and_trades_nothing(string part)
    {
        await using (var first = await StartAsync())
        {
            Venue.Commission = 5;
            Venue.Fill(Venue.Open.Where(order => order.Side == Side.Buy).MaxBy(order => order.Price)!.ClientId, 10);
            await UntilAsync(() => first.View.Positions[0].Quantity == 10 && Venue.Open.Count == 4, "the fill and its answer", () => Show(first));
            if (part == PartNames.Recorder)
            {
                // The recording of a session is its own: nothing of an earlier one is read at a start.
                Damage(part);
                first.Directory.Recorder.Tell(Kill.Instance);
                await StopsAsync(first, part);
                return;
            }
        }

        Damage(part);
        var placed = Venue.Placements;
        await using var second = await _fixture.StartAsync();
        await StopsAsync(second, part);
        Assert.Equal(placed, Venue.Placements);
    }

    [Theory]
    [InlineData("session-")]
    [InlineData("frames-")]
    public async Task A_damaged_record_that_no_start_reads_stops_nothing_and_is_found_by_whoever_reads_it(string stream)
    {
        await using (var first = await StartAsync()) await first.StopAsync();
        Execute(stream, $"UPDATE {Table(stream)} SET message = X'7B7D' WHERE persistence_id LIKE '{stream}%' AND sequence_number = 1");
        await using (var second = await StartAsync())
        {
            var summary = await second.StopAsync();
            Assert.Empty(summary.Problems);
        }

        var found = Assert.Throws<JournalFormatException>(() => Read(stream));
        Assert.DoesNotContain('\n', found.Message);
        var audit = Audit();
        Assert.False(audit.IsWhole);
        Assert.Contains(audit.Findings.Kept, difference => difference.Sequence == 1 && difference.Stream.StartsWith(stream, StringComparison.Ordinal));
    }

    /// <summary>What was on its way to a recorder that lost its journal is gone with its mailbox: the recording has a hole, and it is told as one.</summary>
    [Fact]
    public async Task Frames_that_are_lost_with_the_recorders_journal_are_told_by_the_audit_and_the_story_says_why()
    {
        string id;
        await using (var session = await StartAsync())
        {
            id = session.SessionId;
            await UntilAsync(() => session.View.Recorder.Frames > 0, "frames that are recorded", () => Show(session));
            Execute(PartNames.Recorder, "CREATE TRIGGER gone BEFORE INSERT ON frames BEGIN SELECT RAISE(FAIL, 'disk I/O error'); END");
            Venue.SayRows();
            await UntilAsync(() => session.View.Events.Any(line => line.Contains("recorder failed", StringComparison.Ordinal)), "the loss of the journal", () => Show(session));
            Venue.SayRows();
            Execute(PartNames.Recorder, "DROP TRIGGER gone");
            await UntilAsync(() => session.View is { Phase: SessionPhase.Trading, OpenOrders.Count: 4 }, "trading again", () => Show(session));
            Assert.Equal(1, session.View.Connection.Connections);
            Venue.SayRows();
            Assert.Empty((await session.StopAsync()).Problems);
        }

        var audit = Audit();
        Assert.True(audit.IsWhole);
        Assert.Contains(audit.Findings.Remarks, remark => Regex.IsMatch(remark, $"^frames [0-9]+ to [0-9]+ of connection 1 of session {id} are not recorded$"));
        Assert.Contains(Read("session-").OfType<PartRestarted>(), restarted => restarted.Part == PartNames.Recorder && restarted.Told.Contains("are not recorded", StringComparison.Ordinal));
    }

    /// <summary>
    /// One that ended while it read its records left the next one, under the same reference, with what the journal still had to tell: it took the end of that reading for its own, and wrote
    /// under a number that was taken.
    /// </summary>
    [Fact]
    public async Task Parts_that_are_ended_again_and_again_while_they_recover_write_nothing_twice()
    {
        using var fixture = new SessionFixture
        {
            ReconcileInterval = TimeSpan.FromHours(1),
            Changed = [("restarts-per-minute-max = 20", "restarts-per-minute-max = 100000"), ("recreate-min = 1s", "recreate-min = 10ms"), ("recreate-max = 10s", "recreate-max = 20ms")],
        };
        await using (var session = await fixture.StartAsync())
        {
            await UntilAsync(() => session.View is { Phase: SessionPhase.Trading, OpenOrders.Count: 4 }, "trading", () => Show(session));
            var random = new Random(1);
            string[] parts = [PartNames.Account, PartNames.Risk, PartNames.Orders, PartNames.Strategy("grid"), PartNames.Position(FakeVenue.Symbol), PartNames.Chronicle];
            for (var kill = 0; kill < 600; kill++)
            {
                session.Directory.Find(parts[random.Next(parts.Length)]).Tell(Kill.Instance);
                if (random.Next(3) == 0) await Task.Delay(random.Next(1, 30));
            }

            await UntilAsync(() => session.View is { Phase: SessionPhase.Trading, OpenOrders.Count: 4 }, "trading again", () => Show(session));
            Assert.DoesNotContain(session.View.Events, line => line.Contains("UNIQUE", StringComparison.Ordinal));
            // The last of the killed may still be away: then the venue is asked to cancel.
            await session.StopAsync();
            Assert.Empty(fixture.Venue.Open);
        }

        var audit = SessionAudit.Run(new AuditRequest { Journal = new JournalLocation.SqliteDirectory(fixture.Folder), Decoder = _ => fixture.Venue.CreateDecoder() });
        Assert.True(audit.IsWhole && audit.Findings.Differences == 0, string.Join('\n', audit.Findings.Kept.Select(one => $"{one.Stream} {one.Sequence}: {one.Words}")));
    }

    [Fact]
    public async Task A_part_that_fails_too_often_stops_the_session_in_the_safe_order()
    {
        await using var session = await StartAsync();
        for (var i = 1; i <= 4; i++)
        {
            session.Directory.Account.Tell(Kill.Instance);
            await UntilAsync(() => session.View.Restarts == i && (i == 4 || session.View.Phase == SessionPhase.Trading), "a restart", () => Show(session));
        }

        var summary = await session.Completion.WaitAsync(TimeSpan.FromSeconds(120));
        Assert.Contains(summary.Problems, problem => problem.StartsWith("stopped: account: ", StringComparison.Ordinal));
        Assert.Contains(session.View.Events, line => line.Contains("the session stops: more than 3 restarts in a minute", StringComparison.Ordinal));
        Assert.Empty(Venue.Open);
        Assert.True(summary.SwitchDisarmed);
    }

    /// <summary>Nobody is left who would stop the session in the safe order, or go on with a stop that has begun: the venue does the rest.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_engine_that_fails_itself_ends_the_session_in_words_with_the_switch_armed_and_the_next_goes_on(bool isStopping)
    {
        await using (var session = await StartAsync())
        {
            Venue.ComparisonsHeldUntil = new TaskCompletionSource().Task;
            if (isStopping)
            {
                _ = session.StopAsync();
                await UntilAsync(() => Venue.Open.Count == 0 && session.View.OpenOrders.Count == 0, "the cancellations", () => Show(session));
            }

            var engine = (IInternalActorRef)session.Directory.Engine;
            engine.Tell(new PartMessages.Failed("", null!, null!), ActorRefs.NoSender);
            var summary = await session.Completion.WaitAsync(TimeSpan.FromSeconds(120));
            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(120));
            Assert.True(await engine.WatchAsync(late.Token), "the engine went on");
            var told = SupervisionTable.Row(PartNames.Engine, new InvalidOperationException()).Told;
            var problem = Assert.Single(summary.Problems);
            Assert.StartsWith("engine: ", problem, StringComparison.Ordinal);
            Assert.EndsWith(told, problem, StringComparison.Ordinal);
            Assert.Equal((isStopping ? 0 : 4, SessionPhase.Stopped), (summary.OrdersLeft, summary.Last.Phase));
            Assert.False(summary.SwitchDisarmed);
            Assert.NotNull(Venue.CancelsAt);
            Assert.Same(summary, await session.StopAsync());
        }

        Venue.ComparisonsHeldUntil = Task.CompletedTask;
        await using var next = await StartAsync();
        Assert.Empty((await next.StopAsync()).Problems);
        Assert.Empty(Venue.Open);
        Assert.All(Read("orders-").OfType<OrderSubmitted>().GroupBy(one => one.Id), group => Assert.Single(group));
    }

    private async Task StopsAsync(TradingSession session, string part)
    {
        var summary = await session.Completion.WaitAsync(TimeSpan.FromSeconds(120));
        Assert.Contains(summary.Problems, problem => problem.StartsWith($"stopped: {part}", StringComparison.Ordinal) && !problem.Contains('\n'));
        Assert.Empty(Venue.Open);
        Assert.Equal(10, Venue.Position.Contracts);
    }

    private AuditReport Audit() =>
        SessionAudit.Run(new AuditRequest { Journal = new JournalLocation.SqliteDirectory(_fixture.Folder), Decoder = _ => Venue.CreateDecoder() });

    private void Damage(string part) => Execute(
        part,
        $"UPDATE {Table(part)} SET message = X'7B7D' WHERE persistence_id LIKE '{Stream(part)}%' AND sequence_number = (SELECT MAX(sequence_number) FROM {Table(part)} WHERE persistence_id LIKE '{Stream(part)}%')");

    private static string Stream(string part) => part switch
    {
        PartNames.Chronicle => "session-",
        PartNames.Recorder => "frames-",
        PartNames.Positions => "position-",
        PartNames.Strategies => "strategy-",
        _ => part + "-",
    };

    /// <summary>The table that a part writes to, in a file of its name.</summary>
    private static string Table(string part) => part is PartNames.Recorder or "frames-" ? "frames" : "journal";

    private async Task<TradingSession> StartAsync()
    {
        var session = await _fixture.StartAsync();
        await UntilAsync(() => session.View is { Phase: SessionPhase.Trading, OpenOrders.Count: 4, Orders.Unknown: 0 }, "four orders working", () => Show(session));
        return session;
    }

    private void Execute(string part, string command)
    {
        using var database = new SqliteConnection($"Data Source={Path.Combine(_fixture.Folder, Table(part) + ".db")};Pooling=False");
        database.Open();
        using var one = database.CreateCommand();
        one.CommandText = command;
        one.ExecuteNonQuery();
    }

    private object[] Read(string prefix)
    {
        using var reader = SessionReader.Open(Path.Combine(_fixture.Folder, Table(prefix) + ".db"));
        return [.. reader.ListStreams().Select(one => one.Stream).Where(stream => stream.StartsWith(prefix, StringComparison.Ordinal)).SelectMany(reader.Read).Select(record => record.Event)];
    }

    private static string Show(TradingSession session) =>
        $"{session.View.Phase} {session.View.Reason}; {string.Join(", ", session.View.OpenOrders)}; {string.Join(", ", session.View.Positions)}; {string.Join(" | ", session.View.Events)}";
}
