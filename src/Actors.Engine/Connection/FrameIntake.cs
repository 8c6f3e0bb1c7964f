using Actors.Domain.Port;
using Actors.Engine.Session;
using Akka.Actor;

namespace Actors.Engine.Connection;

/// <summary>
/// Brings what a socket's thread hears into the connection's mailbox. When too many frames wait there it takes no more: the connection is given up at its next
/// tick, and everything that was in them is asked for again.
/// </summary>
internal sealed class FrameIntake(IActorRef connection, int number, Backlog backlog) : IVenueStreamObserver
{
    public void OnFrame(ReadOnlyMemory<byte> frame, DateTimeOffset receivedAt)
    {
        if (backlog.TryEnter()) connection.Tell(new ConnectionMessages.FrameReceived(number, frame, receivedAt, backlog), ActorRefs.NoSender);
    }

    public void OnClosed(string reason) => connection.Tell(new ConnectionMessages.SocketClosed(number, reason), ActorRefs.NoSender);
}
