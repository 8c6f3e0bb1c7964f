using System.Runtime.InteropServices;

namespace Actors.Guard;

/// <summary>The engine's process, found anew each time, because a service manager may have started it again.</summary>
internal sealed partial class EngineProcess(EngineSettings settings, Voice voice, TimeProvider clock)
{
    private const int Kill = 9;
    private const int Terminate = 15;
    private readonly Dictionary<int, DateTimeOffset> _told = [];
    public bool IsAlive => Ids().Count > 0;

    /// <summary>Asks the engine to end, and after its grace ends it. To be repeated for as long as it must stay down.</summary>
    public void Stop()
    {
        foreach (var id in Ids())
        {
            if (!_told.TryGetValue(id, out var since))
            {
                _told.Add(id, clock.GetUtcNow());
                Send(id, Terminate, "SIGTERM");
            }
            else if (clock.GetUtcNow() - since > settings.StopGrace)
            {
                _told[id] = clock.GetUtcNow();
                Send(id, Kill, "SIGKILL");
            }
        }
    }

    private List<int> Ids()
    {
        var file = settings.PidFile ?? $"/sys/fs/cgroup/system.slice/{settings.Unit}/cgroup.procs";
        return ReadLines(file).Select(line => int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 1 && IsEngine(id)).ToList();
    }

    /// <summary>A number from a file may have gone to another process since, or to one that has ended and nobody has taken note of.</summary>
    private bool IsEngine(int id)
    {
        if (settings.Command is not { } command) return true;
        try { return File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/cmdline").Replace('\0', ' ').Contains(command, StringComparison.Ordinal); }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException) { return false; }
    }

    /// <summary>Nothing when it is not there, or goes while it is read: the service manager takes a unit's away with its last process.</summary>
    private string[] ReadLines(string file)
    {
        try { return File.Exists(file) ? File.ReadAllLines(file) : []; }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            voice.Warn($"engine: {file} cannot be read: {unreadable.Message.ReplaceLineEndings(" ")}");
            return [];
        }
    }

    private void Send(int id, int signal, string name)
    {
        if (kill(id, signal) == 0) voice.Alert($"engine: sent {name} to process {id}");
        else voice.Alert($"engine: {name} to process {id} failed: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
