using System.Buffers;
using System.Text;
using System.Text.Json;
using Actors.Bitmex.Rest;
using Actors.Bitmex.Wire;
using Actors.Domain.Port;

namespace Actors.Bitmex.Recordings;

/// <summary>What a recording held: frames of a stream (or messages of a table file), and instrument definitions outside of frames.</summary>
public sealed record RecordingCounts(long Frames, long Instruments);

/// <summary>
/// Plays recorded sessions into neutral messages. Knows the cryptofeed log (<c>epoch: frame</c>, with lines for sent and REST traffic), JSON
/// objects (one a line, several a line, or printed over many lines), and Tardis' CSV of level changes and of trades; each gzipped or not.
/// </summary>
public static class Recording
{
    /// <summary>Plays a whole file. Throws <see cref="RecordingException"/> at the first line that cannot be read.</summary>
    public static RecordingCounts Play(string path, IVenueMessages messages)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(messages);
        using var lines = LineReader.Open(path);
        while (lines.TryRead(out var line))
        {
            var text = line.Trim(" \t\uFEFF"u8);
            if (text.IsEmpty) continue;
            if (text[0] is (byte)'{') return new JsonRecording(lines, messages).Play(line);
            return text.StartsWith("exchange,"u8)
                ? TardisRecording.Play(Encoding.UTF8.GetString(text), lines, messages)
                : new Log(lines, messages).Play(line);
        }

        return new RecordingCounts(0, 0);
    }

    /// <summary>The log that cryptofeed writes: only received lines are frames.</summary>
    private sealed class Log(LineReader lines, IVenueMessages messages)
    {
        private static readonly SearchValues<byte> StampCharacters = SearchValues.Create("0123456789."u8);

        private readonly FramePlayer _frames = new(lines, messages);
        private long _instruments;

        public RecordingCounts Play(ReadOnlySpan<byte> first)
        {
            var line = first;
            do
            {
                if (!line.Trim((byte)' ').IsEmpty) Line(line);
            }
            while (lines.TryRead(out line));
            return new RecordingCounts(_frames.Count, _instruments);
        }

        private void Line(ReadOnlySpan<byte> line)
        {
            var stamp = line.IndexOfAnyExcept(StampCharacters);
            if (stamp > 0 && line[stamp..].StartsWith(": "u8)) _frames.Play(line[(stamp + 2)..], lines.Line);
            else if (line.StartsWith("http"u8) && line.IndexOf(" -> "u8) is > 0 and { } arrow) Rest(line[..arrow], line[arrow..]);
            else if (!line.StartsWith("configuration:"u8) && line.IndexOf(" <- "u8) < 0 && line.IndexOf(" <-> "u8) < 0)
                throw lines.Expected("'<epoch>: <frame>', '<address> <- ..', '<address> <-> ..', '<address> -> ..' or 'configuration: ..'");
        }

        private void Rest(ReadOnlySpan<byte> address, ReadOnlySpan<byte> rest)
        {
            if (address.IndexOf("/instrument"u8) < 0) return;
            var body = rest.IndexOf(": "u8);
            if (body < 0) throw lines.Expected("a body after the time of an answer");
            var symbols = new SymbolTable();
            var rows = RestRows.Read(rest[(body + 2)..].ToArray(), () => new InstrumentRow(symbols), out var reason);
            foreach (var row in rows ?? throw lines.Expected($"an array of instruments: {reason}"))
            {
                _instruments++;
                if (row.TryToReport(out var report, out var refusal)) messages.Instrument(report);
                else if (!row.IsIndex) messages.Undecodable(refusal);
            }
        }
    }
}

/// <summary>Decodes the frames of one recording; a frame that is no JSON ends it with the line's number.</summary>
internal sealed class FramePlayer(LineReader lines, IVenueMessages messages)
{
    private readonly BitmexDecoder _decoder = new();
    private readonly FaultWatch _watched = new(messages);

    public long Count { get; private set; }

    public void Play(ReadOnlySpan<byte> frame, long line)
    {
        Count++;
        var before = _watched.Faults;
        _decoder.Decode(frame, _watched);
        // Most faults are the session's; only text that is no object at all is the file's.
        if (_watched.Faults != before && !IsObject(frame, out var why)) throw lines.Expected($"a whole JSON object: {why}", line);
    }

    private static bool IsObject(ReadOnlySpan<byte> frame, out string why)
    {
        why = "found something else";
        try
        {
            var reader = new Utf8JsonReader(frame);
            var isObject = reader.Read() && reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
                // To the end: the reader throws where the text breaks off.
            }

            return isObject;
        }
        catch (JsonException broken)
        {
            why = WireFormatException.OneLine(broken.Message);
            return false;
        }
    }
}
