using System.Globalization;
using Actors.Host.CommandLine;
using Actors.Host.Data;

namespace Actors.Host.Tests.Data;

public class DataDirectoryTests
{
    [Fact]
    public void The_folder_is_made_and_its_parts_lie_inside()
    {
        using var folder = new TemporaryFolder();
        using var data = DataDirectory.Open(folder.File("a/b"));
        Assert.Equal(folder.File("a/b"), data.Path);
        Assert.True(Directory.Exists(data.Path));
        Assert.All([data.Journal, data.Logs, data.Venue], part => Assert.Equal(data.Path, Path.GetDirectoryName(part)));
    }

    [Fact]
    public void A_second_owner_is_told_who_the_first_is()
    {
        using var folder = new TemporaryFolder();
        using var first = DataDirectory.Open(folder.Path);
        var refusal = Assert.Throws<UsageException>(() => DataDirectory.Open(folder.Path));
        var owner = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        Assert.Equal($"the data folder {folder.Path} is in use by process {owner}; stop it, or give another folder with --data", refusal.Message);
    }

    [Fact]
    public void After_the_owner_is_gone_the_folder_is_free()
    {
        using var folder = new TemporaryFolder();
        DataDirectory.Open(folder.Path).Dispose();
        DataDirectory.Open(folder.Path).Dispose();
    }

    [Fact]
    public void A_lock_file_that_nobody_holds_blocks_nobody()
    {
        using var folder = new TemporaryFolder();
        folder.Write("actors.lock", "999999\n");
        using var data = DataDirectory.Open(folder.Path);
        Assert.Equal(folder.Path, data.Path);
    }

    [Theory]
    [InlineData("file", "cannot be made")]
    [InlineData("file/below", "cannot be made")]
    public void A_file_in_the_place_of_the_folder_is_refused(string path, string problem)
    {
        using var folder = new TemporaryFolder();
        folder.Write("file", "x");
        Refused(folder.File(path), problem);
    }

    [Fact]
    public void A_folder_in_the_place_of_the_lock_is_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("actors.lock"));
        Refused(folder.Path, "cannot be written");
    }

    [Fact]
    public void A_folder_where_nothing_can_be_written_is_refused() => Refused("/proc/self/actors", "cannot be made");

    private static void Refused(string path, string problem)
    {
        var refusal = Assert.Throws<UsageException>(() => DataDirectory.Open(path));
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
