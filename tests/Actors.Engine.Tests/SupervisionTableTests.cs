using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Actors.Journal;
using Akka.Actor;

namespace Actors.Engine.Tests;

public class SupervisionTableTests
{
    public static TheoryData<string, string> Parts()
    {
        var data = new TheoryData<string, string>();
        foreach (var row in SupervisionTable.Rows) data.Add(row.Part, row.Failure);
        return data;
    }

    [Theory]
    [MemberData(nameof(Parts))]
    public void Every_row_is_the_one_that_its_failure_finds(string part, string failure)
    {
        var row = SupervisionTable.Rows.Single(one => one.Part == part && one.Failure == failure);
        Exception cause = row.Remedy switch
        {
            Remedy.Recreate => new JournalUnreachableException("disk full"),
            Remedy.StopSession => new JournalFormatException("record 7"),
            _ => new InvalidOperationException("anything"),
        };

        Assert.Same(row, SupervisionTable.Row(part, cause));
        Assert.Same(row, SupervisionTable.Row($"{part}/one", cause));
        Assert.Equal(row.Remedy == Remedy.Restart ? Directive.Restart : Directive.Stop, SupervisionTable.Directive(row.Remedy));
        Assert.NotEmpty(row.Told);
    }

    [Fact]
    public void A_part_without_a_row_is_a_fault_of_ours() =>
        Assert.Throws<InvalidOperationException>(() => SupervisionTable.Row("elsewhere", new InvalidOperationException()));

    [Theory]
    [InlineData("request-life = 7s", "", "actors.orders.request-life: missing")]
    [InlineData("request-life = 7s", "request-life = soon", "actors.orders.request-life: 'soon'")]
    [InlineData("request-life = 7s", "request-life = 0s", "actors.orders.request-life: '0s'")]
    [InlineData("batch-frames = 2048", "batch-frames = -1", "actors.recorder.batch-frames: '-1'")]
    [InlineData("batch-frames = 2048", "batch-frames = 2048, batch-frame = 1", "actors.recorder.batch-frame: not a known key")]
    [InlineData("max = 20s\n  }", "max = 20s\n", "actors.stop.recorder: not a known key")]
    public void A_wrong_setting_is_named_with_file_and_key(string right, string wrong, string words)
    {
        var text = SessionFixture.Hocon("engine.conf").Replace(right, wrong, StringComparison.Ordinal);
        var failure = Assert.Throws<EngineConfigurationException>(() => EngineConfiguration.Parse("engine.conf", text));
        Assert.StartsWith("engine.conf: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }
}
