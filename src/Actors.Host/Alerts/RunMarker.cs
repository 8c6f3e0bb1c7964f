using System.Globalization;
using Actors.Host.CommandLine;

namespace Actors.Host.Alerts;

/// <summary>Owns a file that stands in the data folder while a session runs: found by the next one, it says that this one did not end by itself.</summary>
internal sealed class RunMarker
{
    private const string Name = "session.running";

    private readonly string _path;

    private RunMarker(string path, string? crashed) => (_path, Crashed) = (path, crashed);

    /// <summary>When the run before began, if it did not end by itself; null otherwise.</summary>
    public string? Crashed { get; }

    /// <summary>Reads what the run before left, and marks this one. Throws <see cref="UsageException"/> when the folder cannot be used.</summary>
    public static RunMarker Begin(string dataDirectory, DateTimeOffset now)
    {
        var path = Path.Combine(dataDirectory, Name);
        try
        {
            var crashed = File.Exists(path) ? File.ReadAllText(path).Trim() : null;
            File.WriteAllText(path, now.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC\n");
            return new RunMarker(path, crashed is { Length: 0 } ? "an unknown time" : crashed);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: cannot be used: {problem.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>The session ended by itself, well or not: what is left was told.</summary>
    public void End() => File.Delete(_path);

    /// <summary>The session never began: everything is as the run before left it.</summary>
    public void GiveUp()
    {
        if (Crashed is null) End();
        else File.WriteAllText(_path, Crashed + "\n");
    }
}
