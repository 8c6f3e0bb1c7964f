using System.Globalization;
using System.Text;

namespace Actors.Journal.Tests;

public class FramePackerTests
{
    /// <summary>What frames are not, and may be all the same: each kind of spelling that a codec of numbers, moments and names could get wrong.</summary>
    private static readonly string[] Awkward =
    [
        "", "{}", "{", "}", "{{{{{{", "pong", "\"", "null", "0", "00", "-0", "-0.0", "0.0", "1.0", "1.50", "01", "007.5", "1e5", "-1e-5", "1.", ".5", "-.5", "--1", "1-2-3", "-", "5ab", "a5", "1.2.3",
        "{\"a\":-0}", "{\"a\":0.10}", "{\"a\":123456789012345678}", "{\"a\":1234567890123456789}", "{\"a\":12345678901234567890123456789}", "{\"a\":0.000000000000000001}", "{\"a\":0.0000000000000000001}",
        "{\"a\":99999999999999999.9}", "{\"a\":-999999999999999999}", "{\"a\":1 , \"b\" : [ 1,2 , 3]}", "{\"a\":\"007\"}", "{\"a\":[0,00,000,-1,-01]}",
        "{\"t\":\"2026-02-29T00:00:00.000Z\"}", "{\"t\":\"2024-02-29T23:59:59.999Z\"}", "{\"t\":\"0001-01-01T00:00:00.000Z\"}", "{\"t\":\"9999-12-31T23:59:59.999Z\"}", "{\"t\":\"0000-01-01T00:00:00.000Z\"}",
        "{\"t\":\"2026-09-01T24:00:00.000Z\"}", "{\"t\":\"2026-09-01T12:60:00.000Z\"}", "{\"t\":\"2026-09-01T12:30:60.000Z\"}", "{\"t\":\"2026-09-01T12:30:00.0000Z\"}", "{\"t\":\"2026-09-01T12:30:00.000z\"}",
        "{\"u\":\"8bbeb10b-9d0b-031b-3fce-22459d43aa51\"}", "{\"u\":\"8BBEB10B-9d0b-031b-3fce-22459d43aa51\"}", "{\"u\":\"8bbeb10b-9d0b-031b-3fce-22459d43aa5\"}", "{\"u\":\"8bbeb10b-9d0b-031b-3fce-22459d43aa511\"}",
        "{\"u\":\"00000000-0000-0000-0000-000000000000\"}", "{\"u\":\"8bbeb10b09d0b-031b-3fce-22459d43aa51\"}", "{\"price\":1,\"price\":2,\"price\":0.5}", "{\"price\":\"1\"}", "naïve — 日本", "\uFEFF{}", "\0", "\u0001\u0002\u0003\u0004", "{\"a\":\"\u0005\"}",
    ];

    [Fact]
    public void Bytes_numbers_and_times_come_back_exactly()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var (packer, unpacker) = (new FramePacker(), new FrameUnpacker());
            var (sequence, at) = (random.NextInt64(1L << random.Next(1, 60)), Samples.At);
            for (var batches = random.Next(1, 12); batches > 0; batches--)
            {
                var frames = new List<RecordedFrame>();
                for (var count = random.Next(1, 200); count > 0; count--)
                {
                    frames.Add(new RecordedFrame(sequence, at, Frame(random)));
                    sequence += random.Next(10) == 0 ? random.Next(1, 1000) : 1;
                    at = at.AddTicks(random.Next(-50, 100_000));
                }

                AssertSame(frames, unpacker.Unpack(Stored(packer.Pack(3, frames))), $"seed {seed}");
            }
        }
    }

    [Fact]
    public void A_group_ends_and_the_next_is_read_without_it()
    {
        var packer = new FramePacker();
        var batches = Enumerable.Range(0, FramePacker.GroupBatchesMax + 5).Select(index => (Frames: Market(index, 3), Batch: packer.Pack(1, Market(index, 3)))).ToList();
        Assert.Equal([0, FramePacker.GroupBatchesMax], Enumerable.Range(0, batches.Count).Where(index => FrameUnpacker.BeginsGroup(batches[index].Batch)));
        var unpacker = new FrameUnpacker();
        foreach (var (frames, batch) in batches.Skip(FramePacker.GroupBatchesMax)) AssertSame(frames, unpacker.Unpack(batch), "the second group");
        var large = new RecordedFrame(1, Samples.At, new byte[(int)FramePacker.GroupBytesMax]);
        packer = new FramePacker();
        Assert.True(FrameUnpacker.BeginsGroup(packer.Pack(1, [large])));
        Assert.True(FrameUnpacker.BeginsGroup(packer.Pack(1, [large with { Sequence = 2 }])));
        Assert.False(FrameUnpacker.BeginsGroup(packer.Pack(1, [large with { Sequence = 3, Bytes = default }])) && FrameUnpacker.BeginsGroup(packer.Pack(1, [large with { Sequence = 4, Bytes = default }])));
    }

    [Fact]
    public void What_is_lost_with_a_batch_is_the_rest_of_its_group()
    {
        var packer = new FramePacker();
        var batches = Enumerable.Range(0, FramePacker.GroupBatchesMax + 1).Select(index => packer.Pack(1, Market(index, 3))).ToList();
        var unpacker = new FrameUnpacker();
        unpacker.Unpack(batches[0]);
        Assert.Contains("one before it", Assert.Throws<JournalFormatException>(() => unpacker.Unpack(batches[2])).Message, StringComparison.Ordinal);
        Assert.Throws<JournalFormatException>(() => new FrameUnpacker().Unpack(batches[1]));
        unpacker = new FrameUnpacker();
        unpacker.Unpack(batches[0]);
        Assert.Throws<JournalFormatException>(() => unpacker.Unpack(batches[1] with { RawBytes = 1 }));
        Assert.Throws<JournalFormatException>(() => unpacker.Unpack(batches[2]));
        Assert.Equal(3, unpacker.Unpack(batches[^1]).Count);
    }

    [Fact]
    public void Market_data_takes_less_than_a_fifteenth_of_its_bytes()
    {
        var packer = new FramePacker();
        var batches = Enumerable.Range(0, 40).Select(index => packer.Pack(1, Market(index, 60))).ToList();
        var (raw, packed) = (batches.Sum(batch => batch.RawBytes), batches.Sum(batch => batch.Compressed.Length));
        Assert.True(packed * 15 < raw, $"{packed} of {raw}");
    }

    /// <summary>Written by the builds that introduced them: what any build since must read.</summary>
    [Theory]
    [InlineData(FramesRecorded.Alone)]
    [InlineData(FramesRecorded.Grouped)]
    public void Batches_of_every_form_are_read_as_they_were_written(int form)
    {
        var expected = Golden("frames.txt").Select((line, index) =>
        {
            var colon = line.IndexOf(": ", StringComparison.Ordinal);
            var seconds = decimal.Parse(line[..colon], CultureInfo.InvariantCulture);
            return new RecordedFrame(index + 1, DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)), Encoding.UTF8.GetBytes(line[(colon + 2)..]));
        }).ToList();
        var unpacker = new FrameUnpacker();
        var read = Golden($"frames-{form}.txt").Select(line => line.Split('\t')).SelectMany(parts => unpacker.Unpack((FramesRecorded)RecordCodec.Open(parts[0], Convert.FromHexString(parts[1])).Event)).ToList();
        Assert.All(Golden($"frames-{form}.txt"), line => Assert.StartsWith($"frames/{form}\t", line, StringComparison.Ordinal));
        AssertSame(expected, read, $"form {form}");
    }

    [Fact]
    public void A_batch_that_makes_no_sense_is_refused()
    {
        var frame = new RecordedFrame(5, Samples.At, new byte[3]);
        var packer = new FramePacker();
        Assert.Throws<ArgumentException>(() => packer.Pack(1, []));
        Assert.Throws<ArgumentException>(() => packer.Pack(1, [frame, frame]));
        Assert.Throws<ArgumentException>(() => packer.Pack(1, [frame, frame with { Sequence = 4 }]));
        var batch = packer.Pack(1, [frame]);
        Assert.Throws<JournalFormatException>(() => RecordCodec.Seal(batch with { Form = FramesRecorded.Alone }, Samples.At, Samples.Cursor, []));
        AssertSame([frame], new FrameUnpacker().Unpack(batch), "nothing that was refused was packed");
    }

    [Fact]
    public void A_damaged_batch_is_an_error_and_never_a_crash()
    {
        var random = new Random(7);
        var packer = new FramePacker();
        List<RecordedFrame> Next(int from) => [.. Enumerable.Range(from, 100).Select(index => new RecordedFrame(index, Samples.At.AddTicks(index), Frame(random)))];
        var (first, second) = (packer.Pack(3, Next(1)), packer.Pack(3, Next(101)));
        foreach (var broken in (FramesRecorded[])[
            first with { RawBytes = first.RawBytes + 1 }, first with { RawBytes = first.RawBytes - 1 }, first with { Count = first.Count + 1 }, first with { Count = first.Count - 1 },
            first with { Count = int.MaxValue }, first with { RawBytes = long.MaxValue }, first with { FirstFrame = long.MaxValue }, first with { Compressed = default }, first with { Form = FramesRecorded.Alone }])
            Assert.Throws<JournalFormatException>(() => new FrameUnpacker().Unpack(broken));
        Assert.Throws<JournalFormatException>(() => RecordCodec.Open("frames/1", new byte[83]));
        Assert.Throws<JournalFormatException>(() => RecordCodec.Open("frames/2", new byte[83]));
        for (var seed = 1; seed <= 1_000; seed++)
        {
            random = new Random(seed);
            var unpacker = new FrameUnpacker();
            unpacker.Unpack(first);
            var victim = seed % 2 == 0 ? first : second;
            var bytes = victim.Compressed.ToArray();
            if (seed % 5 == 0) bytes = bytes[..random.Next(bytes.Length)];
            else if (seed % 7 == 0) random.NextBytes(bytes.AsSpan(random.Next(bytes.Length)));
            else bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            var broken = Xunit.Record.Exception(() => unpacker.Unpack(victim with { Compressed = bytes }));
            // A flipped letter inside a frame still unpacks; the record's hash is what finds it.
            Assert.True(broken is null or JournalFormatException, $"seed {seed}: {broken}");
        }
    }

    private static FramesRecorded Stored(FramesRecorded batch)
    {
        var record = RecordCodec.Seal(batch, Samples.At, Samples.Cursor, []);
        return (FramesRecorded)RecordCodec.Open(record.Manifest, record.Bytes).Event;
    }

    private static string[] Golden(string file) => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", file));

    /// <summary>Updates of a few levels as a venue sends them; the same for the same number.</summary>
    private static List<RecordedFrame> Market(int batch, int frames) => [.. Enumerable.Range(batch * frames, frames).Select(index =>
    {
        var random = new Random(index);
        var level = random.Next(60);
        return new RecordedFrame(index + 1, Samples.At.AddMilliseconds(index * 11).AddTicks(random.Next(5_000)), Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"table":"orderBookL2_25","action":"update","data":[{"symbol":"XBTUSD","id":{{17_999_872_000 + level}},"side":"Sell","size":{{random.Next(1, 900) * 100}},"price":{{64000 + (level * 0.5m):0.#}},"timestamp":"{{Samples.At.AddMilliseconds(index * 11):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}"}]}""")));
    })];

    private static byte[] Frame(Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                var bytes = new byte[random.Next(600)];
                random.NextBytes(bytes);
                return bytes;
            case 1:
                return new byte[random.Next(4) == 0 ? random.Next(100_000) : random.Next(3)];
            case 2:
                return Encoding.UTF8.GetBytes(Awkward[random.Next(Awkward.Length)]);
            case 3:
                // Pieces of what frames are made of, in any order.
                return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => Piece(random))));
            case 4:
                // Texts that no two frames share, more than can be learnt.
                return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 400)).Select(_ => "{" + (char)random.Next('a', 'z') + (char)random.Next('a', 'z') + (char)random.Next('a', 'z'))));
            case 5:
                return Encoding.UTF8.GetBytes("{\"a\":[" + string.Join(',', Enumerable.Range(0, random.Next(1, 200)).Select(_ => random.Next(3) == 0 ? "0." + random.Next(1, 9) : random.NextInt64().ToString(CultureInfo.InvariantCulture))) + "]}");
            default:
                return Market(random.Next(1_000), 1)[0].Bytes.ToArray();
        }
    }

    private static string Piece(Random random) => random.Next(12) switch
    {
        0 => "{",
        1 => "}",
        2 => "\"",
        3 => ":",
        4 => ",",
        5 => "-",
        6 => ".",
        7 => random.NextInt64(1L << random.Next(1, 63)).ToString(CultureInfo.InvariantCulture),
        8 => Math.Round((decimal)random.NextDouble() * 100_000, random.Next(9)).ToString(CultureInfo.InvariantCulture),
        9 => $"\"{new DateTime(random.NextInt64(DateTime.MaxValue.Ticks)):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}\"",
        10 => $"\"{new Guid(random.Next(), 1, 2, [1, 2, 3, 4, 5, 6, 7, (byte)random.Next(4)])}\"",
        _ => "\"price\":",
    };

    private static void AssertSame(List<RecordedFrame> expected, IReadOnlyList<RecordedFrame> actual, string what)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var index = 0; index < expected.Count; index++)
        {
            var (wanted, got) = (expected[index], actual[index]);
            Assert.True(
                wanted.Sequence == got.Sequence && wanted.ReceivedAt == got.ReceivedAt && wanted.Bytes.Span.SequenceEqual(got.Bytes.Span),
                $"{what}, frame {index}: {Encoding.UTF8.GetString(wanted.Bytes.Span)} became {Encoding.UTF8.GetString(got.Bytes.Span)}");
        }
    }
}
