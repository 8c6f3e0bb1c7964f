using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Actors.Venue.Inputs;

namespace Actors.Venue.Snapshots;

/// <summary>
/// Owns the files <c>state-LINE.snapshot</c> beside the log, named by the last line that is carried out in them: the two newest are kept. A file
/// is written beside its place, flushed to the disk and renamed, so that one that has its name is whole; its last 32 bytes are the SHA-256 of
/// all before them. A file that cannot be used is told in one line, put aside under another name, and passed over.
/// </summary>
internal sealed class SnapshotFolder(string directory, Action<string> tell)
{
    public const int Kept = 2;

    private const string Prefix = "state-";
    private const string Suffix = ".snapshot";
    private const string Unfinished = ".new";
    private const string Unused = ".unused";

    private static readonly string Magic = $"actors-venue-snapshot {VenueState.Format}";

    /// <summary>The newest snapshot that fits the log; null when there is none.</summary>
    public VenueSnapshot? Newest(InputLog log)
    {
        foreach (var path in Files())
        {
            try
            {
                var snapshot = Read(path);
                if (snapshot.Head.Origin != log.Origin) throw new InvalidDataException("it is of another venue than the log");
                if (!log.Holds(snapshot.Head.Position)) throw new InvalidDataException($"the log does not hold the line {snapshot.Head.Position.Line} that it goes on from");
                return snapshot;
            }
            catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                tell($"{path}: is not used, an older snapshot or the log is: {problem.Message}");
                // It would count as one of the newest for ever.
                if (problem is InvalidDataException) File.Move(path, path + Unused, overwrite: true);
            }
        }

        return null;
    }

    /// <summary>Writes a snapshot and forgets those that are too old. Throws <see cref="IOException"/> when it cannot be written.</summary>
    public void Write(SnapshotHead head, byte[] body)
    {
        var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{head.Position.Line:D12}{Suffix}"));
        using (var file = new FileStream(path + Unfinished, FileMode.Create, FileAccess.Write))
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var part in (byte[][])[Encoding.UTF8.GetBytes($"{Magic}\n{head.ToJson()}\n"), body])
            {
                hash.AppendData(part);
                file.Write(part);
            }

            file.Write(hash.GetHashAndReset());
            file.Flush(flushToDisk: true);
        }

        File.Move(path + Unfinished, path, overwrite: true);
        // And what a kill left of one that was being written.
        foreach (var old in Files().Skip(Kept).Concat(Files(Unfinished))) File.Delete(old);
    }

    private List<string> Files(string ending = "") =>
        [.. Directory.EnumerateFiles(directory, Prefix + "*" + Suffix + ending).OrderDescending(StringComparer.Ordinal)];

    private static VenueSnapshot Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var (first, second) = (Line(bytes, 0), 0);
        if (first < 0) throw new InvalidDataException("it is no snapshot");
        if (Encoding.UTF8.GetString(bytes, 0, first) is var magic && magic != Magic)
            throw new InvalidDataException(magic.StartsWith(Magic[..^1], StringComparison.Ordinal) ? $"it is of another version ({magic}, expected {Magic})" : "it is no snapshot");
        second = Line(bytes, first + 1);
        var end = bytes.Length - SHA256.HashSizeInBytes;
        if (second < 0 || end <= second || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
            throw new InvalidDataException("it is damaged");
        return new VenueSnapshot(SnapshotHead.Parse(Encoding.UTF8.GetString(bytes, first + 1, second - first - 1)), bytes.AsMemory((second + 1)..end), path);
    }

    /// <summary>Where the line ends that begins at a place; negative when it does not.</summary>
    private static int Line(byte[] bytes, int from) => Array.IndexOf(bytes, (byte)'\n', from);
}
