using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Engine.Connection;

/// <summary>The connection's protocol.</summary>
public static class ConnectionMessages
{
    /// <summary>Begin connecting; sent once when everything behind the connection is ready.</summary>
    public sealed record Start;

    /// <summary>A frame as the socket's thread received it.</summary>
    public sealed record FrameReceived(int Connection, ReadOnlyMemory<byte> Bytes, DateTimeOffset At);

    public sealed record SocketClosed(int Connection, string Reason);

    /// <summary>Ask for a fresh snapshot of a book that may not be traded on.</summary>
    public sealed record ResubscribeBook(Symbol Symbol);

    /// <summary>Send a beat: over the socket while it is up, else without it. Zero disarms.</summary>
    public sealed record SendBeat(TimeSpan Timeout);

    /// <summary>The venue confirmed a beat.</summary>
    public sealed record BeatConfirmed(BeatConfirmation Confirmation, bool OverSocket);

    /// <summary>Told to the engine when the connection becomes live or stops being it.</summary>
    public sealed record LiveChanged(bool IsLive, string Reason);
}
