using System.Security.Cryptography;
using System.Text;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;

namespace Actors.Journal.Tests;

public class ChainTests
{
    [Fact]
    public void Each_record_names_the_hash_of_the_one_before()
    {
        var chain = new ChainGuard("risk");
        var first = chain.Seal(new GateOpened(Gate.Start), Samples.At, default);
        var second = chain.Seal(new BeatProved(1), Samples.At, default);
        Assert.Equal(new byte[32], first.Previous.ToArray());
        Assert.Equal(first.Hash, second.Previous.ToArray());
        Assert.Equal(SHA256.HashData([.. Encoding.UTF8.GetBytes("gate-opened/1\n"), .. first.Bytes.Span]), first.Hash);
        Assert.Equal(2, chain.Sequence);
        Assert.Equal(second.Hash, chain.Head.ToArray());
    }

    [Fact]
    public void Recovery_goes_on_where_the_chain_ended()
    {
        var written = Records(5);
        var chain = new ChainGuard("risk");
        foreach (var record in written) chain.Accept(RecordCodec.Open(record.Manifest, record.Bytes));
        Assert.Equal(5, chain.Sequence);
        Assert.Equal(written[^1].Hash, chain.Seal(new BeatProved(6), Samples.At, default).Previous.ToArray());
    }

    [Fact]
    public void A_chain_goes_on_from_a_vouched_head()
    {
        var written = Records(3);
        var chain = new ChainGuard("risk", 2, written[1].Hash);
        chain.Accept(written[2]);
        Assert.Equal(3, chain.Sequence);
        Assert.Throws<ArgumentException>(() => new ChainGuard("risk", 2, []));
        Assert.Throws<ArgumentException>(() => new ChainGuard("risk", 0, written[0].Hash));
    }

    [Theory]
    [InlineData("dropped", new[] { 0, 1, 3 }, 3)]
    [InlineData("first dropped", new[] { 1, 2 }, 1)]
    [InlineData("swapped", new[] { 0, 2, 1, 3 }, 2)]
    [InlineData("repeated", new[] { 0, 1, 1, 2 }, 3)]
    public void A_break_is_named_by_stream_and_number(string what, int[] order, long broken)
    {
        var written = Records(4);
        var chain = new ChainGuard("risk");
        var refused = Assert.Throws<JournalFormatException>(() =>
        {
            foreach (var index in order) chain.Accept(written[index]);
        });
        Assert.Equal(("risk", broken), (refused.Stream, refused.Sequence));
        Assert.True(refused.Message.StartsWith($"stream risk, record {broken}: ", StringComparison.Ordinal), what);
    }

    [Fact]
    public void A_changed_record_breaks_the_next_link()
    {
        var written = Records(3);
        var changed = RecordCodec.Seal(new BeatProved(99), written[1].At, written[1].Cursor, written[1].Previous.Span);
        var chain = new ChainGuard("risk");
        chain.Accept(written[0]);
        chain.Accept(changed);
        Assert.Equal(3, Assert.Throws<JournalFormatException>(() => chain.Accept(written[2])).Sequence);
    }

    private static List<JournalRecord> Records(int count)
    {
        var chain = new ChainGuard("risk");
        return [.. Enumerable.Range(1, count).Select(number => chain.Seal(new BeatProved(number), Samples.At, Samples.Cursor))];
    }
}
