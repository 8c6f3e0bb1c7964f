using Actors.Domain.Sessions;
using Actors.Journal.Storage;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Snapshot;

namespace Actors.Journal;

/// <summary>
/// Tells a recovering actor where its stream can be begun: at the newest record that says all that those before it add up to. That record stands in the stream
/// itself, so this store only ever reads; nothing is saved in it or deleted from it. What it offers is the <see cref="JournalRecord"/>. One that this build cannot read is
/// passed over with a warning for an older one; where there is none the stream is read from its first record. Named in configuration, made by Akka.Persistence.
/// </summary>
public sealed class KeptStateStore(Config config) : SnapshotStore
{
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly string _provider = config.GetString("provider-name");
    private readonly string _connection = config.GetString("connection-string");
    private readonly string _table = config.GetString("table-name");

    protected override Task<SelectedSnapshot> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        Task.Run(() => Load(persistenceId)!, cancellationToken);

    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken) => throw ReadsOnly();

    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken) => throw ReadsOnly();

    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) => throw ReadsOnly();

    private static NotSupportedException ReadsOnly() => new("a kept state is a record of its stream: it is journaled, not saved");

    private SelectedSnapshot? Load(string stream)
    {
        try
        {
            using var reader = SessionReader.Open(EventTable.Of(_provider, _connection, _table));
            var below = long.MaxValue;
            while (reader.FindKeptState(stream, below) is var (sequence, record))
            {
                if (record.Event is not StateUnreadable unreadable) return new SelectedSnapshot(new SnapshotMetadata(stream, sequence, record.At.UtcDateTime), record);
                _log.Warning("stream {Stream}, record {Sequence}: {Reason}; an older one is looked for", stream, sequence, unreadable.Reason);
                below = sequence;
            }
        }
        catch (JournalFormatException damaged)
        {
            _log.Warning("{Reason}; the whole stream is read instead", damaged.Message);
        }

        return null;
    }
}
