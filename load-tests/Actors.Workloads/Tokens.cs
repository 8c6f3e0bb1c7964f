using System.Text.Json;

namespace Actors.Workloads;

/// <summary>The baseline of everything that reads frames: the base library's reader over the same bytes, looking at nothing.</summary>
public static class Tokens
{
    public static long Count(IReadOnlyList<Frame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var tokens = 0L;
        for (var i = 0; i < frames.Count; i++) tokens += Count(frames[i].Bytes);
        return tokens;
    }

    public static long Count(ReadOnlySpan<byte> frame)
    {
        var reader = new Utf8JsonReader(frame);
        var tokens = 0L;
        while (reader.Read()) tokens++;
        return tokens;
    }
}
