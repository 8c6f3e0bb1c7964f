using System.Diagnostics;
using System.Globalization;

namespace Actors.LoadTests.Processes;

/// <summary>A process that was started for a load did not do what the load needs; the message holds what it said last.</summary>
public sealed class LoadProcessException : Exception
{
    public LoadProcessException(string message)
        : base(message)
    {
    }

    public LoadProcessException()
    {
    }

    public LoadProcessException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>
/// A real process, its lines with the time at which each came. Disposing kills it. Its input stays open for as long as this program lives, which is how
/// a venue learns that it does not any more.
/// </summary>
public sealed class LoadProcess : IAsyncDisposable
{
    private const int LinesKept = 40;

    private readonly Process _process;
    private readonly Lock _changing = new();
    private readonly List<(TimeSpan At, string Line)> _lines = [];
    private readonly long _started = Stopwatch.GetTimestamp();

    private LoadProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Add(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public bool HasEnded => _process.HasExited;

    /// <summary>Everything it said so far, each line with its time since the start.</summary>
    public IReadOnlyList<(TimeSpan At, string Line)> Lines
    {
        get
        {
            lock (_changing) return [.. _lines];
        }
    }

    /// <summary>Starts a built program: a <c>.dll</c> under the <c>dotnet</c> that runs this one, anything else by itself.</summary>
    /// <param name="program">The file.</param>
    /// <param name="gen0MiB">See <see cref="ScenarioSettings.Gen0MiB"/>.</param>
    /// <param name="arguments">What follows.</param>
    public static LoadProcess Start(string program, int? gen0MiB, params IReadOnlyList<string> arguments) => Start(program, gen0MiB, [], arguments);

    /// <summary>As the other, with variables of the environment.</summary>
    public static LoadProcess Start(string program, int? gen0MiB, IEnumerable<KeyValuePair<string, string>> environment, IReadOnlyList<string> arguments) =>
        Start(program, gen0MiB, environment, [], arguments);

    /// <summary>As the others, in control groups, whose folders are given, from before it is what it will be.</summary>
    public static LoadProcess Start(
        string program, int? gen0MiB, IEnumerable<KeyValuePair<string, string>> environment, IReadOnlyList<string> groups, IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(arguments);
        if (!OperatingSystem.IsLinux()) throw new UsageException("loads on processes read /proc and run on Linux only");
        if (!File.Exists(program)) throw new UsageException($"{program}: there is no such file; build src/Actors.Host first");
        var isLibrary = program.EndsWith(".dll", StringComparison.Ordinal);
        var first = isLibrary ? Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own : "dotnet" : program;
        var start = new ProcessStartInfo(groups.Count > 0 ? "/bin/sh" : first)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        // The runtime reads it as hexadecimal.
        if (gen0MiB is { } size) start.Environment["DOTNET_GCgen0size"] = (size * 1024 * 1024).ToString("X", CultureInfo.InvariantCulture);
        if (groups.Count > 0)
        {
            // The shell enters the groups, and becomes the program: the process stays the same.
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add($"{string.Concat(groups.Select(group => $"echo $$ > '{group}/cgroup.procs' && "))}exec \"$0\" \"$@\"");
            start.ArgumentList.Add(first);
        }

        if (isLibrary) start.ArgumentList.Add(program);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return new LoadProcess(start);
    }

    /// <summary>The first line that is accepted, now or later, with its time since the start. Throws <see cref="LoadProcessException"/>.</summary>
    public async Task<(TimeSpan At, string Line)> LineAsync(Func<string, bool> accept, TimeSpan most)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < most)
        {
            var hasEnded = HasEnded;
            if (Lines.FirstOrDefault(line => accept(line.Line)) is { Line: not null } found) return found;
            if (hasEnded) throw Complaint("it ended before it was ready");
            await Task.Delay(5);
        }

        throw Complaint($"it was not ready after {most.TotalSeconds:0} s");
    }

    /// <summary>Waits until it has ended by itself; its exit code. Throws <see cref="LoadProcessException"/>.</summary>
    public async Task<int> ExitAsync(TimeSpan most)
    {
        using var deadline = new CancellationTokenSource(most);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw Complaint($"it did not end within {most.TotalSeconds:0} s");
        }
    }

    /// <summary>As Ctrl-C does: it is asked to end, in its own order.</summary>
    public void Interrupt()
    {
        const int Sigint = 2;
        if (kill(_process.Id, Sigint) != 0) throw Complaint("it could not be asked to end");
    }

    /// <summary>SIGKILL: it does not learn of it.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    [System.Runtime.InteropServices.DllImport("libc", SetLastError = true)]
    [System.Runtime.InteropServices.DefaultDllImportSearchPaths(System.Runtime.InteropServices.DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);

    private void Add(string? line)
    {
        if (line is null) return;
        lock (_changing) _lines.Add((Stopwatch.GetElapsedTime(_started), line));
    }

    private LoadProcessException Complaint(string what) =>
        new($"process {Id}: {what}; it said:\n{string.Join('\n', Lines.TakeLast(LinesKept).Select(line => line.Line))}");
}
