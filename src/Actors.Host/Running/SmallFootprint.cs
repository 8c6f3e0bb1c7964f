using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;

namespace Actors.Host.Running;

/// <summary>
/// Gives back at an interval what the process holds and does not use. Frames and records live for seconds, long enough to leave the youngest generation, and what became of them
/// waits until the oldest has grown by tens of MiB; what compiling took at the start stays with the C library's heap, some 15 MiB; and the libraries' descriptions of
/// themselves, which little but compiling reads, stay mapped, some 22 MiB. The first two pause the process for about 11 ms with twenty instruments.
/// </summary>
internal static class SmallFootprint
{
    private const string Library = "libc.so.6";

    /// <summary>Of Linux: what is mapped into this process.</summary>
    private const string Maps = "/proc/self/maps";

    /// <summary>M_ARENA_MAX of glibc.</summary>
    private const int ArenasMost = -8;

    /// <summary>MADV_DONTNEED of Linux.</summary>
    private const int NotNeeded = 4;
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
        var isUnmapped = Has("madvise") && File.Exists(Maps);
        return time.CreateTimer(_ => GiveBack(isTrimmed, isUnmapped), null, Interval, Interval);
    }

    private static void GiveBack(bool isTrimmed, bool isUnmapped)
    {
        // The large ones too: what is read and packed comes in pieces of all sizes, and the gaps between them grew by 13 MiB in half an hour of restarts.
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        if (isTrimmed) _ = MallocTrim(0);
        if (isUnmapped) ReleaseLibraries(File.ReadLines(Maps), (start, length) => _ = MemoryAdvise(start, length, NotNeeded));
    }

    /// <summary>
    /// Names to <paramref name="release"/> the start and length in bytes of each library among the <paramref name="maps"/> (lines of proc_pid_maps(5)) that is mapped shared and only to be read.
    /// Such pages are the file's own: the system keeps them for as long as it has room, and finds them again when they are read. Of any other map pages may have been written to.
    /// </summary>
    internal static void ReleaseLibraries(IEnumerable<string> maps, Action<nint, nuint> release)
    {
        foreach (var map in maps)
        {
            if (!map.EndsWith(".dll", StringComparison.Ordinal)) continue;
            var range = map.AsSpan(0, map.IndexOf(' ', StringComparison.Ordinal));
            if (!map.AsSpan(range.Length).StartsWith(" r--s ", StringComparison.Ordinal)) continue;
            var dash = range.IndexOf('-');
            var start = nint.Parse(range[..dash], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            var end = nint.Parse(range[(dash + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            release(start, (nuint)(end - start));
        }
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

    [DllImport(Library, EntryPoint = "madvise", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MemoryAdvise(nint start, nuint length, int advice);
}
