using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>Writes a session's journal as lines of text, verbatim: every record as it is stored, with its place and its hash, a compact one in words too; every frame with its time.</summary>
public static class SessionExport
{
    /// <summary>
    /// The records of decisions as JSON, stream by stream: <c>stream</c>, <c>sequence</c>, <c>manifest</c>, <c>hash</c>, the <c>record</c> itself, and of a compact one its <c>stored</c> bytes in Base64. How many
    /// there were. Throws as <see cref="JournalArchive.Read"/>.
    /// </summary>
    public static long Records(JournalArchive archive, SessionInfo session, Action<ReadOnlyMemory<byte>> line)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(line);
        long count = 0;
        var buffer = new ArrayBufferWriter<byte>();
        var chronicles = archive.Streams.Select(stream => stream.Stream).Where(SessionIndex.IsChronicle).ToList();
        foreach (var stream in archive.Streams.Where(stream => stream.Stream == session.Chronicle || (SessionIndex.IsOfDecisions(stream.Stream) && SessionIndex.ChronicleOf(stream.Stream, chronicles) == session.Chronicle)))
        {
            // What its retention left before the next session's beginning.
            var current = archive.PrunedOf(stream.Stream)?.SessionId ?? "";
            foreach (var (sequence, record) in archive.Read(stream.Stream))
            {
                current = record.Event switch { PartBegan began => began.SessionId, SessionStarted started => started.SessionId, _ => current };
                if (current != session.Id) continue;
                buffer.ResetWrittenCount();
                Write(buffer, stream.Stream, sequence, record);
                line(buffer.WrittenMemory);
                count++;
            }
        }

        return count;
    }

    /// <summary>The frames as <c>time: frame</c>, the time of receiving in seconds since 1970, to 100 ns. How many there were.</summary>
    public static long Frames(JournalArchive archive, SessionInfo session, Action<ReadOnlyMemory<byte>> line)
    {
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(line);
        long count = 0;
        var buffer = new ArrayBufferWriter<byte>();
        var unpacker = new FrameUnpacker();
        foreach (var (_, record) in archive.Read(session.FramesStream))
        {
            if (record.Event is not FramesRecorded batch) continue;
            foreach (var frame in unpacker.Unpack(batch))
            {
                buffer.ResetWrittenCount();
                var sinceEpoch = frame.ReceivedAt - DateTimeOffset.UnixEpoch;
                buffer.Write(Encoding.ASCII.GetBytes(string.Create(
                    CultureInfo.InvariantCulture, $"{sinceEpoch.Ticks / TimeSpan.TicksPerSecond}.{sinceEpoch.Ticks % TimeSpan.TicksPerSecond:0000000}: ")));
                buffer.Write(frame.Bytes.Span);
                line(buffer.WrittenMemory);
                count++;
            }
        }

        return count;
    }

    private static void Write(ArrayBufferWriter<byte> to, string stream, long sequence, JournalRecord record)
    {
        using var json = new Utf8JsonWriter(to);
        json.WriteStartObject();
        json.WriteString("stream", stream);
        json.WriteNumber("sequence", sequence);
        json.WriteString("manifest", record.Manifest);
        json.WriteString("hash", Convert.ToHexStringLower(record.Hash));
        // What is not stored as JSON is told in its words; the hash is that of its bytes.
        if (!RecordCodec.IsWords(record.Manifest)) json.WriteBase64String("stored", record.Bytes.Span);
        json.WritePropertyName("record");
        json.WriteRawValue(RecordCodec.Words(record)!.Value.Span);
        json.WriteEndObject();
    }
}
