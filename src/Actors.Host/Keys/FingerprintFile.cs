using Actors.Host.CommandLine;

namespace Actors.Host.Keys;

/// <summary>
/// Owns <c>keys.used</c> of a data folder: a line for each key and place it was used for, a fingerprint and a word. A person may add lines of
/// other tools' keys with a word of their own; <c>#</c> begins a comment.
/// </summary>
internal sealed class FingerprintFile
{
    public const string Name = "keys.used";

    private readonly string _path;
    private readonly List<(string Fingerprint, string Place)> _lines;

    private FingerprintFile(string path, List<(string Fingerprint, string Place)> lines) => (_path, _lines) = (path, lines);

    /// <summary>Reads the folder's file, if it has one. Throws <see cref="UsageException"/> with the line that is not understood.</summary>
    public static FingerprintFile Read(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, Name);
        try
        {
            var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
            return new FingerprintFile(path, lines.Select((text, index) => Line(path, index + 1, text)).OfType<(string, string)>().ToList());
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: cannot be read: {problem.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Places other than this one that the key was used for.</summary>
    public IReadOnlyList<string> OtherPlaces(string fingerprint, VenuePlace place) =>
        _lines.Where(line => line.Fingerprint == fingerprint && line.Place != place.Word()).Select(line => line.Place).Distinct().ToList();

    /// <summary>Adds the key and its place, once.</summary>
    public void Remember(string fingerprint, VenuePlace place)
    {
        if (_lines.Contains((fingerprint, place.Word()))) return;
        _lines.Add((fingerprint, place.Word()));
        try
        {
            File.AppendAllText(_path, $"{fingerprint} {place.Word()}\n");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{_path}: cannot be written: {problem.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static (string, string)? Line(string path, int number, string text)
    {
        var words = text.Split('#')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words switch
        {
            [] => null,
            [var fingerprint, var place] when KeysFile.IsFingerprint(fingerprint) => (fingerprint, place),
            _ => throw new UsageException($"{path} line {number}: expected a fingerprint of 64 hexadecimal digits and a word"),
        };
    }
}
