using Actors.Venue.Trading;
using Actors.Venue.Wire;

namespace Actors.Venue.Snapshots;

/// <summary>Everything that a venue remembers: what a snapshot holds, in its order.</summary>
internal sealed class VenueState(Exchange exchange, VenueRecords records, BinPublisher bins)
{
    /// <summary>To be raised whenever what is passed, or its order, changes: older snapshots are then left alone, and the log is carried out.</summary>
    public const int Format = 1;

    private int _lastLength;

    public Exchange Exchange { get; } = exchange;

    public BinPublisher Bins { get; } = bins;

    public void Pass(StateStream state)
    {
        Exchange.Pass(state);
        records.Pass(state);
        Bins.Pass(state);
        state.End("venue");
    }

    public byte[] ToBytes()
    {
        using var bytes = new MemoryStream(_lastLength + (_lastLength / 8));
        using (var writer = new BinaryWriter(bytes)) Pass(new StateStream(writer, Exchange));
        var written = bytes.ToArray();
        _lastLength = written.Length;
        return written;
    }
}
