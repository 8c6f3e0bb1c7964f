using System.Text;
using Akka.Configuration;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Query;

namespace Actors.Journal.Storage;

/// <summary>Where one plugin block finds its tables, and how it reads them.</summary>
internal sealed record PluginTarget(string ConnectionString, string Provider, int Parallelism, bool MakesTables, string ReadIsolation = "unspecified");

/// <summary>
/// The settings that must agree with how the database was opened, and therefore stand in code and not in the file of tunables: plugins, connections,
/// table names, tags and the serializer.
/// </summary>
internal static class PluginConfiguration
{
    /// <summary>Where decisions begin to be recovered from: the newest kept state of a stream.</summary>
    public const string KeptStates = "akka.persistence.snapshot-store.kept-states";
    public const string FramesReadJournal = "akka.persistence.query.journal.frames";

    private const string PluginDispatcher = "akka.persistence.dispatchers.default-plugin-dispatcher";

    /// <summary>Fixed settings over <paramref name="tunables"/> over the plugin's defaults.</summary>
    public static Config Build(PluginTarget decisions, PluginTarget frames, string tunables)
    {
        var text = new StringBuilder();
        text.AppendLine($$"""
            akka.actor.serializers.actors-journal = "{{typeof(JournalSerializer).FullName}}, {{typeof(JournalSerializer).Assembly.GetName().Name}}"
            akka.actor.serialization-bindings."{{typeof(JournalRecord).FullName}}, {{typeof(JournalRecord).Assembly.GetName().Name}}" = actors-journal
            akka.persistence.journal.plugin = "{{JournalDatabase.DecisionsPlugin}}"
            akka.persistence.snapshot-store.plugin = "{{KeptStates}}"
            """);
        // An order waits for each of its decisions: the plugin's own actor, which only hands them on, is run as those who decide are; what writes them, for which a
        // statement is made and a connection opened, is not.
        Journal(text, JournalDatabase.DecisionsPlugin, decisions, SqliteSchema.JournalTable, "akka.actor.default-dispatcher");
        Journal(text, JournalDatabase.FramesPlugin, frames, SqliteSchema.FramesTable, PluginDispatcher);
        StateStore(text, KeptStates, decisions, SqliteSchema.JournalTable);
        StateStore(text, JournalDatabase.FramesStates, frames, SqliteSchema.FramesTable);
        ReadJournal(text, SqlReadJournal.Identifier, JournalDatabase.DecisionsPlugin, decisions, SqliteSchema.JournalTable);
        ReadJournal(text, FramesReadJournal, JournalDatabase.FramesPlugin, frames, SqliteSchema.FramesTable);
        return ConfigurationFactory.ParseString(text.ToString())
            .WithFallback(ConfigurationFactory.ParseString(tunables))
            .WithFallback(SqlPersistence.DefaultConfiguration);
    }

    // The class and the dispatcher are repeated because a second block inherits neither; the plugin adds its other defaults by itself.
    private static void Journal(StringBuilder text, string plugin, PluginTarget target, string table, string dispatcher) => Block(text, plugin, target, $$"""
        class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
        plugin-dispatcher = "{{dispatcher}}"
        materializer-dispatcher = "{{PluginDispatcher}}"
        parallelism = {{target.Parallelism}}
        auto-initialize = {{Flag(target.MakesTables)}}
        tag-write-mode = Csv
        default.journal.table-name = "{{table}}"
        """);

    private static void StateStore(StringBuilder text, string plugin, PluginTarget target, string table) => Block(text, plugin, target, $$"""
        class = "{{typeof(KeptStateStore).FullName}}, {{typeof(KeptStateStore).Assembly.GetName().Name}}"
        plugin-dispatcher = "{{PluginDispatcher}}"
        table-name = "{{table}}"
        """);

    private static void ReadJournal(StringBuilder text, string plugin, string writer, PluginTarget target, string table) => Block(text, plugin, target, $$"""
        class = "Akka.Persistence.Sql.Query.SqlReadJournalProvider, Akka.Persistence.Sql"
        write-plugin = "{{writer}}"
        parallelism = {{target.Parallelism}}
        tag-read-mode = Csv
        default.journal.table-name = "{{table}}"
        """);

    private static void Block(StringBuilder text, string plugin, PluginTarget target, string settings) => text.AppendLine($$"""
        {{plugin}} {
        plugin-id = "{{plugin}}"
        connection-string = {{Quote(target.ConnectionString)}}
        provider-name = "{{target.Provider}}"
        read-isolation-level = {{target.ReadIsolation}}
        {{settings}}
        }
        """);

    private static string Flag(bool value) => value ? "true" : "false";

    private static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
