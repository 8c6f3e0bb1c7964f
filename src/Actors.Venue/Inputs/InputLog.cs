using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Win32.SafeHandles;

namespace Actors.Venue.Inputs;

/// <summary>A place between two lines of a log: where it is, in bytes, and the line before it, by its number, its start and its check.</summary>
internal readonly record struct LogPosition(long Offset, long Line, long LineStart, string Check)
{
    public static readonly LogPosition Start = new(0, 0, 0, new string('0', 16));
}

/// <summary>
/// Owns the file of everything that entered the exchange, in order: one line an input, each with a check that covers the line before it.
/// The exchange is a function of its origin and its inputs, so this small file is the venue's whole memory: a venue that was killed
/// reads it, from its last snapshot on, and has the same orders, balances and identifiers. A line is with the operating system before anybody
/// hears what came of its request: it survives the end of the process; a loss of power may cost the last seconds.
/// </summary>
internal sealed class InputLog : IDisposable
{
    /// <summary>To be raised whenever the same inputs may lead to another state than before: an older log is then refused by name, not misread.</summary>
    public const int Rules = 2;

    public const string FileName = "inputs.log";

    private const int CheckLength = 16;
    private const int LineBytesMax = 8 * 1024 * 1024;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    private readonly FileStream _file;
    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private readonly ArrayBufferWriter<byte> _line = new(1_024);
    private readonly ArrayBufferWriter<byte> _waiting = new(64 * 1_024);
    private readonly Utf8JsonWriter _writer;
    private bool _isBroken;
    private bool _recovered;

    private InputLog(FileStream file, string path, VenueOrigin origin)
    {
        (_file, _handle, _path, Origin) = (file, file.SafeFileHandle, path, origin);
        _writer = new Utf8JsonWriter(_line);
    }

    /// <summary>What the exchange has to be made from: of the log when there was one.</summary>
    public VenueOrigin Origin { get; }

    /// <summary>Behind the last line that was read or appended.</summary>
    public LogPosition Position { get; private set; } = LogPosition.Start;

    /// <summary>Bytes of a last line that was cut off by the end of the process; they are dropped. Known after <see cref="Recover"/>.</summary>
    public long TornBytes { get; private set; }

    /// <summary>
    /// Opens the log of a folder, or begins one. Throws <see cref="VenueStartException"/> with one line when another venue has it, when it was
    /// made from another origin, or when it is not such a log.
    /// </summary>
    public static InputLog Open(string directory, VenueOrigin wanted) => Open(directory, wanted, static path =>
        // Unbuffered: nothing that could not be written is tried again behind the venue's back.
        new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));

    /// <summary>As above, with the file that <paramref name="openFile"/> opens.</summary>
    internal static InputLog Open(string directory, VenueOrigin wanted, Func<string, FileStream> openFile)
    {
        var path = Path.Combine(directory, FileName);
        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(directory);
            file = openFile(path);
            var origin = Begin(file, path) ?? wanted;
            if (!IsSame(origin, wanted)) throw Other(path, origin, wanted);
            return new InputLog(file, path, origin);
        }
        catch (VenueStartException)
        {
            file?.Dispose();
            throw;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new VenueStartException($"{path}: cannot be used: {problem.Message}", problem);
        }
    }

    /// <summary>
    /// The inputs from a place on, in order, without the first line. To be read to its end, once, before anything is appended. A line cut off
    /// at the very end is dropped; any other that does not fit its check throws <see cref="VenueStartException"/> naming it.
    /// </summary>
    public IEnumerable<VenueInput> Recover(LogPosition? from = null)
    {
        if (_recovered) throw new InvalidOperationException("the inputs were read already");
        Position = from ?? LogPosition.Start;
        _file.Position = Position.Offset;
        foreach (var line in Lines(_file))
        {
            var input = Open(line, isLast: Position.Offset + line.Length + 1 > _file.Length);
            if (input is null) break;
            if (input is not VenueInput.Began) yield return input;
        }

        TornBytes = _file.Length - Position.Offset;
        _file.SetLength(Position.Offset);
        _file.Position = Position.Offset;
        _recovered = true;
        if (Position.Offset > 0) yield break;
        Append(new VenueInput.Began(Origin.Start, Origin));
        Commit();
    }

    /// <summary>Whether a line ends at this place that has this check. Before the log is recovered.</summary>
    public bool Holds(LogPosition position)
    {
        if (position.LineStart < 0 || position.Offset <= position.LineStart || position.Offset > _file.Length || position.Check.Length != CheckLength) return false;
        var check = new byte[CheckLength];
        _file.Position = position.LineStart;
        _file.ReadExactly(check);
        _file.Position = position.Offset - 1;
        return Encoding.ASCII.GetString(check) == position.Check && _file.ReadByte() == '\n';
    }

    /// <summary>Brings everything that was committed to the disk itself. Any thread.</summary>
    public void Sync() => RandomAccess.FlushToDisk(_handle);

    /// <summary>Adds an input; it is written by the next <see cref="Commit"/>.</summary>
    public void Append(VenueInput input)
    {
        if (!_recovered) throw new InvalidOperationException("the inputs have not been read yet");
        // The check covers the one before it and the line: where both stand side by side, they are covered where they are.
        _line.ResetWrittenCount();
        Encoding.ASCII.GetBytes(Position.Check, _line);
        _writer.Reset();
        JsonSerializer.Serialize(_writer, input, Format);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_line.WrittenSpan, hash);
        var check = Convert.ToHexStringLower(hash[..(CheckLength / 2)]);
        Encoding.ASCII.GetBytes(check, _waiting);
        _waiting.Write(" "u8);
        _waiting.Write(_line.WrittenSpan[CheckLength..]);
        _waiting.Write("\n"u8);
        // The check and a space before the line, its end behind it.
        Advance(_line.WrittenCount + 2, check);
    }

    /// <summary>
    /// Everything added is with the operating system when this returns. Throws <see cref="IOException"/> when it cannot be written: then nothing of it is
    /// in the log, or a line cut off at its end, and nothing can be committed any more.
    /// </summary>
    public void Commit()
    {
        if (_isBroken) throw new IOException($"{_path} could not be written before");
        if (_waiting.WrittenCount == 0) return;
        var before = _file.Position;
        try
        {
            _file.Write(_waiting.WrittenSpan);
            _file.Flush();
        }
        catch (IOException)
        {
            _isBroken = true;
            // Lines of a turn that nobody was answered to. A file that cannot even be cut keeps them: they were asked for, and are carried out again.
            try
            {
                _file.SetLength(before);
            }
            catch (IOException problem)
            {
                throw new IOException($"{_path} could be neither written nor cut back: {problem.Message}", problem);
            }

            throw;
        }

        _waiting.ResetWrittenCount();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }

    private static VenueOrigin? Begin(FileStream file, string path)
    {
        var first = Lines(file).FirstOrDefault();
        if (first is null) return null;
        var began = Parse(first) as VenueInput.Began;
        // A first line that was cut off: nothing had happened yet.
        if (began is null && first.Length + 1 > file.Length) return null;
        return began?.Origin ?? throw new VenueStartException($"{path} line 1: expected the beginning of a venue's inputs; move the file away to begin anew");
    }

    private void Advance(int length, string check) => Position = new LogPosition(Position.Offset + length, Position.Line + 1, Position.Offset, check);

    private VenueInput? Open(byte[] line, bool isLast)
    {
        if (!isLast && line.Length > CheckLength)
        {
            var json = Encoding.UTF8.GetString(line, CheckLength + 1, line.Length - CheckLength - 1);
            var check = Check(Position.Check, json);
            if (Encoding.ASCII.GetString(line, 0, CheckLength + 1) == check + ' ' && Parse(line) is { } input)
            {
                Advance(line.Length + 1, check);
                return input;
            }
        }

        if (isLast) return null;
        throw new VenueStartException($"{_path} line {Position.Line + 1}: is damaged, or the one before it is missing; restore the file, or move it away to begin anew");
    }

    private static VenueInput? Parse(byte[] line)
    {
        if (line.Length <= CheckLength) return null;
        try
        {
            return JsonSerializer.Deserialize<VenueInput>(line.AsSpan(CheckLength + 1), Format);
        }
        catch (Exception problem) when (problem is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>The lines from where the file stands, without their ends; a last one without an end is one byte longer with it than the file.</summary>
    private static IEnumerable<byte[]> Lines(FileStream file)
    {
        var line = new MemoryStream();
        var chunk = new byte[64 * 1024];
        for (var read = file.Read(chunk); read > 0; read = file.Read(chunk))
        {
            var from = 0;
            for (var end = Array.IndexOf(chunk, (byte)'\n', 0, read); end >= 0; end = Array.IndexOf(chunk, (byte)'\n', from, read - from))
            {
                line.Write(chunk, from, end - from);
                yield return line.ToArray();
                line.SetLength(0);
                from = end + 1;
            }

            line.Write(chunk, from, read - from);
            if (line.Length > LineBytesMax) break;
        }

        if (line.Length > 0) yield return line.ToArray();
    }

    private static string Check(string before, string json) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(before + json)).AsSpan(0, CheckLength / 2));

    /// <summary>Traders and their seed may change from one start to the next; the rest may not.</summary>
    private static bool IsSame(VenueOrigin origin, VenueOrigin wanted) => origin with { Start = wanted.Start, Seed = wanted.Seed, Market = wanted.Market } == wanted
        && origin.Market == MarketActivity.Recorded == (wanted.Market == MarketActivity.Recorded);

    private static VenueStartException Other(string path, VenueOrigin origin, VenueOrigin wanted)
    {
        var what = origin.Rules != wanted.Rules ? $"rules of version {origin.Rules}, these are {wanted.Rules}"
            : origin.Listing != wanted.Listing ? "another listing"
            : "other recordings";
        return new VenueStartException($"{path}: was made with {what}; start with the same, or with another folder");
    }
}
