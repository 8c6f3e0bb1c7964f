using Actors.Domain.Orders;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>How much went on in a session: orders sent, fills counted, intents refused by risk.</summary>
public readonly record struct SessionCounts(long Orders, long Fills, long Refused)
{
    /// <summary>The sessions with their counts, in the order given. Throws as <see cref="JournalArchive.Read"/>.</summary>
    public static IReadOnlyList<(SessionInfo Session, SessionCounts Counts)> Of(JournalArchive archive, IReadOnlyList<SessionInfo> sessions)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(sessions);
        var counts = new Dictionary<string, SessionCounts>(StringComparer.Ordinal);
        foreach (var account in sessions.Select(session => session.Account).Distinct(StringComparer.Ordinal))
        {
            Add(archive, $"orders-{account}", counts);
            Add(archive, $"risk-{account}", counts);
        }

        return [.. sessions.Select(session => (session, counts.GetValueOrDefault(session.Id)))];
    }

    private static void Add(JournalArchive archive, string stream, Dictionary<string, SessionCounts> counts)
    {
        var session = "";
        foreach (var (_, record) in archive.Read(stream))
        {
            if (record.Event is PartBegan began) session = began.SessionId;
            var now = counts.GetValueOrDefault(session);
            counts[session] = record.Event switch
            {
                OrderSubmitted => now with { Orders = now.Orders + 1 },
                OrderFilled => now with { Fills = now.Fills + 1 },
                IntentRefused => now with { Refused = now.Refused + 1 },
                _ => now,
            };
        }
    }
}
