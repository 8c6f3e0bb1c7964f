using System.Globalization;
using System.Text;
using Actors.Host.CommandLine;

namespace Actors.Host.Data;

/// <summary>
/// Owns the folder that one process keeps everything in. The lock is held by the kernel for as long as the process lives, so that a
/// process that was killed never blocks its successor; a second file only says who holds it.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    public const string ControlName = "control.sock";

    private const string LockName = "actors.lock";

    /// <summary>Beside the lock and not inside it: nobody else may read a file that is locked.</summary>
    private const string OwnerName = "actors.pid";

    // The system's numbers for "somebody else holds it".
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;
    private const int LockedOnWindows = unchecked((int)0x80070020);

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The folder, as a full path.</summary>
    public string Path { get; }

    public string Journal => System.IO.Path.Combine(Path, "journal");

    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>Where an operator asks the process that holds the folder.</summary>
    public string ControlSocket => System.IO.Path.Combine(Path, ControlName);

    public string Venue => System.IO.Path.Combine(Path, "venue");

    /// <summary>Makes and locks the folder. Throws <see cref="UsageException"/> when it cannot be used or another process holds it.</summary>
    public static DataDirectory Open(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        try
        {
            Directory.CreateDirectory(full);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"the data folder {full} cannot be made: {OneLine(problem)}");
        }

        return new DataDirectory(full, Lock(full));
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string folder)
    {
        FileStream? held = null;
        try
        {
            held = new FileStream(System.IO.Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            using var owner = File.Create(System.IO.Path.Combine(folder, OwnerName), bufferSize: 0);
            owner.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + "\n"));
            owner.Flush(flushToDisk: true); // a full disk is told here and not in the middle of trading
            return held;
        }
        catch (IOException problem) when (held is null && problem.HResult is LockedOnLinux or LockedOnMac or LockedOnWindows)
        {
            throw new UsageException($"the data folder {folder} is in use by process {Owner(folder)}; stop it, or give another folder with --data");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            held?.Dispose();
            throw new UsageException($"the data folder {folder} cannot be written: {OneLine(problem)}");
        }
    }

    private static string Owner(string folder)
    {
        try
        {
            return File.ReadAllText(System.IO.Path.Combine(folder, OwnerName)).Trim();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return $"unknown ({OneLine(problem)})";
        }
    }

    private static string OneLine(Exception problem) => problem.Message.ReplaceLineEndings(" ").TrimEnd('.');
}
