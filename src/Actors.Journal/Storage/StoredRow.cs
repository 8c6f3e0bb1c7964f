using System.Globalization;

namespace Actors.Journal.Storage;

/// <summary>
/// One row of a table of events as the database gave it, of whatever types: SQLite stores any in any column, and a person with a shell, or a flipped byte, can leave a
/// text where a number must be.
/// </summary>
internal readonly record struct StoredRow(object Sequence, object Identifier, object Manifest, object Message, object Deleted)
{
    /// <summary>The columns, in the order of the constructor.</summary>
    public const string Columns = "sequence_number, identifier, manifest, message, deleted";

    /// <summary>What is stored there. Throws <see cref="JournalFormatException"/> when it is not the live record with the number that comes next.</summary>
    public (string Manifest, byte[] Bytes) Check(string stream, long expected)
    {
        if (Number(Sequence) is var sequence && sequence != expected)
            throw new JournalFormatException(stream, expected, $"it is missing: the next one there is {sequence}");
        if (Deleted is not (false or 0L)) throw new JournalFormatException(stream, expected, "it is marked as deleted");
        if (Number(Identifier) != JournalSerializer.FixedIdentifier)
            throw new JournalFormatException(stream, expected, $"it was written by another serializer ({Convert.ToString(Identifier, CultureInfo.InvariantCulture)})");
        return Manifest is string manifest && Message is byte[] message
            ? (manifest, message)
            : throw new JournalFormatException(stream, expected, "its columns are not of the types they must be");
    }

    /// <summary>The record. Throws <see cref="JournalFormatException"/> as above, and when it cannot be read.</summary>
    public JournalRecord Open(string stream, long expected)
    {
        var (manifest, bytes) = Check(stream, expected);
        try
        {
            return RecordCodec.Open(manifest, bytes);
        }
        catch (JournalFormatException unreadable)
        {
            throw new JournalFormatException(stream, expected, unreadable.Message, unreadable);
        }
    }

    /// <summary>A whole number; -1 for what is none.</summary>
    public static long Number(object value) => value switch
    {
        long number => number,
        int number => number,
        _ => -1,
    };
}
