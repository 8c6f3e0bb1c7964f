using System.Text.RegularExpressions;
using Actors.Host.Tests.Support;

namespace Actors.Host.Tests;

/// <summary>Holds the rooms' arrows: which room may use what, read from the project files and the sources.</summary>
public partial class ArchitectureTests
{
    /// <summary>The rooms with the projects each may reference.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Actors.Domain"] = [],
        ["Actors.Bitmex"] = ["Actors.Domain"],
        ["Actors.Journal"] = ["Actors.Domain"],
        ["Actors.Engine"] = ["Actors.Domain", "Actors.Journal"],
        ["Actors.Venue"] = ["Actors.Domain", "Actors.Bitmex"],
        ["Actors.Guard"] = [],
        ["Actors.Host"] = ["Actors.Bitmex", "Actors.Domain", "Actors.Engine", "Actors.Journal", "Actors.Venue"],
    };

    /// <summary>The packages each room may name, as beginnings of their names.</summary>
    private static readonly Dictionary<string, string[]> Packages = new()
    {
        ["Actors.Domain"] = [],
        ["Actors.Bitmex"] = [],
        ["Actors.Journal"] = ["Akka.Persistence", "Microsoft.Data.Sqlite", "Npgsql", "Parquet.Net", "ZstdSharp.Port"],
        ["Actors.Engine"] = ["Akka", "Hyperion"],
        ["Actors.Venue"] = [],
        ["Actors.Guard"] = ["Serilog"],
        ["Actors.Host"] = ["MailKit", "Serilog", "Spectre.Console", "System.CommandLine"],
    };

    private static readonly string[] WebRooms = ["Actors.Venue", "Actors.Host"];

    public static TheoryData<string> Rooms => [.. Arrows.Keys];

    [Fact]
    public void The_rooms_are_those_of_the_table() => Assert.Equal(
        Arrows.Keys.Order(StringComparer.Ordinal),
        Repository.Files("src", ".csproj").Select(project => Path.GetFileNameWithoutExtension(project)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_references_only_what_it_may(string room)
    {
        var project = Project(room);
        Assert.Empty(Repository.References(project, "ProjectReference").Except(Arrows[room]));
        Assert.DoesNotContain(
            Repository.References(project, "PackageReference"),
            package => !Array.Exists(Packages[room], allowed => package.StartsWith(allowed, StringComparison.Ordinal)));
        if (!WebRooms.Contains(room)) Assert.Empty(Repository.References(project, "FrameworkReference"));
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Repository.Read("Actors.sln").Replace('\\', '/');
        Assert.All(Repository.Files(".", ".csproj"), project => Assert.Contains(project, solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_room_has_its_tests() =>
        Assert.All(Arrows.Keys, room => Assert.True(File.Exists(Path.Combine(Repository.Root, $"tests/{room}.Tests/{room}.Tests.csproj")), room));

    [Fact]
    public void Nothing_new_stands_at_the_top()
    {
        string[] folders = ["src", "tests", "load-tests", "hocon", "config"];
        string[] files = ["Actors.sln", "README.md", "LICENSE", "global.json", "Directory.Build.props", "Directory.Packages.props"];
        // What a clone does not have: made by a run or a build, and ignored.
        string[] made = ["data", "keys", "bin", "obj", "TestResults", "BenchmarkDotNet.Artifacts"];
        Assert.Empty(Names(Directory.GetDirectories(Repository.Root)).Except([.. folders, .. made]));
        Assert.Empty(Names(Directory.GetFiles(Repository.Root)).Except(files));

        static IEnumerable<string> Names(string[] paths) => paths.Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.'));
    }

    [Fact]
    public void The_domain_is_pure()
    {
        var wrong = Lines("src/Actors.Domain").Where(line => Impure().IsMatch(Code(line.Text)));
        Assert.Empty(wrong);
    }

    /// <summary>By the person whose money it is.</summary>
    [Fact]
    public void The_guard_can_be_read_in_one_sitting() => Assert.InRange(Repository.Files("src/Actors.Guard", ".cs").Sum(file => Repository.Read(file).Count(letter => letter == '\n')), 1, 1_499);

    [Fact]
    public void The_dialect_is_named_only_behind_the_port()
    {
        string[] rooms = ["src/Actors.Domain", "src/Actors.Journal", "src/Actors.Engine"];
        var wrong = rooms.SelectMany(room => Lines(room)).Where(line => Dialect().IsMatch(line.Text));
        Assert.Empty(wrong);
    }

    /// <summary>A moment between two looks at a condition is not a sleep; a tenth of a second is.</summary>
    [Fact]
    public void Tests_never_sleep_for_a_fixed_time()
    {
        var wrong = Lines("tests").Where(line => FixedSleep().IsMatch(line.Text));
        Assert.Empty(wrong);
    }

    private static string Project(string room) => $"src/{room}/{room}.csproj";

    private static IEnumerable<(string File, int Number, string Text)> Lines(string folder) => Repository
        .Files(folder, ".cs", ".md", ".csproj", ".conf")
        .SelectMany(file => Repository.Read(file).Split('\n').Select((text, index) => (file, index + 1, text)));

    /// <summary>The line without its comment and without what stands in quotes, where words mean themselves.</summary>
    private static string Code(string line) => Quoted().Replace(Comment().Replace(line, string.Empty), "\"\"");

    [GeneratedRegex(@"\b(Akka|System\.IO|System\.Net|System\.Text\.Json|ILogger|DateTime(Offset)?\.(Utc)?Now|Guid\.NewGuid|Stopwatch|Environment\.|Random|double|float)\b")]
    private static partial Regex Impure();

    [GeneratedRegex("BitMEX|XBt|execInst")]
    private static partial Regex Dialect();

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay\((\d{3,}|TimeSpan\.From)")]
    private static partial Regex FixedSleep();

    [GeneratedRegex("//.*$")]
    private static partial Regex Comment();

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();
}
