using System.Buffers;
using System.IO.Compression;
using System.Text.Json;
using Actors.Domain.Instruments;

namespace Actors.Workloads;

/// <summary>A recording that cannot be measured with: the message names the file and what was expected.</summary>
public sealed class RecordedSessionException : Exception
{
    public RecordedSessionException(string message)
        : base(message)
    {
    }

    public RecordedSessionException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public RecordedSessionException()
    {
    }
}

/// <summary>
/// Reads a recording into memory: one JSON frame a line, bare or after an epoch (<c>1626993368.0: {...}</c>), gzipped or not. Only
/// frames of whole books are kept, so that every contender does the same work; each book's snapshot lets the recording be cycled.
/// </summary>
public static class RecordedSession
{
    /// <summary>The environment variable that names a recording to measure with besides the generated frames.</summary>
    public const string Variable = "ACTORS_RECORDING";

    private static readonly SearchValues<char> EpochCharacters = SearchValues.Create("0123456789.");

    public static MarketSession Load(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var stream = IsGzip(file) ? (Stream)new GZipStream(file, CompressionMode.Decompress) : file;
            using var lines = new StreamReader(stream);
            var frames = new List<Frame>();
            while (lines.ReadLine() is { } line)
            {
                if (Frame(line) is { } frame) frames.Add(frame);
            }

            return frames.Count > 0
                ? new MarketSession(Path.GetFileName(path), TickSize.Finest, [], frames)
                : throw new RecordedSessionException($"{path}: expected lines of orderBookL2 frames, found none");
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            throw new RecordedSessionException($"{path}: cannot be read: {broken.Message.ReplaceLineEndings(" ")}", broken);
        }
    }

    private static bool IsGzip(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var isGzip = file.ReadAtLeast(magic, 2, false) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
        file.Position = 0;
        return isGzip;
    }

    private static Frame? Frame(string line)
    {
        var start = line.IndexOf('{', StringComparison.Ordinal);
        if (start < 0 || !IsEpoch(line.AsSpan(0, start).TrimEnd(": ").TrimStart('\uFEFF'))) return null;
        var text = line[start..];
        if (!text.Contains("\"orderBookL2\"", StringComparison.Ordinal)) return null;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.TryGetProperty("table", out var table) && table.ValueEquals("orderBookL2")
            ? new Frame(System.Text.Encoding.UTF8.GetBytes(text), document.RootElement.GetProperty("data").GetArrayLength())
            : null;
    }

    /// <summary>True for nothing or an epoch before the frame: what was sent, and REST answers, have an address there.</summary>
    private static bool IsEpoch(ReadOnlySpan<char> before) => !before.ContainsAnyExcept(EpochCharacters);
}
