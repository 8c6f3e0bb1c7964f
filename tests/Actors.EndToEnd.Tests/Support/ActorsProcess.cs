using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>The real executable as a process of its own. Disposing kills it if it still runs, so that no test leaves one behind.</summary>
internal sealed partial class ActorsProcess : IAsyncDisposable
{
    /// <summary>Generous, because the machine may be slow; every wait ends as soon as what it waits for is there.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    private const int Interrupt = 2;
    private const int Terminate = 15;
    private const int Continue = 18;
    private const int Stop = 19;

    private readonly Process _process;
    private readonly ProcessOutput _output = new();
    private readonly ProcessOutput _error = new();

    private ActorsProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => _error.Add(line.Data);
        StartedAt = DateTimeOffset.UtcNow;
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public DateTimeOffset StartedAt { get; }

    public bool HasExited => _process.HasExited;

    public IReadOnlyList<string> Output => _output.Lines;

    public IReadOnlyList<string> Error => _error.Lines;

    public static ActorsProcess Start(params string[] arguments) => Start([], null, arguments);

    private static ActorsProcess Start(string[] environment, string? workingDirectory, string[] arguments)
    {
        // A shell that starts things in the background makes them deaf to SIGINT, and that is inherited: env gives the default back.
        var start = new ProcessStartInfo("/usr/bin/env")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory ?? "",
        };
        string[] line = ["--default-signal=INT", .. environment, "dotnet", Path.Combine(AppContext.BaseDirectory, "actors.dll"), .. arguments];
        foreach (var argument in line) start.ArgumentList.Add(argument);
        return new ActorsProcess(new Process { StartInfo = start });
    }

    /// <summary>Runs to the end; the exit code, with all output read.</summary>
    public static Task<(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error)> RunAsync(params string[] arguments) => RunInAsync([], null, arguments);

    /// <summary>The same with variables (<c>NAME=value</c>) and in another folder.</summary>
    public static async Task<(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error)> RunInAsync(string[] environment, string? workingDirectory, params string[] arguments)
    {
        await using var process = Start(environment, workingDirectory, arguments);
        var exitCode = await process.ExitAsync();
        return (exitCode, process.Output, process.Error);
    }

    /// <summary>The first line of the output that is accepted, now or later; of those after the first <paramref name="after"/>.</summary>
    public async Task<string> LineAsync(Func<string, bool> accept, string what, int after = 0)
    {
        try
        {
            return await _output.FirstAsync(accept, after).WaitAsync(Deadline);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{what} did not come; the process said:\n{string.Join('\n', Output)}\n{string.Join('\n', Error)}");
        }
    }

    /// <summary>Waits until as many lines of the output are accepted.</summary>
    public async Task CountAsync(int count, Func<string, bool> accept, string what)
    {
        var seen = 0;
        await LineAsync(line => accept(line) && ++seen == count, what);
    }

    public async Task<int> ExitAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the process did not end; it said:\n{string.Join('\n', Output)}\n{string.Join('\n', Error)}");
        }
    }

    /// <summary>What Ctrl-C sends.</summary>
    public void SendInterrupt() => Send(Interrupt);

    public void SendTerminate() => Send(Terminate);

    /// <summary>SIGSTOP: every thread stands still, and the sockets stay open.</summary>
    public void Freeze() => Send(Stop);

    public void Thaw() => Send(Continue);

    /// <summary>SIGKILL: the process does not learn of it.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await KillAsync();
        _process.Dispose();
    }

    private void Send(int signal)
    {
        if (kill(_process.Id, signal) != 0) throw new InvalidOperationException($"signal {signal.ToString(CultureInfo.InvariantCulture)} could not be sent");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
