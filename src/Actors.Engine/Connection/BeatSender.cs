using Actors.Domain.Port;
using Actors.Engine.Session;
using Akka.Actor;

namespace Actors.Engine.Connection;

/// <summary>
/// Knows which beat a confirmation belongs to. Confirmations on a socket carry nothing of the request, so at most one beat is out on a socket: while it is not
/// confirmed the next leaves without the socket, where request and answer belong together. Owned by the connection.
/// </summary>
internal sealed class BeatSender(SessionContext session)
{
    /// <summary>Beats without the socket that may be out at once; each ends by its own timeout.</summary>
    private const int WithoutSocketMax = 3;

    private DateTimeOffset? _onSocket;
    private int _withoutSocket;

    /// <summary>
    /// Whether the beat goes by the socket, and takes note of it. A disarm does even behind a beat that is out: it must not be overtaken by one sent before it.
    /// </summary>
    public bool TakesSocket(ConnectionMessages.SendBeat beat, bool isLive)
    {
        if (!isLive || beat.WithoutSocket || (_onSocket is not null && beat.Timeout != TimeSpan.Zero)) return false;
        _onSocket = beat.SentAt;
        return true;
    }

    public void ConfirmedOnSocket(BeatConfirmation confirmation)
    {
        if (_onSocket is not { } sentAt) return;
        _onSocket = null;
        session.Directory.Switch.Tell(new ConnectionMessages.BeatConfirmed(confirmation, sentAt, true));
    }

    public void SocketIsGone() => _onSocket = null;

    public void SendWithoutSocket(ConnectionMessages.SendBeat beat, IActorRef connection)
    {
        if (_withoutSocket >= WithoutSocketMax)
        {
            session.Directory.Switch.Tell(new SwitchMessages.BeatFailed($"{_withoutSocket} beats without the socket are out already"));
            return;
        }

        _withoutSocket++;
        var asked = session.Venue.OrderEntry.BeatAsync(beat.Timeout, CancellationToken.None);
        asked.PipeTo(
            session.Directory.Switch,
            connection,
            success: confirmation => confirmation is null
                ? new SwitchMessages.BeatFailed("the venue did not confirm a beat sent without the socket")
                : new ConnectionMessages.BeatConfirmed(confirmation, beat.SentAt, false),
            failure: cause => new SwitchMessages.BeatFailed(cause.GetBaseException().Message));
        asked.PipeTo(connection, connection, success: _ => Ended.Instance, failure: _ => Ended.Instance);
    }

    public void Handle(object message)
    {
        if (message is Ended) _withoutSocket--;
    }

    internal sealed record Ended : INoSerializationVerificationNeeded
    {
        public static readonly Ended Instance = new();
    }
}
