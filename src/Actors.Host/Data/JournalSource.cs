using System.Text;
using Actors.Bitmex;
using Actors.Host.CommandLine;
using Actors.Host.Keys;
using Actors.Host.Logs;
using Actors.Journal;

namespace Actors.Host.Data;

/// <summary>
/// Where the journal is, as a person names it: not at all (two SQLite files in the data folder), or by a file or <c>systemd:NAME</c> that holds a connection string of
/// PostgreSQL. The string is a secret like a key: never on the command line, never in the configuration, which is journaled.
/// </summary>
internal static class JournalSource
{
    public const string Help = "Keep the journal in PostgreSQL: a file of mode 0600, or systemd:NAME, with its connection string. Default: SQLite files in the data folder.";

    /// <summary>Throws <see cref="UsageException"/> with one line that holds nothing of the secret. What must never be logged goes to <paramref name="secrets"/>.</summary>
    public static JournalLocation Locate(string? source, string directory, SecretRegistry? secrets)
    {
        if (source is null) return new JournalLocation.SqliteDirectory(directory);
        try
        {
            using var content = KeyReader.ReadText(source);
            secrets?.Add(content.Span);
            var location = new JournalLocation.PostgreSql(Encoding.UTF8.GetString(content.Span));
            if (location.Password is { } password) secrets?.Add(Encoding.UTF8.GetBytes(password));
            return location;
        }
        catch (ApiKeyFileException problem)
        {
            throw new UsageException($"--journal: {problem.Message}");
        }
        catch (JournalException problem)
        {
            throw new UsageException($"--journal: {source}: {problem.Message}");
        }
    }
}
