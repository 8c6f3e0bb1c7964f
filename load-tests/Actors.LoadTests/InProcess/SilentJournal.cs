using System.Collections.Concurrent;
using System.Collections.Immutable;
using Actors.Journal;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Actors.LoadTests.InProcess;

/// <summary>A journal that confirms at once and keeps records only for the measurement: what an engine without one would still do is seal them.</summary>
public sealed class SilentJournal : AsyncWriteJournal
{
    // No list at all is how a journal says that every write was made.
    private static readonly Task<IImmutableList<Exception>> Done = Task.FromResult<IImmutableList<Exception>>(null!);

    /// <summary>Of the one run at a time that uses it.</summary>
    public static ConcurrentQueue<JournalRecord> Records { get; } = [];

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback) => Task.CompletedTask;

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) => Task.FromResult(0L);

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        foreach (var write in messages)
        {
            foreach (var one in (IEnumerable<IPersistentRepresentation>)write.Payload)
            {
                if (one.Payload is JournalRecord { Event: not FramesRecorded } record) Records.Enqueue(record);
            }
        }

        return Done;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) => Task.CompletedTask;
}
