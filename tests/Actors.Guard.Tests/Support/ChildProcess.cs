using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Actors.Guard.Tests.Support;

/// <summary>A real process with its output as lines. Disposing kills it if it still runs, so that no test leaves one behind.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private readonly Process _process;
    private readonly List<string> _lines = [];

    private ChildProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Text
    {
        get
        {
            lock (_lines) return string.Join('\n', _lines);
        }
    }

    /// <summary>One of our own executables, which stand beside the tests.</summary>
    public static ChildProcess Dotnet(string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null) =>
        Start("dotnet", [Path.Combine(AppContext.BaseDirectory, assembly), .. arguments], environment);

    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new ChildProcess(start);
    }

    /// <summary>Waits until a line contains the text; that line.</summary>
    public async Task<string> SaysAsync(string text)
    {
        string? found = null;
        await Until.TrueAsync(() =>
        {
            lock (_lines) found = _lines.Find(line => line.Contains(text, StringComparison.Ordinal));
            return found is not null;
        }, () => $"'{text}' was not said, but:\n{Text}");
        return found!;
    }

    public async Task<int> ExitAsync()
    {
        await Until.TrueAsync(() => _process.HasExited, () => $"the process did not end; it said:\n{Text}");
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    public async Task<int> TerminateAsync()
    {
        if (kill(_process.Id, Terminate) != 0) throw new InvalidOperationException("SIGTERM could not be sent");
        return await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is null) return;
        lock (_lines) _lines.Add(line);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
