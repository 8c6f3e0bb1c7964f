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
            var isTold = _told.TryGetValue(id, out var since);
            if (isTold && clock.GetUtcNow() - since <= settings.StopGrace) continue;
            _told[id] = clock.GetUtcNow();
            Send(id, isTold ? Kill : Terminate, isTold ? "SIGKILL" : "SIGTERM");
        }
    }

    private List<int> Ids() => Read(settings.PidFile).Split('\n')
        .Select(line => int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 1 && Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/cmdline")).Replace('\0', ' ').Contains(settings.Command, StringComparison.Ordinal)).ToList();

    /// <summary>Nothing when it is not there, or goes while it is read: a process that ends, or a unit's control group with its last process.</summary>
    private string Read(string file)
    {
        try { return File.Exists(file) ? File.ReadAllText(file) : ""; }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            voice.Warn($"engine: {file} cannot be read: {unreadable.Message.ReplaceLineEndings(" ")}");
            return "";
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
