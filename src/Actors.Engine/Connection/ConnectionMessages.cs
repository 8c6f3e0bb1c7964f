using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Engine.Session;

namespace Actors.Engine.Connection;

/// <summary>The connection's protocol.</summary>
public static class ConnectionMessages
{
    /// <summary>Begin connecting; sent once when everything behind the connection is ready.</summary>
    public sealed record Start;

    /// <summary>A frame as the socket's thread received it.</summary>
    internal sealed record FrameReceived(int Connection, ReadOnlyMemory<byte> Bytes, DateTimeOffset At, Backlog Backlog);

    /// <summary>A socket closed, or did not open; RetryAfter: how long the venue wants to be left alone, where it said so.</summary>
    public sealed record SocketClosed(int Connection, string Reason, TimeSpan? RetryAfter = null);

    /// <summary>Ask for a fresh snapshot of a book that may not be traded on.</summary>
    public sealed record ResubscribeBook(Symbol Symbol);

    /// <summary>Send a beat: over the socket while it is up and free, else, or when asked to, without it. Zero disarms.</summary>
    public sealed record SendBeat(TimeSpan Timeout, DateTimeOffset SentAt = default, bool WithoutSocket = false);

    /// <summary>The venue confirmed the beat that was sent at <see cref="SentAt"/>.</summary>
    public sealed record BeatConfirmed(BeatConfirmation Confirmation, DateTimeOffset SentAt, bool OverSocket);

    /// <summary>Told to the engine when the connection becomes live or stops being it. Connection: which of the session's it is.</summary>
    public sealed record LiveChanged(bool IsLive, string Reason, int Connection);
}
