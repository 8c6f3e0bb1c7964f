using Actors.Host.Running;
using Microsoft.Extensions.Time.Testing;

namespace Actors.Host.Tests.Running;

public sealed class SmallFootprintTests
{
    [Fact]
    public void Only_libraries_that_nothing_can_have_written_to_are_given_back()
    {
        string[] maps =
        [
            "7f0000001000-7f0000005000 r--s 00000000 fe:00 11                         /opt/my actors/linq2db.dll",
            "7f0000010000-7f0000012000 r-xp 00000000 fe:00 12                         /opt/dotnet/System.Private.CoreLib.dll",
            "7f0000020000-7f0000022000 r--p 00000000 fe:00 12                         /opt/dotnet/System.Private.CoreLib.dll",
            "7f0000030000-7f0000031000 rw-s 00000000 fe:00 13                         /var/lib/actors/journal/store.db-shm",
            "7f0000040000-7f0000041000 r--s 00000000 fe:00 14                         /var/lib/actors/journal/store.db",
            "7f0000050000-7f0000051000 r--s 00000000 fe:00 15                         /opt/actors/replaced.dll (deleted)",
            "7f0000060000-7f0000061000 rw-p 00000000 00:00 0 ",
            "ffffffffff600000-ffffffffff601000 r--s 00000000 00:00 16                 /opt/actors/Akka.dll",
        ];
        var released = new List<(nint Start, nuint Length)>();

        SmallFootprint.ReleaseLibraries(maps, (start, length) => released.Add((start, length)));

        Assert.Equal([(unchecked((nint)0x7f0000001000), (nuint)0x4000), (unchecked((nint)0xffffffffff600000), (nuint)0x1000)], released);
    }

    /// <summary>Elsewhere than on Linux nothing is given back but the heap's memory, and the same must hold.</summary>
    [Fact]
    public void What_was_given_back_is_found_again_when_it_is_read()
    {
        var time = new FakeTimeProvider();
        using (SmallFootprint.Begin(time)) time.Advance(TimeSpan.FromMinutes(1));

        var names = typeof(SmallFootprint).Assembly.GetTypes().SelectMany(type => type.GetMethods()).Select(method => method.ToString()).ToList();
        Assert.Contains("Void ShareHeap()", names);
    }
}
