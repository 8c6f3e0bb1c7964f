using System.Collections.Concurrent;
using System.Collections.Immutable;
using Actors.Domain.Sessions;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Actors.Journal;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>A journal that is slow, or refuses, when it is used for the first time.</summary>
public sealed class ColdJournalTests : IDisposable
{
    private readonly SessionFixture _fixture = new();
    private readonly JournalDatabase _files;
    private readonly ActorSystem _system;

    public ColdJournalTests()
    {
        ColdJournal.Reset();
        _files = JournalDatabase.Open(new JournalLocation.SqliteDirectory(_fixture.Folder));
        var cold = $"class = \"{typeof(ColdJournal).FullName}, {typeof(ColdJournal).Assembly.GetName().Name}\"";
        var config = ConfigurationFactory.ParseString($$"""
            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.persistence.journal.sql { {{cold}}, circuit-breaker { max-failures = 3, call-timeout = 20s, reset-timeout = 1s } }
            akka.persistence.journal.frames { {{cold}} }
            """);
        _system = ActorSystem.Create("cold", BootstrapSetup.Create()
            .WithConfig(config.WithFallback(_files.Hocon(Hocon("persistence.conf"))).WithFallback(_fixture.Configuration.Akka)).And(_files.Setup));
    }

    public void Dispose()
    {
        ColdJournal.FirstWrite.TrySetResult();
        _system.Terminate().Wait();
        _files.Dispose();
        _fixture.Dispose();
    }

    [Fact]
    public async Task No_part_uses_the_journal_before_its_first_write_is_durable()
    {
        var context = Context();
        var manifest = new SessionStarted(context.SessionId, context.Account, "fake", "test", "{}");
        Action<SessionSummary> ended = _ => { };
        _system.ActorOf(Props.Create(() => new EngineActor(context, manifest, ended)), PartNames.Engine);

        await UntilAsync(() => ColdJournal.Happened.Contains("write session-fake-1"), "the first write");
        ColdJournal.FirstWrite.SetResult();
        await UntilAsync(() => View().Phase == SessionPhase.Trading, "trading", () => $"{View().Phase} {View().Reason}");

        Assert.Equal(["read session-fake-1", "write session-fake-1", "durable session-fake-1"], ColdJournal.Happened.Take(3));
        Assert.Contains("write orders-fake-1", ColdJournal.Happened);
        Assert.Equal(0, View().Restarts);

        SessionView View() => context.Board.Picture(context.Now());
    }

    [Fact]
    public async Task Warming_up_asks_until_both_plugins_answer()
    {
        ColdJournal.Refusals = 3;
        await _files.WarmUpAsync(_system, TimeSpan.FromSeconds(60), CancellationToken.None);
        Assert.Equal(2, ColdJournal.Happened.Count(one => one.StartsWith("read ", StringComparison.Ordinal)));
        Assert.DoesNotContain(ColdJournal.Happened, one => one.StartsWith("write ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_journal_that_never_answers_is_one_line()
    {
        ColdJournal.Refusals = int.MaxValue;
        var refused = await Assert.ThrowsAsync<JournalException>(() => _files.WarmUpAsync(_system, TimeSpan.FromSeconds(1), CancellationToken.None));
        Assert.Contains("did not answer within 1 s: ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private SessionContext Context() => new()
    {
        SessionId = "cold",
        Account = "fake-1",
        Settings = _fixture.Settings,
        Venue = _fixture.Venue,
        Clock = TimeProvider.System,
        Instruments = new Dictionary<Domain.Instruments.Symbol, Domain.Instruments.Instrument> { [FakeVenue.Symbol] = FakeVenue.Instrument },
        Timings = _fixture.Configuration.Timings,
        Board = new SessionBoard("cold", "fake-1", "fake", DateTimeOffset.UtcNow),
    };
}

/// <summary>In memory; refuses its first reads as often as it is told, and holds its first write until it is let go. Of the one test at a time that uses it; made by Akka.Persistence.</summary>
public sealed class ColdJournal : MemoryJournal
{
    private static int _writes;
    private static int _refusals;

    public static TaskCompletionSource FirstWrite { get; private set; } = new();

    /// <summary>Reads and writes in their order, with their streams; those that were refused are not here.</summary>
    public static ConcurrentQueue<string> Happened { get; private set; } = [];

    public static int Refusals
    {
        set => _refusals = value;
    }

    public static void Reset()
    {
        (_writes, _refusals) = (0, 0);
        FirstWrite = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Happened = [];
    }

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
    {
        if (Interlocked.Decrement(ref _refusals) >= 0) throw new IOException("not yet");
        Happened.Enqueue($"read {persistenceId}");
        return base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken);
    }

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var writes = messages.ToArray();
        Happened.Enqueue($"write {writes[0].PersistenceId}");
        if (Interlocked.Increment(ref _writes) == 1) await FirstWrite.Task.WaitAsync(cancellationToken);
        var done = await base.WriteMessagesAsync(writes, cancellationToken);
        Happened.Enqueue($"durable {writes[0].PersistenceId}");
        return done;
    }
}
