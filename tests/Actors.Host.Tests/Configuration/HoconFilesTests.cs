using Actors.Host.Configuration;

namespace Actors.Host.Tests.Configuration;

public class HoconFilesTests
{
    private static readonly HoconRequirement[] Requirements =
    [
        new("actors.count", HoconKind.Integer),
        new("actors.on", HoconKind.Switch),
        new("actors.wait", HoconKind.Duration),
        new("actors.name", HoconKind.Text),
        new("actors.part", HoconKind.Section),
    ];

    private const string Good = """
        # how actors run
        actors {
          count = 3
          on = on
          wait = 5s
          name = "n"
          part { x = 1 }
        }
        """;

    [Fact]
    public void A_good_file_comes_back_as_it_is()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.conf", Good);
        Assert.Equal(Good, HoconFiles.Read(folder.Path, "a.conf", Requirements));
    }

    [Theory]
    [InlineData("count = 3", "count = three", "actors.count: expected a whole number, found 'three'")]
    [InlineData("count = 3", "", "actors.count is missing; expected a whole number")]
    [InlineData("count = 3", "count { y = 1 }", "actors.count: expected a whole number, found a section")]
    [InlineData("on = on", "on = maybe", "actors.on: expected on or off, found 'maybe'")]
    [InlineData("wait = 5s", "wait = soon", "actors.wait: expected a duration like 5s, found 'soon'")]
    [InlineData("wait = 5s", "wait = 0s", "actors.wait: expected a duration like 5s, found '0s'")]
    [InlineData("name = \"n\"", "name = \"\"", "actors.name: expected a text, found ''")]
    [InlineData("part { x = 1 }", "part = 1", "actors.part: expected a section in braces, found '1'")]
    [InlineData("part { x = 1 }", "part { x = 1", "not HOCON: line 2: '{' is never closed")]
    [InlineData("part { x = 1 }", "part = [ 1", "not HOCON: line 8: '}' closes nothing")]
    [InlineData("part { x = 1 }", "part { x = 1 } } }", "not HOCON: line 7: '}' closes nothing")]
    [InlineData("name = \"n\"", "name = \"n", "not HOCON: line 6: '\"' is never closed")]
    [InlineData("name = \"n\"", "name = ${?", "not HOCON: ")]
    public void A_mistake_names_file_key_and_what_was_expected(string from, string to, string problem)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("a.conf", Good.Replace(from, to, StringComparison.Ordinal));
        var refusal = Assert.Throws<BrokenConfigurationException>(() => HoconFiles.Read(folder.Path, "a.conf", Requirements));
        Assert.StartsWith($"{path}: {problem}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("a = \"{[\" # {\nb = 1 // [\nc = \"\"\"{\n[\"\"\"\nd = \"\\\"{\"")]
    [InlineData("a { b = [1, { c = 2 }] }")]
    [InlineData("")]
    public void Brackets_in_texts_and_comments_do_not_count(string text) => Assert.Null(BracketBalance.Problem(text));

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = new TemporaryFolder();
        var refusal = Assert.Throws<BrokenConfigurationException>(() => HoconFiles.Read(folder.Path, "a.conf", []));
        Assert.StartsWith($"{folder.File("a.conf")}: cannot be read", refusal.Message, StringComparison.Ordinal);
    }
}
