using System.Text;

namespace Actors.Journal;

/// <summary>Where a journal is kept.</summary>
public abstract record JournalLocation
{
    private JournalLocation()
    {
    }

    /// <summary>
    /// SQLite: two files in one directory, made when missing. <c>journal.db</c> holds decisions, <c>frames.db</c> raw frames. One process
    /// at a time.
    /// </summary>
    public sealed record SqliteDirectory(string Path) : JournalLocation
    {
        public string JournalFile => System.IO.Path.Combine(Path, "journal.db");

        public string FramesFile => System.IO.Path.Combine(Path, "frames.db");

        /// <summary>Held open by the process that writes.</summary>
        public string LockFile => System.IO.Path.Combine(Path, "journal.lock");
    }

    /// <summary>PostgreSQL, for several nodes. The connection string may hold a password and is never printed.</summary>
    public sealed record PostgreSql(string ConnectionString) : JournalLocation
    {
        protected override bool PrintMembers(StringBuilder builder)
        {
            builder.Append("ConnectionString = (not shown)");
            return true;
        }
    }
}
