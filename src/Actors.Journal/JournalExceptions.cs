namespace Actors.Journal;

/// <summary>
/// A record that cannot be read or does not belong where it stands: unknown manifest, newer version, broken payload, broken chain. The message
/// is one line. Where the stream is known, <see cref="Stream"/> and <see cref="Sequence"/> name the first bad record.
/// </summary>
public sealed class JournalFormatException : Exception
{
    public JournalFormatException(string message)
        : base(message)
    {
    }

    public JournalFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public JournalFormatException(string stream, long sequence, string reason, Exception? inner = null)
        : base($"stream {stream}, record {sequence}: {reason}", inner)
    {
        Stream = stream;
        Sequence = sequence;
    }

    public JournalFormatException()
    {
    }

    /// <summary>The persistence id of the stream; null when the record was read on its own.</summary>
    public string? Stream { get; }

    /// <summary>The number of the bad record in its stream, from 1; zero when the record was read on its own.</summary>
    public long Sequence { get; }
}

/// <summary>A journal that cannot be opened: not a database, not writable, made by a newer build. The message is one line and names the file.</summary>
public sealed class JournalException : Exception
{
    public JournalException(string message)
        : base(message)
    {
    }

    public JournalException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public JournalException()
    {
    }
}
