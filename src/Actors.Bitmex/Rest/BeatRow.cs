using System.Text.Json;
using Actors.Bitmex.Wire;

namespace Actors.Bitmex.Rest;

/// <summary>The answer to a beat. What the venue says after a disarm was never captured: zero, null and nothing are all read as "no time".</summary>
internal sealed class BeatRow : IWireRow
{
    public DateTimeOffset? Now { get; private set; }

    public DateTimeOffset? CancelTime { get; private set; }

    public void Set(ReadOnlySpan<byte> name, ref Utf8JsonReader value)
    {
        if (name.SequenceEqual("now"u8)) Now = WireReader.Time(ref value);
        else if (name.SequenceEqual("cancelTime"u8) && value.TokenType != JsonTokenType.Number) CancelTime = WireReader.Time(ref value);
    }
}
