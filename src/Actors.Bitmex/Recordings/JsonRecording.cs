using System.Buffers;
using Actors.Domain.Port;

namespace Actors.Bitmex.Recordings;

/// <summary>
/// Cuts JSON objects out of a file: one a line, several a line, or one over many lines. A line that starts an object at its first column while
/// another is still open is a sign that the open one was cut short, so that a broken line is named and does not swallow the rest.
/// </summary>
internal sealed class JsonRecording(LineReader lines, IVenueMessages messages)
{
    private readonly FramePlayer _frames = new(lines, messages);
    private readonly ArrayBufferWriter<byte> _open = new(4096);
    private long _openLine;
    private int _depth;
    private bool _inText, _escaped;

    public RecordingCounts Play(ReadOnlySpan<byte> first)
    {
        var line = first;
        do
        {
            Line(line);
        }
        while (lines.TryRead(out line));
        if (_depth > 0) throw lines.Expected("the end of the JSON object that starts here", _openLine);
        return new RecordingCounts(_frames.Count, 0);
    }

    private void Line(ReadOnlySpan<byte> line)
    {
        if (_depth > 0 && line.StartsWith("{\""u8)) throw lines.Expected("the end of the JSON object that starts here", _openLine);
        var start = 0;
        for (var i = 0; i < line.Length; i++)
        {
            if (_depth == 0 && line[i] is not ((byte)'{' or (byte)' ' or (byte)'\t' or (byte)',' or 0xEF or 0xBB or 0xBF))
                throw lines.Expected("a JSON object");
            if (!Step(line[i])) continue;
            if (_depth == 1)
            {
                (start, _openLine) = (i, lines.Line);
            }
            else
            {
                Close(line[start..(i + 1)]);
                start = i + 1;
            }
        }

        if (_depth > 0) Keep(line[start..]);
    }

    /// <summary>True when an outermost object opened or closed at this byte.</summary>
    private bool Step(byte octet)
    {
        if (_inText)
        {
            if (_escaped) _escaped = false;
            else if (octet == '\\') _escaped = true;
            else if (octet == '"') _inText = false;
            return false;
        }

        switch (octet)
        {
            case (byte)'"': _inText = true; return false;
            case (byte)'{' or (byte)'[': return ++_depth == 1;
            case (byte)'}' or (byte)']': return --_depth == 0;
            default: return false;
        }
    }

    private void Close(ReadOnlySpan<byte> part)
    {
        if (_open.WrittenCount == 0)
        {
            _frames.Play(part, _openLine);
            return;
        }

        _open.Write(part);
        _frames.Play(_open.WrittenSpan, _openLine);
        _open.ResetWrittenCount();
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (_open.WrittenCount > LineReader.LineBytesMax) throw lines.Expected($"objects of less than {LineReader.LineBytesMax} bytes", _openLine);
        _open.Write(part);
        _open.Write("\n"u8);
    }
}
