using System.Text;
using Actors.Domain;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Journal.Audit;
using Actors.Journal.Codec.Kept;

namespace Actors.Journal.Tests;

/// <summary>States that streams keep: their bytes, what is made of them, and how recovery finds them.</summary>
public class KeptStateTests
{
    private static string[] Golden(int file) => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", $"kept-states-{file}.txt"));

    [Fact]
    public void Every_kept_state_of_the_domain_has_a_format_and_a_sample()
    {
        var kinds = typeof(StateKept).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(StateKept)) && type != typeof(StateUnreadable)).ToHashSet();
        Assert.Equal(kinds, KeptSamples.All.Select(sample => sample.GetType()).ToHashSet());
        Assert.Equal(kinds, KeptStates.All.Select(format => format.Type).ToHashSet());
    }

    /// <summary>As for events: never change a line, add one in a new file under a new version.</summary>
    [Fact]
    public void Golden_bytes_stay_as_they_are_and_can_be_read()
    {
        // What the first file has in an older version is what the sample is today.
        var first = Golden(1);
        foreach (var (line, sample) in first.Zip(KeptSamples.All)) Assert.Equal(Line(sample), Line(Read(line)));
        // The second has those that said more since, the third those that became compact.
        var second = Golden(2);
        foreach (var (line, sample) in second.Zip(KeptSamples.All.OfType<RiskKept>())) Assert.Equal(Line(sample), Line(Read(line)));
        var written = KeptSamples.All.Select(Line).Where(line => !first.Contains(line) && !second.Contains(line)).ToList();
        Assert.Equal(Golden(3), written);
        foreach (var line in written) Assert.Equal(line, Line(Read(line)));

        static StateKept Read(string line)
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var (manifest, stored) = (line[..tab], line[(tab + 1)..]);
            var state = Assert.IsAssignableFrom<StateKept>(RecordCodec.Open(manifest, RecordCodec.IsWords(manifest) ? Encoding.UTF8.GetBytes(stored) : Convert.FromHexString(stored)).Event);
            Assert.IsNotType<StateUnreadable>(state);
            return state;
        }

        static string Line(StateKept state)
        {
            var record = RecordCodec.Seal(state, Samples.At, Samples.Cursor, []);
            return $"{record.Manifest}\t{(RecordCodec.IsWords(record.Manifest) ? Encoding.UTF8.GetString(record.Bytes.Span) : Convert.ToHexStringLower(record.Bytes.Span))}";
        }
    }

    /// <summary>A ledger at all its bounds, with more texts than a record refers to.</summary>
    [Fact]
    public void A_large_state_comes_back_whole()
    {
        var sample = KeptSamples.All.OfType<OrdersKept>().Last();
        var kept = sample with
        {
            Finished = [.. Enumerable.Range(0, OrderLedger.FinishedMax).Select(number => sample.Finished[0] with
            {
                Terms = Terms($"o{number}"),
                VenueOrderId = $"venue-{number % 1_999}",
                Reason = $"reason {number % 7}",
                FinishedSequence = number,
            })],
            Executions = [.. Enumerable.Range(0, OrderLedger.ExecutionsMax).Select(number => $"e{number % 19_000}")],
        };
        var read = (OrdersKept)Stored(kept);
        Assert.Equal(kept.Executions, read.Executions);
        Assert.Equal(kept.Finished.Select(Told), read.Finished.Select(Told));
        Assert.True(Bytes(kept).SequenceEqual(Bytes(read)));

        static string Told(Order order) => $"{order.Id} {order.VenueOrderId} {order.Reason} {order.FinishedSequence}";
    }

    [Fact]
    public void A_state_of_a_newer_build_is_a_link_of_its_chain_and_says_nothing()
    {
        var record = RecordCodec.Seal(KeptSamples.All[1], Samples.At, Samples.Cursor, RecordCodec.Seal(KeptSamples.All[0], Samples.At, Samples.Cursor, []).Hash);
        var newer = RecordCodec.Open("orders-kept/3", record.Bytes);
        Assert.Contains("newer build", Assert.IsType<StateUnreadable>(newer.Event).Reason, StringComparison.Ordinal);
        Assert.Equal(record.Previous.ToArray(), newer.Previous.ToArray());
        Assert.Equal(record.Previous.ToArray(), RecordCodec.ReadPrevious("orders-kept/3", record.Bytes).ToArray());
    }

    [Theory]
    [InlineData("risk-kept/3", "{\"sequence\":1}", "newer build")]
    [InlineData("orders-kept/1", "{\"sequence\":\"one\"}", "'sequence'")]
    public void A_state_that_cannot_be_read_is_a_link_of_its_chain_and_says_nothing(string manifest, string fields, string expected)
    {
        var previous = RecordCodec.Seal(KeptSamples.All[0], Samples.At, Samples.Cursor, []).Hash;
        var record = RecordCodec.Open(manifest, Encoding.UTF8.GetBytes(
            $$"""{"at":"2026-09-01T12:30:00.1234567Z","cursor":"1:2","prev":"{{Convert.ToHexStringLower(previous)}}","event":{{fields}}}"""));
        Assert.Contains(expected, Assert.IsType<StateUnreadable>(record.Event).Reason, StringComparison.Ordinal);
        Assert.Equal(previous, record.Previous.ToArray());
        Assert.Equal(new Cursor(1, 2), record.Cursor);
        Assert.Throws<JournalFormatException>(() => RecordCodec.Open(manifest, "{}"u8.ToArray()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_ledger_that_was_kept_and_restored_does_the_same_as_one_that_was_not(int seed)
    {
        var random = new Random(seed);
        var ids = new List<ClientOrderId>();
        var (whole, restored) = (OrderLedger.Empty, OrderLedger.Empty);
        var most = 0;
        for (var step = 0; step < 24_000; step++)
        {
            var happened = Next(random, whole, ids, step);
            whole = whole.Apply(happened, Samples.At.AddSeconds(step));
            restored = restored.Apply(happened, Samples.At.AddSeconds(step));
            most = Math.Max(most, whole.Finished.Count);
            if (random.Next(3_000) == 0) restored = OrderLedger.Restore((OrdersKept)Stored(restored.Keep()));
        }

        Assert.True(most == OrderLedger.FinishedMax, "the bound was not reached");
        Assert.True(Bytes(whole.Keep()).SequenceEqual(Bytes(restored.Keep())), $"seed {seed}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_position_that_was_kept_and_restored_does_the_same_as_one_that_was_not(int seed)
    {
        var random = new Random(seed);
        var (whole, restored) = (PositionLedger.Empty, PositionLedger.Empty);
        for (var step = 0; step < PositionLedger.ExecutionsMax + 5_000; step++)
        {
            PositionEvent happened = random.Next(20) switch
            {
                0 => new PositionCharged($"e{step}", "Funding", random.Next(-5, 5), Samples.At.AddSeconds(random.Next(step + 1))),
                1 => new PositionAdopted(new Quantity(random.Next(-9, 9)), random.Next(-9, 9), "differs"),
                _ => new PositionFilled($"e{step}", new Quantity(random.Next(-9, 9)), 1.5m, random.Next(-99, 99), 1, Samples.At.AddSeconds(random.Next(step + 1))),
            };
            (whole, restored) = (whole.Apply(happened), restored.Apply(happened));
            if (random.Next(3_000) == 0) restored = PositionLedger.Restore((PositionKept)Stored(restored.Keep()));
        }

        Assert.True(Bytes(whole.Keep()).SequenceEqual(Bytes(restored.Keep())), $"seed {seed}");
    }

    [Fact]
    public void A_late_report_of_an_order_that_was_forgotten_means_nothing()
    {
        var ledger = OrderLedger.Empty;
        for (var i = 0; i <= OrderLedger.FinishedMax; i++)
        {
            ledger = ledger.Apply(new OrderSubmitted(Terms($"o{i}"), new OrderOrigin("s", 0)), Samples.At);
            ledger = ledger.Apply(new OrderLost(new($"o{i}")), Samples.At);
        }

        var report = (Domain.Orders.ReportTold)Samples.Events.OfType<Consumed>().SelectMany(one => one.Inputs).First(one => one.Input is ReportTold).Input;
        Assert.Null(ledger.Find(new("o0")));
        Assert.NotNull(ledger.Find(new("o1")));
        Assert.Empty(OrderDecisions.OnReport(ledger, report.Report with { ClientId = new("o0") }, TickSize.Finest));
        Assert.NotEmpty(OrderDecisions.OnReport(ledger, report.Report with { ClientId = new("o1") }, TickSize.Finest));
    }

    [Fact]
    public async Task Recovery_begins_at_the_newest_state_and_reads_nothing_before_it()
    {
        using var directory = new TemporaryDirectory();
        await using (var running = new RunningJournal(directory.Location))
        {
            await Scribe.Tell(running.Start("session"), [.. Scribe.Beats(5), KeptSamples.All[0], new BeatProved(6), KeptSamples.All[1], new BeatProved(7)]);
            await Scribe.Tell(running.Start("other"), Scribe.Beats(2));
        }

        Shell.Run(directory.Location.JournalFile, "UPDATE journal SET message = X'00' WHERE persistence_id = 'session' AND sequence_number < 8");
        await using (var running = new RunningJournal(directory.Location))
        {
            var events = await Scribe.Ask(running.Start("session"));
            Assert.Equal(2, events.Length);
            Assert.True(Bytes(KeptSamples.All[1]).SequenceEqual(Bytes((StateKept)events[0])));
            Assert.Equal(new BeatProved(7), events[1]);
            await Scribe.Tell(running.Start("session"), new BeatProved(8));
            Assert.Equal(Scribe.Beats(2), await Scribe.Ask(running.Start("other")));
        }

        using var reader = SessionReader.Open(directory.Location.JournalFile);
        var (sequence, kept) = reader.FindKeptState("session")!.Value;
        Assert.Equal(8, sequence);
        Assert.Equal([7L, 8L], reader.Read(new ChainGuard("session", sequence, kept.Hash), long.MaxValue).Select(record => ((BeatProved)record.Event).Beat));
    }

    [Fact]
    public async Task A_state_of_a_newer_build_is_passed_over_and_the_whole_stream_is_read()
    {
        using var directory = new TemporaryDirectory();
        await using (var running = new RunningJournal(directory.Location)) await Scribe.Tell(running.Start("session"), [.. Scribe.Beats(3), KeptSamples.All[0]]);
        Shell.Run(directory.Location.JournalFile, "UPDATE journal SET manifest = 'orders-kept/3' WHERE sequence_number = 4");
        await using var second = new RunningJournal(directory.Location);
        var events = await Scribe.Ask(second.Start("session"));
        Assert.Equal(Scribe.Beats(3), events[..3]);
        Assert.IsType<StateUnreadable>(events[3]);
    }

    [Fact]
    public async Task A_stream_that_ends_with_its_state_goes_on_behind_it()
    {
        using var directory = new TemporaryDirectory();
        await using (var running = new RunningJournal(directory.Location)) await Scribe.Tell(running.Start("session"), [.. Scribe.Beats(3), KeptSamples.All[0]]);
        await using (var running = new RunningJournal(directory.Location))
        {
            Assert.IsType<OrdersKept>(Assert.Single(await Scribe.Ask(running.Start("session"))));
            await Scribe.Tell(running.Start("session"), new BeatProved(8));
        }

        using var reader = SessionReader.Open(directory.Location.JournalFile);
        Assert.Equal(5, reader.Read("session").Count());
    }

    /// <summary>Where the beginning of the stream was removed, there is no whole stream to read.</summary>
    [Fact]
    public async Task A_state_of_a_newer_build_is_passed_over_for_an_older_one()
    {
        using var directory = new TemporaryDirectory();
        await using (var running = new RunningJournal(directory.Location))
            await Scribe.Tell(running.Start("session"), [.. Scribe.Beats(3), KeptSamples.All[0], new BeatProved(4), KeptSamples.All[0]]);
        Shell.Run(directory.Location.JournalFile, "UPDATE journal SET manifest = 'orders-kept/9' WHERE sequence_number = 6");
        Shell.Run(directory.Location.JournalFile, "DELETE FROM journal WHERE sequence_number < 4");
        await using var second = new RunningJournal(directory.Location);
        var events = await Scribe.Ask(second.Start("session"));
        Assert.Equal([KeptSamples.All[0].GetType(), typeof(BeatProved), typeof(StateUnreadable)], events.Select(one => one.GetType()));
    }

    [Fact]
    public async Task The_audit_finds_a_state_that_is_not_what_the_records_before_it_add_up_to()
    {
        using var directory = new TemporaryDirectory();
        await using (var running = new RunningJournal(directory.Location))
        {
            await Scribe.Tell(running.Start("session-fake-7"), new SessionStarted("s1", "fake-7", "fake", "test", "{}") { Plan = Samples.Plan });
            await Scribe.Tell(running.Start("orders-fake-7"), new PartBegan("s1", "orders"), OrderLedger.Empty.Keep(), new OrdersKept(3, null, null, [], [], []));
            await Scribe.Tell(running.Start("position-fake-7-XBTUSD"), new PartBegan("s1", "position"), PositionLedger.Empty.Keep());
            await Scribe.Tell(running.Start("frames-fake-7-s1", JournalDatabase.FramesPlugin), new PartBegan("s1", "recorder"));
        }

        var findings = SessionAudit.Run(new AuditRequest { Journal = directory.Location, Decoder = _ => new NoFrames() }).Findings;
        var found = Assert.Single(findings.Kept);
        Assert.Equal(("orders-fake-7", 3L), (found.Stream, found.Sequence));
        Assert.Contains("\"sequence\":3", found.Causes[1], StringComparison.Ordinal);
        Assert.Equal(3, findings.Counts["kept states computed again"]);
    }

    private sealed class NoFrames : IVenueDecoder
    {
        public void Decode(ReadOnlySpan<byte> frame, IVenueMessages messages) => throw new InvalidOperationException("no frame was recorded");
    }

    /// <summary>A life of orders as it could be: they are submitted, end, are taken back and end again, in any order.</summary>
    private static OrderEvent Next(Random random, OrderLedger ledger, List<ClientOrderId> ids, int step)
    {
        if (ids.Count == 0 || random.Next(3) == 0)
        {
            ids.Add(new($"o{step}"));
            return new OrderSubmitted(Terms(ids[^1].Value), new OrderOrigin("s", step % 5));
        }

        var id = ids[^random.Next(1, Math.Min(ids.Count, 2_500) + 1)];
        if (ledger.Find(id) is null) return new ExecutionsReconciled(Samples.At.AddSeconds(step));
        return random.Next(6) switch
        {
            0 => new OrderAcknowledged(id, $"v{step}", Samples.At.AddSeconds(step)),
            1 => new OrderFilled(id, $"e{step}", new Quantity(random.Next(1, 9)), 1.5m, 1, 2, Samples.At.AddSeconds(random.Next(step))),
            2 => new OrderCancelRequested(id),
            3 => new OrderTransitionRefused(id, OrderState.Filled, "late"),
            _ => new OrderCancelled(id, "asked"),
        };
    }

    private static OrderTerms Terms(string id) => new(new(id), new Symbol("XBTUSD"), Side.Buy, new Quantity(10), OrderType.Limit, new Price(5));

    private static StateKept Stored(StateKept state)
    {
        var record = RecordCodec.Seal(state, Samples.At, Samples.Cursor, []);
        return (StateKept)RecordCodec.Open(record.Manifest, record.Bytes).Event;
    }

    private static ReadOnlySpan<byte> Bytes(StateKept state) => RecordCodec.Seal(state, Samples.At, Samples.Cursor, []).Bytes.Span;
}
