using Actors.Domain.Sessions;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence;
using Microsoft.Data.Sqlite;

namespace Actors.Journal.Tests;

/// <summary>A directory of its own that is gone after the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("journal-").FullName;

    public JournalLocation.SqliteDirectory Location => new(Path);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>A journal with an actor system on it, configured as the engine does.</summary>
internal sealed class RunningJournal : IAsyncDisposable
{
    public static readonly string Tunables = File.ReadAllText(FindUp("hocon/persistence.conf"));

    private readonly JournalDatabase _database;

    public RunningJournal(JournalLocation location)
    {
        _database = JournalDatabase.Open(location);
        System = ActorSystem.Create("journal-test", ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(_database.Hocon("akka.loglevel = ERROR\nakka.stdout-loglevel = OFF\n" + Tunables)), _database.Setup));
    }

    public ActorSystem System { get; }

    public IActorRef Start(string stream, string? plugin = null) => System.ActorOf(Props.Create(() => new Scribe(stream, plugin)));

    /// <summary>Lets the plugin make its own tables.</summary>
    public static async Task MakeByPluginAsync(Storage.PluginTarget target)
    {
        // Our own store of states would find no journal of ours there.
        const string None = "class = \"Akka.Persistence.Snapshot.NoSnapshotStore, Akka.Persistence\"";
        var config = ConfigurationFactory.ParseString($"{Storage.PluginConfiguration.KeptStates} {{ {None} }}\n{JournalDatabase.FramesStates} {{ {None} }}")
            .WithFallback(Storage.PluginConfiguration.Build(target, target, "akka.loglevel = ERROR\nakka.stdout-loglevel = OFF"));
        var system = ActorSystem.Create("plugin", config);
        // One after the other: an actor that has recovered has a journal that is ready.
        foreach (var plugin in (string[])[JournalDatabase.DecisionsPlugin, JournalDatabase.FramesPlugin])
            await Scribe.Ask(system.ActorOf(Props.Create(() => new Scribe("any", plugin))));
        await system.Terminate();
    }

    public async ValueTask DisposeAsync()
    {
        await System.Terminate();
        _database.Dispose();
    }

    private static string FindUp(string path)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, path))) return Path.Combine(directory.FullName, path);
        }

        throw new FileNotFoundException(path);
    }
}

/// <summary>Journals what it is told and answers with the record once it is durable; remembers all events in order.</summary>
internal sealed class Scribe : ReceivePersistentActor
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly List<object> _events = [];

    public Scribe(string stream, string? plugin)
    {
        PersistenceId = stream;
        if (plugin is not null) (JournalPluginId, SnapshotPluginId) = (plugin, JournalDatabase.FramesStates);
        var chain = new ChainGuard(stream);
        Recover<SnapshotOffer>(offer =>
        {
            var kept = (JournalRecord)offer.Snapshot;
            chain = new ChainGuard(stream, offer.Metadata.SequenceNr, kept.Hash);
            _events.Add(kept.Event);
        });
        Recover<JournalRecord>(record =>
        {
            chain.Accept(record);
            _events.Add(record.Event);
        });
        Command<Write>(write =>
        {
            var sender = Sender;
            PersistAll(write.Events.Select(happened => chain.Seal(happened, write.At ?? Samples.At, Samples.Cursor)), record =>
            {
                _events.Add(record.Event);
                if (ReferenceEquals(record.Event, write.Events[^1])) sender.Tell(record);
            });
        });
        Command<Recall>(_ => Sender.Tell(_events.ToArray()));
    }

    public override string PersistenceId { get; }

    public static Task<JournalRecord> Tell(IActorRef scribe, params object[] events) => scribe.Ask<JournalRecord>(new Write(events), Patience);

    public static Task<JournalRecord> Tell(IActorRef scribe, DateTimeOffset at, params object[] events) => scribe.Ask<JournalRecord>(new Write(events, at), Patience);

    public static Task<object[]> Ask(IActorRef scribe) => scribe.Ask<object[]>(new Recall(), Patience);

    public static object[] Beats(int count) => [.. Enumerable.Range(1, count).Select(number => new BeatProved(number))];

    internal sealed record Write(object[] Events, DateTimeOffset? At = null);

    private sealed record Recall;
}

/// <summary>What a person with a database shell would do.</summary>
internal static class Shell
{
    public static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    public static object? Run(string file, string statement)
    {
        using var connection = Open(file);
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        return command.ExecuteScalar();
    }
}
