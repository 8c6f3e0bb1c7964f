using System.Runtime;
using System.Runtime.InteropServices;

namespace Actors.Host.Running;

/// <summary>
/// Gives back at an interval what the process holds and does not use. Frames and records live for seconds, long enough to leave the youngest generation, and what became of them
/// waits until the oldest has grown by tens of MiB; and what compiling took at the start stays with the C library's heap, some 15 MiB. Both together pause the process
/// for about 11 ms with twenty instruments.
/// </summary>
internal static class SmallFootprint
{
    private const string Library = "libc.so.6";

    /// <summary>M_ARENA_MAX of glibc.</summary>
    private const int ArenasMost = -8;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(20);

    /// <summary>
    /// To be called before anything else runs: glibc gives nearly every thread a heap of its own, and what one of them has freed no other uses.
    /// </summary>
    public static void ShareHeap()
    {
        if (Has("mallopt")) _ = MallocOption(ArenasMost, 1);
    }

    /// <summary>From now on until what is returned is disposed.</summary>
    public static IDisposable Begin(TimeProvider time)
    {
        var isTrimmed = Has("malloc_trim");
        return time.CreateTimer(_ => GiveBack(isTrimmed), null, Interval, Interval);
    }

    private static void GiveBack(bool isTrimmed)
    {
        // The large ones too: what is read and packed comes in pieces of all sizes, and the gaps between them grew by 13 MiB in half an hour of restarts.
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        if (isTrimmed) _ = MallocTrim(0);
    }

    /// <summary>Whether the C library has it: another than glibc has not.</summary>
    private static bool Has(string function) => OperatingSystem.IsLinux() && NativeLibrary.TryLoad(Library, out var library) && NativeLibrary.TryGetExport(library, function, out _);

    /// <summary>Of glibc: every free page goes back to the system.</summary>
    [DllImport(Library, EntryPoint = "malloc_trim", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocTrim(nint pad);

    [DllImport(Library, EntryPoint = "mallopt", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MallocOption(int name, int value);
}
