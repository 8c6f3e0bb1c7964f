using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;
using Actors.Engine.Session;
using Actors.Journal;
using Actors.Journal.Audit;
using Microsoft.Data.Sqlite;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>Sessions whose streams keep their state every few records, on a real journal and a venue in memory.</summary>
public sealed class KeptStateTests : IDisposable
{
    private readonly SessionFixture _fixture = new() { Changed = [("keep-state-after = 10000", "keep-state-after = 5")] };

    private FakeVenue Venue => _fixture.Venue;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_session_goes_on_from_kept_states_alone_and_the_audit_computes_each_again()
    {
        await using (var first = await StartAsync())
        {
            await FillAsync(first, Side.Buy);
            await UntilAsync(() => Kept<OrdersKept>() && Kept<RiskKept>() && Kept<StrategyKept>(), "states that were kept");
        }

        // The session before was cut off: its orders, its position and what its strategy remembers go on.
        await using (var second = await StartAsync())
        {
            Assert.Equal(10, second.View.Positions[0].Quantity);
            await FillAsync(second, Side.Sell);
            Assert.Empty((await second.StopAsync()).Problems);
        }

        var verified = Audit();
        Assert.True(verified.IsVerified, string.Join('\n', verified.Findings.Kept));
        Assert.True(verified.Findings.Counts["kept states computed again"] >= 3);

        // What stands before the newest state is not read any more; the audit, which reads it, finds that it was changed.
        Assert.True(Execute("UPDATE journal SET message = X'7B7D' WHERE persistence_id LIKE 'orders-%' AND sequence_number = 1") == 1);
        await using (var third = await StartAsync())
        {
            Assert.Equal(0, third.View.Positions[0].Quantity);
            Assert.Empty((await third.StopAsync()).Problems);
        }

        Assert.Contains(Audit().Findings.Kept, difference => difference is { Sequence: 1 } && difference.Stream.StartsWith("orders-", StringComparison.Ordinal));
    }

    /// <summary>What a session decided goes up to a state of each stream; the sessions after it are recovered, audited, told and exported as before.</summary>
    [Fact]
    public async Task Old_decisions_are_removed_and_what_is_kept_goes_on_as_before()
    {
        await using (var first = await StartAsync())
        {
            await FillAsync(first, Side.Buy);
            await UntilAsync(() => Kept<OrdersKept>() && Kept<RiskKept>() && Kept<StrategyKept>(), "states that were kept");
            Assert.Empty((await first.StopAsync()).Problems);
        }

        await using (var second = await StartAsync())
        {
            await FillAsync(second, Side.Sell);
            Assert.Empty((await second.StopAsync()).Problems);
        }

        var sessions = SessionIndex.List(JournalArchive.Open(Location));
        var (gone, kept) = (sessions[0].Id, sessions[1].Id);
        var before = Audit(kept);
        var records = Execute("UPDATE journal SET tags = tags");
        var pruned = JournalPruning.Run(Location, sessions[1].StartedAt, DateTimeOffset.UtcNow, Retention.FramesAndDecisions).OfType<DecisionsPruned>().ToList();
        Assert.All((string[])["orders-", "risk-", "strategy-"], stream => Assert.Contains(pruned, one => one.Stream.StartsWith(stream, StringComparison.Ordinal) && one.SessionId == gone));
        Assert.Equal(records + pruned.Count + 1 - pruned.Sum(one => one.Sequence), Execute("UPDATE journal SET tags = tags"));

        // The session that is kept is decided again to the same counts; the one that is gone is not, and says so.
        var after = Audit(kept);
        Assert.True(after.IsVerified, string.Join('\n', after.Findings.Kept));
        string[] whole = ["records verified", "kept states computed again", "checkpoints verified"];
        Assert.Equal(before.Findings.Counts.Where(count => !whole.Contains(count.Key)), after.Findings.Counts.Where(count => !whole.Contains(count.Key)));
        Assert.Contains(after.Findings.Remarks, remark => remark.EndsWith($"up to session {gone} nothing can be decided again", StringComparison.Ordinal));
        Assert.Contains("cannot be decided again", Assert.Throws<JournalException>(() => Audit(gone)).Message, StringComparison.Ordinal);
        WritesAndTells(gone, kept);

        // The next session begins with the states, and its audit too.
        await using (var third = await StartAsync())
        {
            Assert.Equal(0, third.View.Positions[0].Quantity);
            await FillAsync(third, Side.Buy);
            Assert.Empty((await third.StopAsync()).Problems);
        }

        foreach (var one in (string?[])[null, kept])
        {
            var verified = Audit(one);
            Assert.True(verified.IsVerified, string.Join('\n', verified.Findings.Kept));
        }

        // And once more, behind what is gone already.
        Assert.NotEmpty(JournalPruning.Run(Location, DateTimeOffset.UtcNow.AddHours(1), DateTimeOffset.UtcNow, Retention.FramesAndDecisions).OfType<DecisionsPruned>());
        var last = Audit();
        Assert.True(last.IsVerified, string.Join('\n', last.Findings.Kept));
        Assert.Throws<JournalException>(() => Audit(kept));
    }

    /// <summary>Everything else that reads a journal.</summary>
    private void WritesAndTells(string gone, string kept)
    {
        var archive = JournalArchive.Open(Location);
        var sessions = SessionIndex.List(archive);
        Assert.Equal([(gone, true), (kept, false)], sessions.Select(session => (session.Id, session.IsPruned)));
        Assert.True(SessionCounts.Of(archive, sessions)[1].Counts.Orders > 0);
        var moment = MomentState.Of(archive, sessions[1], sessions[1].LastAt, _ => Venue.CreateDecoder());
        Assert.Equal(0, moment.Instruments[0].Position.Quantity.Contracts);
        Assert.Throws<JournalException>(() => MomentState.Of(archive, sessions[0], sessions[0].LastAt, _ => Venue.CreateDecoder()));
        Assert.All(sessions, session => Assert.True(SessionExport.Records(archive, session, _ => { }) > 0));
        var report = Path.Combine(_fixture.Folder, "report");
        Actors.Journal.Audit.Report.StoryReport.Write(JournalArchive.Open(Location), Audit(kept), report, _ => Venue.CreateDecoder());
        Assert.Contains("Verified: the journal is whole", File.ReadAllText(Path.Combine(report, "report.html")), StringComparison.Ordinal);
        var strict = SessionAudit.Run(new AuditRequest { Journal = Location, Decoder = _ => Venue.CreateDecoder(), WhatIf = new RiskLimits([Limit.Of(LimitKind.OrderQuantity, LimitScope.Of(new Symbol("PERP")), 1)]) });
        Assert.True(strict.WhatIf!.RefusedCount > 0);
    }

    [Fact]
    public async Task A_start_that_read_much_keeps_a_state_for_the_next()
    {
        _fixture.Changed = [("keep-state-after = 10000", "keep-state-after = 100")];
        await using (var first = await StartAsync()) await FillAsync(first, Side.Buy);
        Assert.False(Kept<OrdersKept>());
        await using (var second = await StartAsync())
        {
            await UntilAsync(Kept<OrdersKept>, "a state of the orders, long before the hundredth record");
            Assert.Equal(10, second.View.Positions[0].Quantity);
            Assert.Empty((await second.StopAsync()).Problems);
        }

        await using (var third = await StartAsync())
        {
            Assert.Equal(10, third.View.Positions[0].Quantity);
            Assert.Empty((await third.StopAsync()).Problems);
        }

        var verified = Audit();
        Assert.True(verified.IsVerified, string.Join('\n', verified.Findings.Kept));
        Assert.True(verified.Findings.Counts["kept states computed again"] >= 1);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("strategy")]
    [InlineData("risk")]
    public async Task A_kept_state_that_was_changed_stops_the_session(string kind)
    {
        await using (var first = await StartAsync())
        {
            foreach (var side in (Side[])[Side.Buy, Side.Sell, Side.Buy, Side.Sell]) await FillAsync(first, side);
            await UntilAsync(() => Execute($"UPDATE journal SET tags = tags WHERE manifest LIKE '{kind}-kept/%'") > 1, "two kept states");
            await first.StopAsync();
        }

        // One that is the last of its stream goes: that it was changed nobody but the audit could find. Then a blank more where blanks may stand, which reads as before.
        var newest = $"SELECT max(ordering) FROM journal WHERE manifest LIKE '{kind}-kept/%'";
        Execute($"DELETE FROM journal WHERE manifest LIKE '{kind}-kept/%' AND ordering = ({newest}) AND sequence_number = (SELECT max(sequence_number) FROM journal AS other WHERE other.persistence_id = journal.persistence_id)");
        Assert.True(Execute($"UPDATE journal SET message = CAST(CAST(message AS TEXT) || ' ' AS BLOB) WHERE ordering = ({newest})") == 1);
        await using var second = await _fixture.StartAsync();
        var summary = await second.Completion.WaitAsync(TimeSpan.FromSeconds(120));
        Assert.Contains(summary.Problems, problem => problem.StartsWith("stopped: ", StringComparison.Ordinal));
        Assert.Empty(Venue.Open);
    }

    [Fact]
    public async Task A_part_that_crashes_goes_on_from_the_kept_state()
    {
        await using var session = await StartAsync();
        await FillAsync(session, Side.Buy);
        await UntilAsync(Kept<OrdersKept>, "a kept state of the orders");
        foreach (var part in (string[])["orders", "risk", "account", "chronicle", "recorder", "positions/PERP", "strategies/grid"])
        {
            var before = session.View.Restarts;
            session.Directory.Find(part).Tell(Akka.Actor.Kill.Instance, Akka.Actor.ActorRefs.NoSender);
            await UntilAsync(() => session.View.Restarts > before && session.View.Phase == SessionPhase.Trading, $"{part} back and trading", () => $"{session.View.Phase} {session.View.Reason}");
        }

        await FillAsync(session, Side.Sell);
        Assert.Equal(0, session.View.Positions[0].Quantity);
        Assert.Empty((await session.StopAsync()).Problems);
        var verified = Audit();
        Assert.True(verified.IsVerified, string.Join('\n', verified.Findings.Kept));
    }

    private async Task<TradingSession> StartAsync()
    {
        var session = await _fixture.StartAsync();
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && session.View.Orders.Unknown == 0 && session.View.OpenOrders.Count(order => order.State == "working") >= 3, "orders working",
            () => $"{session.View.Phase} {session.View.Reason}; {string.Join(", ", session.View.OpenOrders)}");
        return session;
    }

    /// <summary>The order nearest to the market is filled, and answered by the strategy on the other side.</summary>
    private async Task FillAsync(TradingSession session, Side side)
    {
        var position = session.View.Positions[0].Quantity + (10 * side.Sign());
        await UntilAsync(() => Venue.Open.Any(order => order.Side == side), $"a {side}");
        Venue.Fill(Venue.Open.Where(order => order.Side == side).MaxBy(order => order.Price * side.Sign())!.ClientId, 10);
        await UntilAsync(() => session.View.Positions[0].Quantity == position, "the fill");
    }

    private JournalLocation.SqliteDirectory Location => new(_fixture.Folder);

    private AuditReport Audit(string? session = null) => SessionAudit.Run(new AuditRequest
    {
        Journal = Location,
        SessionId = session,
        Decoder = _ => Venue.CreateDecoder(),
    });

    private bool Kept<T>()
        where T : StateKept
    {
        using var reader = SessionReader.Open(Path.Combine(_fixture.Folder, "journal.db"));
        return reader.ListStreams().Any(stream => reader.FindKeptState(stream.Stream)?.Record.Event is T);
    }

    private int Execute(string command)
    {
        using var database = new SqliteConnection($"Data Source={Path.Combine(_fixture.Folder, "journal.db")};Pooling=False");
        database.Open();
        using var one = database.CreateCommand();
        one.CommandText = command;
        return one.ExecuteNonQuery();
    }
}
