using System.Collections.Concurrent;
using System.Collections.Immutable;
using Actors.Journal;
using Akka.Actor;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Actors.LoadTests.InProcess;

/// <summary>
/// A journal that confirms at once and keeps of the records no more than the measurement asks for: to hold on to them would have the collector follow more and more of what
/// an engine without a journal lets go. What it would still do is seal them.
/// </summary>
public sealed class SilentJournal : AsyncWriteJournal
{
    // No list at all is how a journal says that every write was made.
    private static readonly Task<IImmutableList<Exception>> Done = Task.FromResult<IImmutableList<Exception>>(null!);

    /// <summary>Of the one run at a time that uses it.</summary>
    internal static ConcurrentQueue<Passage> Passages { get; } = [];

    public override Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback) => Task.CompletedTask;

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) => Task.FromResult(0L);

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        foreach (var write in messages)
        {
            foreach (var one in (IEnumerable<IPersistentRepresentation>)write.Payload)
            {
                if (one.Payload is JournalRecord record && Passage.Of(record) is { } passage) Passages.Enqueue(passage);
            }
        }

        return Done;
    }

    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) => Task.CompletedTask;
}
