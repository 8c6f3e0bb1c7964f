using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Actors.Journal.Storage;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Query;

namespace Actors.Journal;

/// <summary>
/// Owns a session's journal on disk: checks or makes the files before any actor runs, holds the directory against a second writer, and says how
/// Akka.Persistence is to use them. Dispose after the actor system has ended.
/// </summary>
/// <remarks>
/// How a journal in trouble shows, on SQLite. A file locked by someone else: a write fails after 2 s, at most 4 s (<c>call-timeout</c> of the circuit
/// breaker). A full disk or a damaged file: at once. The actor that persisted stops with OnPersistFailure; after <c>max-failures</c> such failures the
/// breaker is open and every write fails at once, until one is tried again each <c>reset-timeout</c>. All three stand in <c>hocon/persistence.conf</c>.
/// </remarks>
public sealed class JournalDatabase : IDisposable
{
    /// <summary>Plugin of decisions, the default: a persistent actor that names no plugin uses it.</summary>
    public const string DecisionsPlugin = "akka.persistence.journal.sql";

    /// <summary>Plugin of raw frames: give it as <c>JournalPluginId</c> of the recorder.</summary>
    public const string FramesPlugin = "akka.persistence.journal.frames";

    /// <summary>Where the recorder finds the end of its stream: give it as <c>SnapshotPluginId</c> of the recorder.</summary>
    public const string FramesStates = "akka.persistence.snapshot-store.frames-states";

    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(500);

    private readonly PluginTarget _decisions;
    private readonly PluginTarget _frames;
    private readonly SqliteFile[] _files;
    private readonly IDisposable _held;

    private JournalDatabase(JournalLocation location, PluginTarget decisions, PluginTarget frames, SqliteFile[] files, IDisposable held)
    {
        Location = location;
        _decisions = decisions;
        _frames = frames;
        _files = files;
        _held = held;
        var options = new MultiDataOptionsSetup();
        if (files is [var journal, var raw])
        {
            foreach (var plugin in (string[])[DecisionsPlugin, SqlReadJournal.Identifier])
                options.AddDataOptions(plugin, journal.Options());
            foreach (var plugin in (string[])[FramesPlugin, PluginConfiguration.FramesReadJournal]) options.AddDataOptions(plugin, raw.Options());
        }

        Setup = options;
    }

    public JournalLocation Location { get; }

    /// <summary>Belongs into the actor system's setup, beside <see cref="Hocon"/>.</summary>
    public Setup Setup { get; }

    /// <summary>
    /// Opens, and makes what is missing. Throws <see cref="JournalException"/> with one line: a directory that cannot be written, a file that is no
    /// journal or of a newer build, another process that holds it, a server that does not answer.
    /// </summary>
    public static JournalDatabase Open(JournalLocation location) => Open(location, alone: false);

    /// <summary>The same; with nobody else using it meanwhile, where several otherwise may.</summary>
    internal static JournalDatabase Open(JournalLocation location, bool alone) => location switch
    {
        JournalLocation.SqliteDirectory directory => OpenFiles(directory),
        JournalLocation.PostgreSql server => OpenServer(server, alone),
        _ => throw new ArgumentNullException(nameof(location)),
    };

    /// <summary>
    /// Takes an account for this session until this is disposed. Throws <see cref="JournalException"/> when another session on the same server has it; files are held by
    /// one session anyway. A server that was restarted meanwhile has forgotten it.
    /// </summary>
    public void Claim(string account) => (_held as ServerHold)?.Claim(account);

    /// <summary>
    /// The whole configuration of Akka.Persistence: what this database needs, over <paramref name="tunables"/> (the text of
    /// <c>hocon/persistence.conf</c>), over the plugin's defaults.
    /// </summary>
    public Config Hocon(string tunables) => PluginConfiguration.Build(_decisions, _frames, tunables);

    /// <summary>
    /// Has both plugins answer once before any actor depends on them: they open their connections and are compiled at their first use, which on a busy machine takes
    /// longer than the circuit breaker waits. Only reads. Asks again after a failure; throws <see cref="JournalException"/> with one line when there is no answer within
    /// <paramref name="longest"/>.
    /// </summary>
    public async Task WarmUpAsync(ActorSystem system, TimeSpan longest, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(system);
        await Task.WhenAll(AnswersAsync(DecisionsPlugin), AnswersAsync(FramesPlugin)).ConfigureAwait(false);

        async Task AnswersAsync(string plugin)
        {
            var since = Stopwatch.GetTimestamp();
            while (await AskAsync(system, plugin, longest - Stopwatch.GetElapsedTime(since), cancellation).ConfigureAwait(false) is { } failure)
            {
                if (Stopwatch.GetElapsedTime(since) + AskAgainAfter >= longest)
                    throw new JournalException($"{Location.Title} did not answer within {longest.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s: {failure.GetBaseException().Message.ReplaceLineEndings(" ")}", failure);
                await Task.Delay(AskAgainAfter, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Why a plugin could not tell how long a stream is that nobody writes; null when it could.</summary>
    private static async Task<Exception?> AskAsync(ActorSystem system, string plugin, TimeSpan longest, CancellationToken cancellation)
    {
        try
        {
            var answer = await Persistence.Instance.Apply(system).JournalFor(plugin)
                .Ask<object>(asker => new ReplayMessages(1, 1, 1, "nobody", asker), longest, cancellation).ConfigureAwait(false);
            return (answer as ReplayMessagesFailure)?.Cause;
        }
        catch (AskTimeoutException silent)
        {
            return silent;
        }
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Close();
        _held.Dispose();
    }

    private static JournalDatabase OpenFiles(JournalLocation.SqliteDirectory directory)
    {
        var held = Hold(directory);
        try
        {
            SqliteFile[] files =
            [
                new(directory.JournalFile, SqliteSchema.JournalTables, Durability.PowerCut),
                // A batch of frames ends in the middle of a page; small ones waste less.
                new(directory.FramesFile, SqliteSchema.FramesTables, Durability.ProcessCrash, pageBytes: 1024),
            ];
            foreach (var file in files) file.Prepare();
            // SQLite has one writer: more than one at a time would only make them wait for each other. And its provider takes the writer's lock for every
            // transaction, one that only reads too, unless the level is this one; what is read then is a snapshot all the same, because the cache is not shared.
            // Without it the parts that recover compete for the lock with those that write already, and on a slow machine some of them lose.
            var targets = files.Select(file => new PluginTarget(file.ConnectionString, "SQLite.MS", Parallelism: 1, MakesTables: false, "read-uncommitted")).ToArray();
            return new JournalDatabase(directory, targets[0], targets[1], files, held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The operating system lets go of the lock when the process ends, however it ends.</summary>
    private static FileStream Hold(JournalLocation.SqliteDirectory directory)
    {
        try
        {
            Directory.CreateDirectory(directory.Path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new JournalException($"{directory.Path} cannot be made a directory for the journal: {refused.Message}", refused);
        }

        try
        {
            return new FileStream(directory.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new JournalException($"{directory.Path} cannot be written: {refused.Message}", refused);
        }
        catch (IOException refused)
        {
            throw new JournalException($"{directory.Path} is in use by another session, or cannot be written: {refused.Message}", refused);
        }
    }

    private static JournalDatabase OpenServer(JournalLocation.PostgreSql server, bool alone)
    {
        var decisions = new PluginTarget(Commit(server.ConnectionString, "on"), "PostgreSQL.15", Parallelism: 3, MakesTables: false);
        var frames = decisions with { ConnectionString = Commit(server.ConnectionString, "off") };
        return new JournalDatabase(server, decisions, frames, [], ServerHold.Open(server.ConnectionString, alone));
    }

    /// <summary>Decisions wait for the disk, frames do not; whoever sets Options in the connection string decides for both.</summary>
    internal static string Commit(string connectionString, string mode)
    {
        var builder = new DbConnectionStringBuilder { ConnectionString = connectionString };
        if (!builder.ContainsKey("Options")) builder["Options"] = $"-c synchronous_commit={mode}";
        return builder.ConnectionString;
    }
}
