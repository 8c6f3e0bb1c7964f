using Actors.Domain.Sessions;
using Actors.Journal.Codec;
using Actors.Journal.Codec.Compact;

namespace Actors.Journal;

/// <summary>
/// Inputs that an actor has taken since its last record, each encoded when it is taken: what led to nothing costs nothing any more when at last something is decided and an
/// order waits for the record. Sealed by <see cref="ChainGuard.SealTaken"/> they are a <see cref="Consumed"/>, byte for byte.
/// Not thread-safe; owned by one actor.
/// </summary>
public sealed class TakenInputs
{
    private readonly List<TakenInput> _inputs = [];
    private CompactWriter? _encoded;

    public int Count => _inputs.Count;

    /// <summary>Throws <see cref="JournalFormatException"/> for an input that has no format; nothing can be added or sealed after that.</summary>
    public void Add(TakenInput taken)
    {
        ArgumentNullException.ThrowIfNull(taken);
        _encoded ??= CompactWriter.OfPart();
        if (_inputs.Count == 0) _encoded.BeginPart(taken.At, taken.Cursor);
        InputFormats.WriteTaken(_encoded, taken, isFirst: _inputs.Count == 0);
        _inputs.Add(taken);
    }

    /// <summary>All of them as one event, and as the record that holds it; and begins anew. At least one.</summary>
    internal (Consumed Event, byte[] Record) Drain(in Envelope envelope)
    {
        var drained = (new Consumed([.. _inputs]), InputFormats.Write(envelope, _inputs[0], _encoded!));
        _inputs.Clear();
        return drained;
    }
}
