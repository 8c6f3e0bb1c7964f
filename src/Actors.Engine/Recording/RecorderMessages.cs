using Actors.Domain;
using Actors.Domain.Sessions;

namespace Actors.Engine.Recording;

/// <summary>The recorder's protocol.</summary>
public static class RecorderMessages
{
    /// <summary>A raw frame to be journaled.</summary>
    public sealed record Frame(Cursor Cursor, DateTimeOffset At, ReadOnlyMemory<byte> Bytes);

    /// <summary>Write what is waiting; answered with <see cref="Flushed"/> when it is durable.</summary>
    public sealed record Flush;

    public sealed record Flushed;
}

/// <summary>The chronicle's protocol.</summary>
public static class ChronicleMessages
{
    public sealed record Write(SessionEvent Event);

    /// <summary>Make a record of this beat durable, then answer that the chronicle is alive.</summary>
    public sealed record ProveBeat(long Beat);

    /// <summary>Write the session's last record; answered with <see cref="Closed"/>.</summary>
    public sealed record Close(SessionEnded Ended);

    public sealed record Closed;
}
