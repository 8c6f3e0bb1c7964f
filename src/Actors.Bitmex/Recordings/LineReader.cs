using System.IO.Compression;

namespace Actors.Bitmex.Recordings;

/// <summary>
/// Owns an open recording, compressed or not, and reads it line by line into one buffer. A line is bounded by <see cref="LineBytesMax"/>.
/// </summary>
internal sealed class LineReader : IDisposable
{
    public const int LineBytesMax = 128 * 1024 * 1024;

    private readonly string _path;
    private readonly Stream _stream;
    private byte[] _buffer = new byte[256 * 1024];
    private int _start, _end;
    private bool _atEnd;

    private LineReader(string path, Stream stream) => (_path, _stream) = (path, stream);

    /// <summary>The number of the line last read, from one.</summary>
    public long Line { get; private set; }

    /// <summary>Opens a file; a gzip stream is known by its first two bytes, not by its name.</summary>
    public static LineReader Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 64 * 1024, FileOptions.SequentialScan);
            Span<byte> magic = stackalloc byte[2];
            var isGzip = file.ReadAtLeast(magic, 2, false) == 2 && magic[0] == 0x1F && magic[1] == 0x8B;
            file.Position = 0;
            return new LineReader(path, isGzip ? new GZipStream(file, CompressionMode.Decompress) : file);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new RecordingException($"{path}: cannot be read: {broken.Message.ReplaceLineEndings(" ")}", broken);
        }
    }

    /// <summary>The next line without its ending; valid until the next call. False at the end of the file.</summary>
    public bool TryRead(out ReadOnlySpan<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            var length = rest[searched..].IndexOf((byte)'\n');
            if (length >= 0 || (_atEnd && rest.Length > 0))
            {
                var taken = length >= 0 ? searched + length : rest.Length;
                line = rest[..taken].TrimEnd((byte)'\r');
                _start += length >= 0 ? taken + 1 : taken;
                Line++;
                return true;
            }

            line = default;
            if (_atEnd) return false;
            searched = rest.Length;
            Fill();
        }
    }

    public RecordingException Expected(string what, long? line = null) => new($"{_path}:{line ?? Line}: expected {what}");

    public void Dispose() => _stream.Dispose();

    private void Fill()
    {
        if (_start > 0) _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_end, _start) = (_end - _start, 0);
        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= LineBytesMax) throw Expected($"lines of less than {LineBytesMax} bytes", Line + 1);
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        try
        {
            var count = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += count;
            _atEnd = count == 0;
        }
        catch (Exception broken) when (broken is IOException or InvalidDataException)
        {
            throw new RecordingException($"{_path}:{Line + 1}: cannot be read on: {broken.Message.ReplaceLineEndings(" ")}", broken);
        }
    }
}
