using System.Globalization;
using Actors.Engine.Session;
using Akka.Actor;

namespace Actors.Engine.Supervision;

/// <summary>
/// Sees to it that no mailbox grows without end. Books are told less when they fall behind, and fetch themselves anew; for everybody else a message left out would be an order,
/// a report or a record lost, so that at the bound the session stops in the safe order and says for whom. The bounds of the whole engine stand in <c>src/README.md</c>.
/// </summary>
internal sealed class MailboxWatch(SessionContext session)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly string[] _parts =
    [
        .. session.Parts.Where(part => !part.StartsWith(PartNames.Books, StringComparison.Ordinal)), PartNames.Gateway,
    ];

    /// <summary>Why the session has to stop; null when nobody has too much before it.</summary>
    public string? Look()
    {
        foreach (var part in _parts)
        {
            if (session.Directory.Find(part) is not ActorRefWithCell { Underlying.NumberOfMessages: var waiting } || waiting <= session.Timings.WaitingMax) continue;
            return string.Create(CultureInfo.InvariantCulture, $"{waiting} messages wait for {part}, more than {session.Timings.WaitingMax}: it hangs or cannot keep up");
        }

        return null;
    }

    internal sealed record Due : INoSerializationVerificationNeeded
    {
        public static readonly Due Instance = new();
    }
}
