using System.Diagnostics;
using System.Globalization;

namespace Actors.LoadTests.Processes;

/// <summary>What the kernel says of a process at one time. Memory in bytes; <paramref name="Private"/> is what is not backed by a file.</summary>
public readonly record struct ProcessSample(double Seconds, double CpuSeconds, long Resident, long Private, int Threads, int Handles);

/// <summary>Looks at a process once a second, from <c>/proc</c>, until it is disposed or the process is gone.</summary>
public sealed class ProcessSampler : IAsyncDisposable
{
    /// <summary>The kernel's unit of CPU time on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    private readonly CancellationTokenSource _end = new();
    private readonly Lock _changing = new();
    private readonly List<ProcessSample> _samples = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Task _looking;
    private readonly int _process;

    public ProcessSampler(int process)
    {
        _process = process;
        _looking = LookAsync();
    }

    public IReadOnlyList<ProcessSample> Samples
    {
        get
        {
            lock (_changing) return [.. _samples];
        }
    }

    /// <summary>What the kernel says now; null when the process is gone.</summary>
    public static ProcessSample? Read(int process, double seconds = 0)
    {
        try
        {
            var folder = $"/proc/{process.ToString(CultureInfo.InvariantCulture)}";
            // The name may hold blanks and brackets: the fields are counted from its last bracket.
            var stat = File.ReadAllText($"{folder}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (fields[0] is "Z" or "X") return null;
            var status = File.ReadAllLines($"{folder}/status");
            var cpu = (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
            return new ProcessSample(
                seconds, cpu, Kilobytes(status, "VmRSS:"), Kilobytes(status, "RssAnon:"), int.Parse(fields[17], CultureInfo.InvariantCulture), Directory.GetFileSystemEntries($"{folder}/fd").Length);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _looking;
        _end.Dispose();
    }

    private async Task LookAsync()
    {
        using var seconds = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (Read(_process, Stopwatch.GetElapsedTime(_started).TotalSeconds) is { } sample)
            {
                lock (_changing) _samples.Add(sample);
                await seconds.WaitForNextTickAsync(_end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the measurement.
        }
    }

    private static long Kilobytes(string[] status, string name) =>
        long.Parse(status.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture) * 1024;
}
