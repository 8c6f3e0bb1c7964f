using System.Text;
using System.Text.Json.Nodes;
using Actors.Domain;
using Actors.Domain.Accounts;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Reconciliation;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;
using Actors.Journal.Codec;

namespace Actors.Journal.Tests;

public class CodecTests
{
    private static readonly Type[] Families =
        [typeof(OrderEvent), typeof(PositionEvent), typeof(AccountEvent), typeof(RiskEvent), typeof(StrategyEvent), typeof(SessionEvent)];

    [Fact]
    public void Every_input_of_the_domain_has_a_format_and_a_sample()
    {
        var inputs = typeof(Input).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Input)));
        Assert.Empty(inputs.Except(Samples.Events.OfType<Consumed>().SelectMany(consumed => consumed.Inputs).Select(taken => taken.Input.GetType())));
    }

    [Fact]
    public void Every_event_of_the_domain_has_a_format_and_a_sample()
    {
        var types = typeof(OrderEvent).Assembly.GetTypes().Where(type => !type.IsAbstract && Families.Any(type.IsSubclassOf)).ToArray();
        Assert.NotEmpty(types);
        Assert.All(types, type => Assert.True(RecordCodec.Knows(type), type.Name));
        Assert.Empty(RecordFormats.Known.All.Select(format => format.Type).Except(Samples.Events.Concat(KeptSamples.All).Select(sample => sample.GetType())));
    }

    [Fact]
    public void Every_sample_comes_back_as_it_was()
    {
        foreach (var sample in Samples.Events)
        {
            var previous = RecordCodec.Seal(sample, Samples.At, Samples.Cursor, []).Hash;
            var sealedRecord = RecordCodec.Seal(sample, Samples.At.ToOffset(TimeSpan.FromHours(2)), Samples.Cursor, previous);
            var opened = RecordCodec.Open(sealedRecord.Manifest, sealedRecord.Bytes);
            AssertSame(sample, opened.Event);
            Assert.Equal(Samples.At, opened.At);
            Assert.Equal(TimeSpan.Zero, opened.At.Offset);
            Assert.Equal(Samples.Cursor, opened.Cursor);
            Assert.Equal(previous, opened.Previous.ToArray());
            Assert.Equal(previous, RecordCodec.ReadPrevious(sealedRecord.Manifest, sealedRecord.Bytes).ToArray());
            Assert.Equal(sealedRecord.Hash, opened.Hash);
            Assert.Equal(sealedRecord.Bytes.ToArray(), RecordCodec.Seal(opened.Event, opened.At, opened.Cursor, opened.Previous.Span).Bytes.ToArray());
        }
    }

    /// <summary>Times are read digit by digit: the same are read as by their format, and none else. Texts near to times, one letter changed, are where both could part.</summary>
    [Fact]
    public void Times_are_read_as_their_format_says()
    {
        const string Letters = "0123456789-:.TZ+ t/９";
        var random = new Random(20260901);
        for (var turn = 0; turn < 200_000; turn++)
        {
            var time = new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks + 1), TimeSpan.Zero);
            var text = time.ToString(FieldReader.TimeFormat, System.Globalization.CultureInfo.InvariantCulture).ToCharArray();
            for (var changes = random.Next(3); changes > 0; changes--) text[random.Next(text.Length)] = Letters[random.Next(Letters.Length)];
            var spelled = new string(text, 0, random.Next(50) == 0 ? random.Next(text.Length) : text.Length);
            var isTime = DateTimeOffset.TryParseExact(
                spelled, FieldReader.TimeFormat, System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.AssumeUniversal | System.Globalization.DateTimeStyles.AdjustToUniversal, out var expected);
            Assert.True(isTime == FieldReader.TryTime(spelled, out var read) && (!isTime || (read == expected && read.Offset == TimeSpan.Zero)), spelled);
        }
    }

    /// <summary>
    /// The bytes of every version of every format, kept for ever. A difference means that a journal of yesterday reads differently today: give the format a
    /// new version and an upgrade, and add its line to the newest file; never change one.
    /// </summary>
    [Fact]
    public void Golden_bytes_stay_as_they_are()
    {
        var golden = Enumerable.Range(1, 4).SelectMany(Golden).ToHashSet(StringComparer.Ordinal);
        foreach (var sample in Samples.Events)
        {
            var record = RecordCodec.Seal(sample, Samples.At, Samples.Cursor, []);
            // The header of frames did not change with their form, which is the affair of their own tests.
            Assert.Contains($"{record.Manifest.Replace("frames/2", "frames/1", StringComparison.Ordinal)}\t{Readable(record)}", golden);
        }
    }

    [Fact]
    public void Golden_bytes_can_be_read()
    {
        const int Second = 11;
        var old = Golden(1);
        foreach (var (line, sample) in old.Zip(Samples.Events)) AssertSame(sample, Read(line).Event);
        var manifest = Samples.Events.OfType<SessionStarted>().First();
        foreach (var (line, sample) in Golden(2).Zip(Samples.Events.Skip(old.Length).Prepend(manifest))) AssertSame(sample, Read(line).Event);
        Assert.Equal(Second + 1, Golden(2).Length);
        // Those of the first two files that are written otherwise since, and all that came after.
        var before = old.Concat(Golden(2)).ToHashSet(StringComparer.Ordinal);
        var third = Samples.Events.Where(sample => !before.Contains(WordsLine(sample))).ToList();
        foreach (var (line, sample) in Golden(3).Zip(third)) AssertSame(sample, Read(line).Event);
        Assert.Equal(third.Count, Golden(3).Length);
        // Those that became compact, in that form.
        var fourth = Samples.Events.Where(sample => IsCompact(RecordCodec.Seal(sample, Samples.At, Samples.Cursor, []))).ToList();
        foreach (var (line, sample) in Golden(4).Zip(fourth)) AssertSame(sample, Read(line).Event);
        Assert.Equal(fourth.Count, Golden(4).Length);
    }

    /// <summary>A sample as the last version in JSON wrote it.</summary>
    private static string WordsLine(object sample)
    {
        var record = RecordCodec.Seal(sample, Samples.At, Samples.Cursor, []);
        if (!IsCompact(record)) return $"{record.Manifest}\t{Readable(record)}";
        var slash = record.Manifest.LastIndexOf('/');
        var version = int.Parse(record.Manifest.AsSpan(slash + 1), System.Globalization.CultureInfo.InvariantCulture) - 1;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{record.Manifest[..slash]}/{version}\t{Encoding.UTF8.GetString(RecordCodec.Words(record)!.Value.Span)}");
    }

    private static bool IsCompact(JournalRecord record) => record.Event is not FramesRecorded && !RecordCodec.IsWords(record.Manifest);

    private static string[] Golden(int version) => File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Golden", $"version-{version}.txt"));

    private static JournalRecord Read(string line)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        var manifest = line[..tab];
        var payload = line[(tab + 1)..];
        return RecordCodec.Open(manifest, !RecordCodec.IsWords(manifest) ? Convert.FromHexString(payload) : Encoding.UTF8.GetBytes(payload));
    }

    [Fact]
    public void No_name_of_a_class_is_stored()
    {
        foreach (var sample in Samples.Events.Where(sample => sample is not FramesRecorded and not PartRestarted))
        {
            var record = RecordCodec.Seal(sample, Samples.At, Samples.Cursor, []);
            var text = record.Manifest + Encoding.UTF8.GetString(record.Bytes.Span);
            Assert.DoesNotContain(sample.GetType().Name, text, StringComparison.Ordinal);
            Assert.DoesNotContain("Actors.", text, StringComparison.Ordinal);
            Assert.DoesNotContain("System.", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_value_of_every_enumeration_has_a_word()
    {
        AssertCovered(Vocabulary.Sides, Enum.GetValues<Side>());
        AssertCovered(Vocabulary.OrderTypes, Enum.GetValues<OrderType>());
        AssertCovered(Vocabulary.TimesInForce, Enum.GetValues<TimeInForce>());
        AssertCovered(Vocabulary.Flags, Enum.GetValues<OrderFlags>().Where(flag => flag != OrderFlags.None));
        AssertCovered(Vocabulary.Triggers, Enum.GetValues<TriggerKind>());
        AssertCovered(Vocabulary.Pegs, Enum.GetValues<PegKind>());
        AssertCovered(Vocabulary.Contingencies, Enum.GetValues<Contingency>());
        AssertCovered(Vocabulary.OrderStates, Enum.GetValues<OrderState>());
        AssertCovered(Vocabulary.PendingChanges, Enum.GetValues<PendingChange>().Where(change => change != PendingChange.None));
        AssertCovered(Vocabulary.Gates, Enum.GetValues<Gate>());
        AssertCovered(Vocabulary.LimitKinds, Enum.GetValues<LimitKind>());
        AssertCovered(Vocabulary.RiskActions, Enum.GetValues<RiskAction>());
        AssertCovered(Vocabulary.OperatorVerbs, Enum.GetValues<OperatorVerb>());
        AssertCovered(Vocabulary.Findings, Enum.GetValues<Finding>());
        AssertCovered(Vocabulary.BookStatuses, Enum.GetValues<BookStatus>());
        AssertCovered(Vocabulary.OrderNews, Enum.GetValues<OrderNews>());
        AssertCovered(Vocabulary.VenueOrderStatuses, Enum.GetValues<VenueOrderStatus>());
        AssertCovered(Vocabulary.ExecutionKinds, Enum.GetValues<ExecutionKind>());
        AssertCovered(Vocabulary.ContractKinds, Enum.GetValues<ContractKind>());
        AssertCovered(Vocabulary.MarkMethods, Enum.GetValues<MarkMethod>());
        AssertCovered(Vocabulary.InstrumentStates, Enum.GetValues<InstrumentState>());
    }

    [Theory]
    [InlineData("order-teleported/1", "no record is called 'order-teleported/1'")]
    [InlineData("order-lost", "no record is called 'order-lost'")]
    [InlineData("order-lost/0", "no record is called 'order-lost/0'")]
    [InlineData("order-lost/x", "no record is called 'order-lost/x'")]
    [InlineData("order-lost/2", "newest version known here is 'order-lost/1'")]
    [InlineData("consumed/3", "newest version known here is 'consumed/2'")]
    [InlineData("frames/7", "newest version known here is 'frames/2'")]
    public void An_unknown_manifest_is_named(string manifest, string expected)
    {
        var refused = Assert.Throws<JournalFormatException>(() => RecordCodec.Open(manifest, new byte[100]));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json", "not JSON")]
    [InlineData("[]", "no object")]
    [InlineData("{}", "'at'")]
    [InlineData("""{"at":"2026-09-01","cursor":"1:1","prev":"","event":{}}""", "'at'")]
    [InlineData("""{"at":"2026-09-01T12:30:00.1234567Z","cursor":"1","prev":"","event":{}}""", "'cursor'")]
    [InlineData("""{"at":"2026-09-01T12:30:00.1234567Z","cursor":"1:1","prev":"00","event":{}}""", "'prev'")]
    public void A_broken_envelope_names_the_field(string payload, string expected)
    {
        var refused = Assert.Throws<JournalFormatException>(() => RecordCodec.Open("order-lost/1", Encoding.UTF8.GetBytes(payload)));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"gate\":\"start\"", "\"gate\":\"portcullis\"", "'gate'")]
    [InlineData("\"gate\":\"start\"", "\"gate\":1", "'gate'")]
    [InlineData("\"gate\":\"start\"", "\"gates\":\"start\"", "'gate'")]
    [InlineData("\"gate\":\"start\"", "\"gate\":\"start\",\"gate\":\"start\"", "not JSON")]
    public void A_broken_field_is_named(string good, string bad, string expected)
    {
        var record = RecordCodec.Seal(new GateOpened(Gate.Start), Samples.At, Samples.Cursor, []);
        var broken = Encoding.UTF8.GetString(record.Bytes.Span).Replace(good, bad, StringComparison.Ordinal);
        var refused = Assert.Throws<JournalFormatException>(() => RecordCodec.Open(record.Manifest, Encoding.UTF8.GetBytes(broken)));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decimals_keep_every_digit()
    {
        foreach (var price in (decimal[])[decimal.MaxValue, decimal.MinValue, 1.10m, 0.0m, 0.1234567890123456789012345678m])
        {
            var record = RecordCodec.Seal(new OrderFilled(new("a"), "e", new(1), price, 0, 0, Samples.At), Samples.At, default, []);
            var opened = (OrderFilled)RecordCodec.Open(record.Manifest, record.Bytes).Event;
            Assert.Equal(decimal.GetBits(price), decimal.GetBits(opened.Price));
        }
    }

    [Fact]
    public void What_has_no_format_is_refused()
    {
        Assert.Throws<JournalFormatException>(() => RecordCodec.Seal("a text", Samples.At, default, []));
        Assert.Throws<JournalFormatException>(() => RecordCodec.Seal(new OrderLost(default), Samples.At, default, []));
        Assert.Throws<JournalFormatException>(() => RecordCodec.Seal(new GateOpened((Gate)99), Samples.At, default, []));
        Assert.Throws<ArgumentException>(() => RecordCodec.Seal(new GateOpened(Gate.Start), Samples.At, default, new byte[5]));
    }

    [Fact]
    public void An_older_version_is_read_through_its_upgrades()
    {
        var formats = new RecordFormats(
        [
            new JsonFormat<GateClosed>(
                "gate-closed",
                (to, happened) => to.Word("gate", happened.Gate, Vocabulary.Gates).Text("why", happened.Reason),
                from => new GateClosed(from.Word("gate", Vocabulary.Gates), from.Text("why")),
                Rename("because", "reason"),
                Rename("reason", "why")),
        ]);
        Assert.Equal("gate-closed/3", formats.All[0].Manifest);
        foreach (var (version, field) in ((int, string)[])[(1, "because"), (2, "reason"), (3, "why")])
        {
            var payload = $$$"""{"at":"2026-09-01T12:30:00.1234567Z","cursor":"1:2","prev":"{{{new string('0', 64)}}}","event":{"gate":"start","{{{field}}}":"new"}}""";
            var (happened, envelope) = formats.Read($"gate-closed/{version}", Encoding.UTF8.GetBytes(payload));
            Assert.Equal(new GateClosed(Gate.Start, "new"), happened);
            Assert.Equal(new Cursor(1, 2), envelope.Cursor);
        }

        Assert.Throws<JournalFormatException>(() => formats.Read("gate-closed/4", "{}"u8.ToArray()));
    }

    private static Func<JsonObject, JsonObject> Rename(string old, string now) => fields =>
    {
        var value = fields[old]!.DeepClone();
        fields.Remove(old);
        fields[now] = value;
        return fields;
    };

    private static string Readable(JournalRecord record) =>
        !RecordCodec.IsWords(record.Manifest) ? Convert.ToHexStringLower(record.Bytes.Span) : Encoding.UTF8.GetString(record.Bytes.Span);

    private static void AssertCovered<T>(Words<T> words, IEnumerable<T> values)
        where T : struct, Enum => Assert.All(values, value => Assert.True(words.Covers(value), value.ToString()));

    /// <summary>Records with lists and memory are equal by reference only; their parts are compared instead.</summary>
    private static void AssertSame(object expected, object actual)
    {
        switch (expected, actual)
        {
            case (IntentsDecided wanted, IntentsDecided got):
                Assert.Equal(wanted.Intents, got.Intents);
                Assert.Equal(wanted with { Intents = [] }, got with { Intents = [] });
                break;
            case (Reconciled wanted, Reconciled got):
                Assert.Equal(wanted.Report.Rows, got.Report.Rows);
                Assert.Equal(wanted.Report with { Rows = [] }, got.Report with { Rows = [] });
                break;
            case (FramesRecorded wanted, FramesRecorded got):
                Assert.Equal(wanted.Compressed.ToArray(), got.Compressed.ToArray());
                Assert.Equal(wanted with { Compressed = default }, got with { Compressed = default, Form = FramesRecorded.Grouped });
                break;
            case (Consumed or SessionStarted or Checkpoint or RiskDayBegan or LatchesCleared or ReductionDecided, _):
                Assert.Equal(expected.GetType(), actual.GetType());
                Assert.Equal(RecordCodec.Describe(expected), RecordCodec.Describe(actual));
                break;
            default:
                Assert.Equal(expected, actual);
                break;
        }
    }
}
