using System.Globalization;

namespace Actors.LoadTests.Processes;

/// <summary>
/// Owns the control groups that hold a process to so much memory and processor time, where the machine gives them: version 2 of them, or 1, below this program's own groups, so that
/// no limit is widened. Where it gives none nothing is held, and what is measured has to be judged. Disposing removes them; the process has ended by then.
/// </summary>
internal sealed class Confinement : IDisposable
{
    private const string Root = "/sys/fs/cgroup";
    private const long PeriodMicroseconds = 100_000;

    private readonly string? _memory;
    private readonly string? _cpu;
    private readonly bool _isUnified;

    private Confinement(string form, string? memory, string? cpu, bool isUnified) => (Form, _memory, _cpu, _isUnified) = (form, memory, cpu, isUnified);

    /// <summary>How the process is held, in words.</summary>
    public string Form { get; }

    public bool Holds => _cpu is not null;

    /// <summary>The groups a process has to enter before it is what it will be, so that everything it takes is counted, and the runtime sees the limit when it sizes its heap.</summary>
    public IReadOnlyList<string> Groups => _memory is null ? [] : _memory == _cpu ? [_memory] : [_memory, _cpu!];

    /// <summary>Makes the groups, with a limit of memory in bytes and none of processor time yet.</summary>
    public static Confinement Create(long memoryBytes)
    {
        var name = $"actors-load-{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
        var own = File.ReadAllLines("/proc/self/cgroup").Select(line => line.Split(':', 3)).Where(parts => parts.Length == 3).ToDictionary(parts => parts[1], parts => parts[2]);
        var bytes = memoryBytes.ToString(CultureInfo.InvariantCulture);
        if (File.Exists($"{Root}/cgroup.controllers"))
        {
            var group = $"{Root}{own.GetValueOrDefault("", "/").TrimEnd('/')}/{name}";
            return TryMake(group, ("memory.max", bytes), ("memory.swap.max", "0"))
                ? new Confinement("control groups (version 2)", group, group, true)
                : new Confinement("by measurement alone: no control group of version 2 can be made below this program's own", null, null, false);
        }

        if (!own.TryGetValue("memory", out var memoryOf) || !own.TryGetValue("cpu", out var cpuOf)) return new Confinement("by measurement alone: there are no control groups", null, null, false);
        var (memory, cpu) = ($"{Root}/memory{memoryOf.TrimEnd('/')}/{name}", $"{Root}/cpu{cpuOf.TrimEnd('/')}/{name}");
        if (!TryMake(memory, ("memory.limit_in_bytes", bytes))) return new Confinement("by measurement alone: no control group of memory can be made", null, null, false);
        if (TryMake(cpu, ("cpu.cfs_period_us", PeriodMicroseconds.ToString(CultureInfo.InvariantCulture)))) return new Confinement("control groups (version 1)", memory, cpu, false);
        Directory.Delete(memory);
        return new Confinement("by measurement alone: no control group of processor time can be made", null, null, false);
    }

    /// <summary>From now on so much of a core, in every tenth of a second.</summary>
    public void LimitCpu(double cores)
    {
        if (_cpu is null) return;
        var quota = ((long)(cores * PeriodMicroseconds)).ToString(CultureInfo.InvariantCulture);
        if (_isUnified) File.WriteAllText($"{_cpu}/cpu.max", $"{quota} {PeriodMicroseconds.ToString(CultureInfo.InvariantCulture)}");
        else File.WriteAllText($"{_cpu}/cpu.cfs_quota_us", quota);
    }

    /// <summary>Takes the limit of processor time away again.</summary>
    public void FreeCpu()
    {
        if (_cpu is null) return;
        File.WriteAllText(_isUnified ? $"{_cpu}/cpu.max" : $"{_cpu}/cpu.cfs_quota_us", _isUnified ? "max" : "-1");
    }

    /// <summary>What the kernel counted: the most memory charged, the cache of files among it, in bytes, and periods with the processor and those of them that were cut short.</summary>
    public (long MemoryMost, long Periods, long Throttled)? Counted()
    {
        if (_memory is null) return null;
        var stat = File.ReadAllLines($"{_cpu}/cpu.stat").Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => long.Parse(parts[1], CultureInfo.InvariantCulture));
        var most = File.ReadAllText(_isUnified ? $"{_memory}/memory.peak" : $"{_memory}/memory.max_usage_in_bytes");
        return (long.Parse(most, CultureInfo.InvariantCulture), stat.GetValueOrDefault("nr_periods"), stat.GetValueOrDefault("nr_throttled"));
    }

    public void Dispose()
    {
        foreach (var group in Groups) Remove(group, tries: 100);
    }

    /// <summary>The kernel may still be busy with the end of the process.</summary>
    private static void Remove(string group, int tries)
    {
        try
        {
            Directory.Delete(group);
        }
        catch (IOException) when (tries > 1)
        {
            Thread.Sleep(10);
            Remove(group, tries - 1);
        }
    }

    private static bool TryMake(string group, params IReadOnlyList<(string File, string Value)> limits)
    {
        try
        {
            // On a file system that is none of groups a folder could be made, and would hold nothing.
            Directory.CreateDirectory(group);
            if (limits.All(limit => File.Exists($"{group}/{limit.File}")))
            {
                foreach (var (file, value) in limits) File.WriteAllText($"{group}/{file}", value);
                return true;
            }

            Directory.Delete(group);
            return false;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(group)) Directory.Delete(group);
            return false;
        }
    }
}
