using Actors.Domain.Instruments;
using Actors.Domain.Positions;

namespace Actors.Journal.Audit;

/// <summary>Checks that a position that was told elsewhere is one that its own stream came to, in the same order. Moves forward only, with a reader of its own.</summary>
internal sealed class PositionWalk(Story story, Symbol symbol) : IDisposable
{
    private readonly IEnumerator<(long Sequence, JournalRecord Record)> _records = story.Archive.Read(story.PositionStream(symbol), LedgerFolds.IsOfPosition).GetEnumerator();
    private PositionLedger _ledger = PositionLedger.Empty;

    /// <summary>Whether the stream is at this position, or comes to it.</summary>
    public bool Finds(Position position)
    {
        while (_ledger.Position != position)
        {
            if (!_records.MoveNext()) return false;
            _ledger = _ledger.After(story.Archive, story.PositionStream(symbol), _records.Current.Sequence, _records.Current.Record);
        }

        return true;
    }

    public void Dispose() => _records.Dispose();
}
