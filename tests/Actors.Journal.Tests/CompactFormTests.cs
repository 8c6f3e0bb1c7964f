using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Actors.Domain;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Journal.Codec;
using Actors.Journal.Codec.Compact;

namespace Actors.Journal.Tests;

/// <summary>The compact form of records: as exact as JSON, much shorter, and damage of any kind is told in words.</summary>
public class CompactFormTests
{
    private const int Seed = 20261128;

    private static readonly List<JournalRecord> Records =
        [.. Samples.Events.Select(sample => RecordCodec.Seal(sample, Samples.At, Samples.Cursor, [])).Where(record => record.Event is not FramesRecorded && !RecordCodec.IsWords(record.Manifest))];

    /// <summary>What was opened is told in the same JSON as what was sealed.</summary>
    [Fact]
    public void What_is_stored_compact_can_be_told_in_words()
    {
        Assert.NotEmpty(Records);
        foreach (var record in Records)
        {
            var opened = RecordCodec.Open(record.Manifest, record.Bytes);
            var words = Encoding.UTF8.GetString(RecordCodec.Words(opened)!.Value.Span);
            Assert.Equal(Encoding.UTF8.GetString(RecordCodec.Words(record)!.Value.Span), words);
            using var json = JsonDocument.Parse(words);
            Assert.Equal(Samples.Cursor.ToString(), json.RootElement.GetProperty("cursor").GetString());
            Assert.EndsWith(json.RootElement.GetProperty("event").GetRawText(), RecordCodec.Describe(opened.Event), StringComparison.Ordinal);
            Assert.True(record.Bytes.Length * 3 < words.Length * 2, $"{record.Bytes.Length} bytes for {words.Length} of JSON");
        }
    }

    /// <summary>Every kind of input, random ones beside them, encoded one by one as an actor takes them, against the record of all at once; again and again with what one actor owns.</summary>
    [Fact]
    public void Inputs_that_are_encoded_when_they_are_taken_are_sealed_to_the_same_bytes()
    {
        var samples = Samples.Events.OfType<Consumed>().SelectMany(consumed => consumed.Inputs).Select(taken => taken.Input).ToArray();
        var (early, late, takes) = (new ChainGuard("early"), new ChainGuard("late"), new TakenInputs());
        for (var turn = 0; turn < 2_000; turn++)
        {
            var random = new Random(Seed + turn);
            var inputs = Enumerable.Range(0, random.Next(20) == 0 ? 300 : random.Next(1, 40))
                .Select(_ => new TakenInput(Moment(random), new Cursor(Whole32(random), Whole(random)), random.Next(2) == 0 ? Any(random) : samples[random.Next(samples.Length)])).ToArray();
            foreach (var input in inputs) takes.Add(input);
            Assert.Equal(inputs.Length, takes.Count);
            var (at, cursor) = (Moment(random), new Cursor(Whole32(random), Whole(random)));
            var expected = late.Seal(new Consumed([.. inputs]), at, cursor);
            var actual = early.SealTaken(takes, at, cursor);
            Assert.True(expected.Bytes.Span.SequenceEqual(actual.Bytes.Span) && expected.Hash.AsSpan().SequenceEqual(actual.Hash), $"seed {Seed + turn}");
            Assert.Equal((expected.Manifest, expected.At, expected.Cursor), (actual.Manifest, actual.At, actual.Cursor));
            Assert.Equal(inputs, ((Consumed)actual.Event).Inputs);
            Assert.Equal(0, takes.Count);
        }
    }

    /// <summary>Random inputs with values from the edges of their types, against the JSON of the same.</summary>
    [Fact]
    public void Every_value_comes_back_to_the_last_digit()
    {
        for (var turn = 0; turn < 5_000; turn++)
        {
            var random = new Random(Seed + turn);
            var consumed = new Consumed([.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => new TakenInput(Moment(random), new Cursor(Whole32(random), Whole(random)), Any(random)))]);
            var sealedRecord = RecordCodec.Seal(consumed, Moment(random), new Cursor(Whole32(random), Whole(random)), Hash(random));
            var opened = RecordCodec.Open(sealedRecord.Manifest, sealedRecord.Bytes);
            var where = $"seed {Seed + turn}";
            Assert.True(sealedRecord.At == opened.At && sealedRecord.Cursor == opened.Cursor && sealedRecord.Previous.Span.SequenceEqual(opened.Previous.Span), where);
            Assert.True(RecordCodec.Describe(consumed) == RecordCodec.Describe(opened.Event), where);
            foreach (var (one, other) in consumed.Inputs.Zip(((Consumed)opened.Event).Inputs))
            {
                if (one.Input is MarkSeen mark) Assert.True(decimal.GetBits(mark.Mark).SequenceEqual(decimal.GetBits(((MarkSeen)other.Input).Mark)), $"{where}: {mark.Mark}");
            }

            Assert.True(RecordCodec.Seal(opened.Event, opened.At, opened.Cursor, opened.Previous.Span).Bytes.Span.SequenceEqual(sealedRecord.Bytes.Span), where);
        }
    }

    /// <summary>Cut, flipped, overwritten, joined and filled with large numbers: read as something, or refused in one line; never anything else, and never at the cost of much memory.</summary>
    [Fact]
    public void Damage_is_refused_in_words_and_costs_no_memory()
    {
        var refused = 0;
        for (var turn = 0; turn < 20_000; turn++)
        {
            var random = new Random(Seed + turn);
            var record = Records[random.Next(Records.Count)];
            var bytes = Damage(random, record.Bytes.ToArray());
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var opened = RecordCodec.Open(record.Manifest, bytes);
                Assert.Equal(opened.Previous.ToArray(), RecordCodec.ReadPrevious(record.Manifest, bytes).ToArray());
            }
            catch (JournalFormatException told)
            {
                refused++;
                Assert.True(told.Message.Contains($"'{record.Manifest}'", StringComparison.Ordinal) && !told.Message.Contains('\n', StringComparison.Ordinal), $"seed {Seed + turn}: {told.Message}");
            }
            catch (Exception other) when (other is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {Seed + turn}: {other}");
            }

            var cost = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(cost < 1_000_000, $"seed {Seed + turn}: {cost} bytes for a record of {bytes.Length}");
        }

        Assert.True(refused > 10_000, $"only {refused} were refused");
    }

    [Fact]
    public void A_record_that_is_cut_anywhere_is_refused()
    {
        foreach (var record in Records)
        {
            for (var length = 0; length < record.Bytes.Length; length++)
                Assert.Throws<JournalFormatException>(() => RecordCodec.Open(record.Manifest, record.Bytes[..length]));
            Assert.Throws<JournalFormatException>(() => RecordCodec.Open(record.Manifest, (byte[])[.. record.Bytes.Span, 0]));
        }
    }

    [Fact]
    public void Objects_in_objects_end_somewhere()
    {
        var record = Records[0];
        byte[] nested = [.. record.Bytes.Span[..CompactForm.CursorAt], 0, 0, .. Enumerable.Repeat((byte)((CompactNames.First << 3) | (int)CompactKind.Object), 1_000_000)];
        Assert.Contains("beyond all measure", Assert.Throws<JournalFormatException>(() => RecordCodec.Open(record.Manifest, nested)).Message, StringComparison.Ordinal);
    }

    /// <summary>Their numbers are in journals: names may be added to the end, and this counted anew.</summary>
    [Fact]
    public void The_numbers_of_names_stay_as_they_are()
    {
        Assert.Equal(CompactNames.All.Count, CompactNames.All.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(FirstNames, CompactNames.All.Count);
        Assert.InRange(CompactNames.First + CompactNames.All.Count, 0, CompactNames.NumbersMax);
        Assert.Equal(FirstNamesHash, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', CompactNames.All.Take(FirstNames))))));
    }

    private const int FirstNames = 288;
    private const string FirstNamesHash = "d07ef31737939a48da3aad3d40955690206a3de77e2ce16f6dd5763eb8bd1783";

    /// <summary>A name or a word without a number costs its letters and nothing else.</summary>
    [Fact]
    public void What_has_no_number_is_spelled_out()
    {
        var format = new CompactFormat<GateClosed>(new JsonFormat<GateClosed>(
            "gate-closed",
            (to, happened) => to.Word("a gate of its own", happened.Gate, Vocabulary.Gates).TextList("größer", [happened.Reason, happened.Reason, "buy"]),
            from => new GateClosed(from.Word("a gate of its own", Vocabulary.Gates), string.Join('+', from.TextList("größer")))));
        var bytes = format.Write(new GateClosed(Gate.Switch, "日本"), new Envelope(Samples.At, Samples.Cursor, JournalRecord.NoPredecessor));
        Assert.Equal(new GateClosed(Gate.Switch, "日本+日本+buy"), format.Read(2, bytes).Happened);
        Assert.Equal(1, Encoding.UTF8.GetString(bytes).Split("日本").Length - 1);
    }

    /// <summary>Only one of the two would be read. At every depth, in either form, whether the name has a number or not.</summary>
    [Theory]
    [InlineData("reason", "")]
    [InlineData("reason", "object")]
    [InlineData("reason", "list")]
    [InlineData("größer", "")]
    [InlineData("größer", "object")]
    [InlineData("größer", "list")]
    public void Two_fields_of_one_name_are_refused(string name, string inside)
    {
        void Twice(FieldWriter to) => to.Text(name, "one").Text("text", "between").Text(name, "other");
        var json = new JsonFormat<GateClosed>(
            "gate-closed",
            (to, _) =>
            {
                if (inside == "object") to.Object("intent", 0, (one, _) => Twice(one));
                else if (inside == "list") to.List("inputs", [0], (one, _) => Twice(one));
                else Twice(to);
            },
            from => throw new InvalidOperationException("it was read"));
        var envelope = new Envelope(Samples.At, Samples.Cursor, JournalRecord.NoPredecessor);
        var ofCompact = Assert.Throws<JournalFormatException>(() => json.Compact().Read(2, json.Compact().Write(new GateClosed(Gate.Switch, ""), envelope)));
        Assert.Matches(name == "reason" ? "^a record 'gate-closed/2' holds the field 'reason' twice, before its byte [0-9]+$" : "^a record 'gate-closed/2' holds a field that it spells out twice, before its byte [0-9]+$", ofCompact.Message);
        var ofJson = Assert.Throws<JournalFormatException>(() => json.Read(1, json.Write(new GateClosed(Gate.Switch, ""), envelope)));
        Assert.StartsWith("a record 'gate-closed/1' is not JSON: ", ofJson.Message, StringComparison.Ordinal);
        Assert.Contains("uplicate", ofJson.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_has_a_number_and_is_spelled_out_too_is_one_name()
    {
        var refused = Samples.Events.OfType<IntentRefused>().First(one => one.Finding is null);
        var record = RecordCodec.Seal(refused, Samples.At, Samples.Cursor, []);
        byte[] spelled = [(CompactForm.Spelled << 3) | (int)CompactKind.NewText, 6, .. "reason"u8, 3, .. "why"u8, CompactForm.End];
        byte[] bytes = [.. record.Bytes.Span[..^1], .. spelled];
        Assert.Contains("the field 'reason' twice", Assert.Throws<JournalFormatException>(() => RecordCodec.Open(record.Manifest, bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_object_has_fields_without_end()
    {
        var record = Records[0];
        IEnumerable<byte> Field(int number) => [(CompactForm.Spelled << 3) | (int)CompactKind.Number, 4, .. Encoding.ASCII.GetBytes(number.ToString("X4", CultureInfo.InvariantCulture)), 0];
        byte[] many = [.. record.Bytes.Span[..CompactForm.CursorAt], 0, 0, .. Enumerable.Range(0, 60_000).SelectMany(Field), CompactForm.End];
        Assert.Contains("more names than any does", Assert.Throws<JournalFormatException>(() => RecordCodec.Open(record.Manifest, many)).Message, StringComparison.Ordinal);
    }

    private static byte[] Damage(Random random, byte[] bytes)
    {
        switch (random.Next(5))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                bytes[random.Next(JournalRecord.HashLength, bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 2:
                var at = random.Next(JournalRecord.HashLength, bytes.Length);
                bytes.AsSpan(at, Math.Min(random.Next(1, 12), bytes.Length - at)).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)random.Next(256));
                return bytes;
            case 3:
                var (from, to) = (random.Next(CompactForm.CursorAt, bytes.Length), random.Next(CompactForm.CursorAt, bytes.Length));
                return [.. bytes[..from], .. bytes[to..]];
            default:
                var into = random.Next(CompactForm.CursorAt, bytes.Length);
                // A length, a count or a reference of up to 2^63.
                return [.. bytes[..into], .. Enumerable.Repeat((byte)0xFF, random.Next(1, 9)), 0x7F, .. bytes[into..]];
        }
    }

    private static Input Any(Random random) => random.Next(5) switch
    {
        0 => new MarkSeen(new Symbol(Text(random)), Digits(random)),
        1 => new WalletSeen(new Currency(Text(random)), Whole(random)),
        2 => new FundingSeen(new Symbol(Text(random)), Digits(random), Moment(random)),
        3 => new OrderSeen(new ClientOrderId(Text(random)), OrderNews.Filled, Whole(random)),
        _ => new OperatorSaid(OperatorVerb.Resume, Text(random), [.. Enumerable.Range(0, random.Next(3)).Select(_ => Text(random))]),
    };

    private static string Text(Random random) => random.Next(6) switch
    {
        0 => "buy",
        1 => new string('x', random.Next(1, 300)),
        2 => "\"größer\" & 日本 \U0001F600\n",
        3 => "at",
        _ => "id-" + random.Next(4).ToString(CultureInfo.InvariantCulture),
    };

    private static decimal Digits(Random random) => random.Next(5) switch
    {
        0 => decimal.MaxValue,
        1 => decimal.MinValue,
        2 => new decimal(random.Next(), random.Next(), random.Next(3) == 0 ? random.Next() : 0, random.Next(2) == 0, (byte)random.Next(29)),
        3 => 0.0000m,
        _ => 64_000.10m,
    };

    private static long Whole(Random random) => random.Next(5) switch
    {
        0 => long.MinValue,
        1 => long.MaxValue,
        2 => random.NextInt64(long.MinValue, long.MaxValue),
        _ => random.Next(-200, 200),
    };

    private static int Whole32(Random random) => random.Next(4) switch
    {
        0 => int.MinValue,
        1 => int.MaxValue,
        _ => random.Next(0, 300),
    };

    private static byte[] Hash(Random random)
    {
        var hash = new byte[JournalRecord.HashLength];
        random.NextBytes(hash);
        return hash;
    }

    private static DateTimeOffset Moment(Random random) => random.Next(5) switch
    {
        0 => DateTimeOffset.MinValue,
        1 => DateTimeOffset.MaxValue,
        _ => Samples.At.AddTicks(random.NextInt64(-1_000_000_000, 1_000_000_000)),
    };
}
