using System.Text;

namespace Actors.Journal.Tests;

public class FrameBatchTests
{
    [Fact]
    public void Bytes_numbers_and_times_come_back_exactly()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var frames = Random(seed);
            var batch = FrameBatch.Pack(3, frames);
            var record = RecordCodec.Seal(batch, Samples.At, Samples.Cursor, []);
            var opened = FrameBatch.Unpack((FramesRecorded)RecordCodec.Open(record.Manifest, record.Bytes).Event);
            Assert.True(batch.Count == frames.Count && batch.RawBytes == frames.Sum(frame => frame.Bytes.Length), $"seed {seed}");
            Assert.True(frames.Select(Parts).SequenceEqual(opened.Select(Parts)), $"seed {seed}");
        }
    }

    [Fact]
    public void Market_data_takes_less_than_a_third_of_its_bytes()
    {
        var frames = Enumerable.Range(0, 400).Select(index => new RecordedFrame(index, Samples.At.AddMilliseconds(index), Encoding.UTF8.GetBytes(
            $$"""{"table":"orderBookL2_25","action":"update","data":[{"symbol":"XBTUSD","id":{{17_999_872_000 + (index * 37 % 50)}},"side":"Sell","size":{{index * 977 % 9000}},"price":64000.5,"timestamp":"2026-09-01T12:30:00.{{index:000}}Z"}]}"""))).ToList();
        var batch = FrameBatch.Pack(1, frames);
        Assert.True(batch.Compressed.Length * 3 < batch.RawBytes, $"{batch.Compressed.Length} of {batch.RawBytes}");
    }

    [Fact]
    public void A_batch_that_makes_no_sense_is_refused()
    {
        var frame = new RecordedFrame(5, Samples.At, new byte[3]);
        Assert.Throws<ArgumentException>(() => FrameBatch.Pack(1, []));
        Assert.Throws<ArgumentException>(() => FrameBatch.Pack(1, [frame, frame]));
        Assert.Throws<ArgumentException>(() => FrameBatch.Pack(1, [frame, frame with { Sequence = 4 }]));
    }

    [Fact]
    public void A_damaged_batch_is_an_error_and_never_a_crash()
    {
        var batch = FrameBatch.Pack(3, Random(7));
        Assert.Throws<JournalFormatException>(() => FrameBatch.Unpack(batch with { RawBytes = batch.RawBytes + 1 }));
        Assert.Throws<JournalFormatException>(() => FrameBatch.Unpack(batch with { Count = batch.Count + 1 }));
        Assert.Throws<JournalFormatException>(() => FrameBatch.Unpack(batch with { Count = int.MaxValue }));
        Assert.Throws<JournalFormatException>(() => FrameBatch.Unpack(batch with { Compressed = default }));
        Assert.Throws<JournalFormatException>(() => RecordCodec.Open("frames/1", new byte[83]));
        for (var seed = 1; seed <= 500; seed++)
        {
            var random = new Random(seed);
            var bytes = batch.Compressed.ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            var broken = Xunit.Record.Exception(() => FrameBatch.Unpack(batch with { Compressed = bytes }));
            // A flipped letter inside a frame still unpacks; the record's hash is what finds it.
            Assert.True(broken is null or JournalFormatException, $"seed {seed}: {broken}");
        }
    }

    private static List<RecordedFrame> Random(int seed)
    {
        var random = new Random(seed);
        var sequence = random.NextInt64(1L << random.Next(1, 62));
        var at = Samples.At;
        var frames = new List<RecordedFrame>();
        for (var count = random.Next(1, 300); count > 0; count--)
        {
            var bytes = new byte[random.Next(4) == 0 ? 0 : random.Next(600)];
            random.NextBytes(bytes);
            frames.Add(new RecordedFrame(sequence, at, bytes));
            sequence += random.Next(10) == 0 ? random.Next(1, 1000) : 1;
            at = at.AddTicks(random.Next(-50, 100_000));
        }

        return frames;
    }

    private static (long Sequence, DateTimeOffset ReceivedAt, string Bytes) Parts(RecordedFrame frame) =>
        (frame.Sequence, frame.ReceivedAt, Convert.ToHexString(frame.Bytes.Span));
}
