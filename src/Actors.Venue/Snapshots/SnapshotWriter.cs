using Actors.Venue.Inputs;

namespace Actors.Venue.Snapshots;

/// <summary>
/// Writes snapshots of a venue one at a time: the state is copied on the exchange's thread and written on another. One that cannot be written is
/// told and changes nothing, for the log holds everything.
/// </summary>
internal sealed class SnapshotWriter(VenueState venue, SnapshotFolder folder, long interval, Action<string> tell)
{
    private Task _writing = Task.CompletedTask;

    /// <summary>From one snapshot to the next, in tasks and requests: what carrying the log out again may take at the most.</summary>
    public long Interval { get; } = interval;

    /// <summary>Ends when what was begun is written.</summary>
    public Task Completion => _writing;

    /// <summary>Begins to write the present state; false while the one before is still being written. On the exchange's thread.</summary>
    public bool TryWrite(InputLog log, Func<SnapshotHead> head)
    {
        if (!_writing.IsCompleted) return false;
        try
        {
            var (now, body) = (head(), venue.ToBytes());
            _writing = Task.Run(() => Write(log, now, body));
        }
        catch (InvalidOperationException problem)
        {
            tell($"a snapshot was not taken, the next start carries out more of the log: {problem.Message}");
        }

        return true;
    }

    private void Write(InputLog log, SnapshotHead head, byte[] body)
    {
        try
        {
            // Never a snapshot of what the log does not hold.
            log.Sync();
            folder.Write(head, body);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            tell($"a snapshot cannot be written, the next start carries out more of the log: {problem.Message}");
        }
    }
}
