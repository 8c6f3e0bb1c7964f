using System.Data.Common;
using System.Text;

namespace Actors.Journal;

/// <summary>Where a journal is kept.</summary>
public abstract record JournalLocation
{
    private JournalLocation()
    {
    }

    /// <summary>For a person to read; holds no password.</summary>
    public abstract string Title { get; }

    /// <summary>
    /// SQLite: two files in one directory, made when missing. <c>journal.db</c> holds decisions, <c>frames.db</c> raw frames. One process
    /// at a time.
    /// </summary>
    public sealed record SqliteDirectory(string Path) : JournalLocation
    {
        public override string Title => Path;

        public string JournalFile => System.IO.Path.Combine(Path, "journal.db");

        public string FramesFile => System.IO.Path.Combine(Path, "frames.db");

        /// <summary>Held open by the process that writes.</summary>
        public string LockFile => System.IO.Path.Combine(Path, "journal.lock");
    }

    /// <summary>
    /// PostgreSQL, for several nodes: one database, whose tables <c>journal</c> and <c>frames</c> are made when missing. The connection string may
    /// hold a password and is never printed.
    /// </summary>
    public sealed record PostgreSql : JournalLocation
    {
        /// <summary>Throws <see cref="JournalException"/> with one line, without anything of the text, when it is no connection string or names no host.</summary>
        public PostgreSql(string connectionString)
        {
            ConnectionString = connectionString;
            var fields = new DbConnectionStringBuilder();
            try
            {
                fields.ConnectionString = connectionString;
            }
            catch (ArgumentException)
            {
                throw Malformed();
            }

            string? Field(params string[] names) => names.Select(name => fields.TryGetValue(name, out var value) ? value as string : null).FirstOrDefault(text => !string.IsNullOrEmpty(text));
            var host = Field("Host", "Server") ?? throw Malformed();
            Password = Field("Password", "PSW", "PWD");
            Title = $"PostgreSQL at {host}:{Field("Port") ?? "5432"}, database {Field("Database", "DB") ?? "of the user's name"}";
        }

        public string ConnectionString { get; }

        public override string Title { get; }

        /// <summary>So that it can be masked wherever it might be printed; null when there is none.</summary>
        public string? Password { get; }

        protected override bool PrintMembers(StringBuilder builder)
        {
            builder.Append(Title);
            return true;
        }

        private static JournalException Malformed() =>
            new("the PostgreSQL connection string is malformed; expected one like Host=127.0.0.1;Port=5432;Database=actors;Username=actors;Password=...");
    }
}
