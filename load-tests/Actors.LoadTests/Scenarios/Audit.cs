using System.Globalization;
using System.Text.Json;
using Actors.Journal;
using Actors.Journal.Audit;
using Actors.LoadTests.Processes;
using Actors.Venue;

namespace Actors.LoadTests.Scenarios;

/// <summary>
/// A session on the stormiest market is recorded, and audited by the command itself: at its beginning, at a quarter of its time, while it runs, and at its end. The first is what a
/// start alone costs; what the last cost more than the second is the audit's speed apart from it. That memory does not grow is proved by a heap in which both must do.
/// </summary>
public sealed class Audit : Scenario
{
    private const double RowsLeast = 150_000;
    private const double RowsGoal = 500_000;
    private const double DiskMost = 1 / 8d;
    private const double DiskGoal = 1 / 15d;
    private const double GrowthMost = 1.3;

    /// <summary>An audit that needs more than this of live memory fails, whatever the collector would have liked to have beside it.</summary>
    private const int HeapMiB = 48;

    public override string Name => "audit";

    public override string Shows => "what a recorded session costs on the disk, how fast it is decided again, and in how much memory, beside the bare parse and the raw write of the same bytes";

    public override string RateUnit => "book rows a second of CPU";

    public override int DefaultRate => (int)RowsGoal;

    public override TimeSpan DefaultDuration => TimeSpan.FromMinutes(3);

    public override TimeSpan SelectionDuration => TimeSpan.FromSeconds(40);

    public override string Bound => Measures.Text($"at least {RowsLeast:0} rows a second of CPU, at most 1/{1 / DiskMost:0} of the bytes on the disk, a quarter and the whole of the session in a heap of {HeapMiB} MiB");

    public override async Task<ScenarioResult> RunAsync(ScenarioSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var duration = settings.Duration ?? DefaultDuration;
        await using var ground = await LoadGround.OpenAsync(settings, MarketActivity.Storm, wideLimits: true);
        var (engine, _) = await ground.StartTradingAsync(duration);
        var start = await RunAuditAsync(ground);
        await Task.Delay(duration / 4);
        var quarter = await RunAuditAsync(ground);
        var quarterLimited = await RunAuditAsync(ground, HeapMiB);
        await engine.LineAsync(line => line.StartsWith("session ", StringComparison.Ordinal), duration + TimeSpan.FromMinutes(2));
        var whole = await RunAuditAsync(ground);
        var wholeLimited = await RunAuditAsync(ground, HeapMiB);
        var rate = (whole.Rows - quarter.Rows) / Math.Max(whole.Cpu - quarter.Cpu, 0.01);
        var growth = whole.MiB / quarter.MiB;
        var journal = Path.Combine(ground.Folder("engine"), "journal");
        var disk = new DirectoryInfo(journal).EnumerateFiles("frames.db*").Where(file => !file.Name.EndsWith("-shm", StringComparison.Ordinal)).Sum(file => file.Length) / (double)whole.Bytes;
        return new ScenarioResult
        {
            Scenario = Name,
            Input = Measures.Text($"{duration.TotalSeconds:0} s of a storm: {whole.Frames} frames, {whole.Bytes / Measures.MiB:0.0} MiB, {whole.Rows} book rows ({whole.Rows / duration.TotalSeconds:0} a second)"),
            RateUnit = RateUnit,
            RateAsked = settings.Rate ?? DefaultRate,
            RateReached = rate,
            Seconds = duration.TotalSeconds,
            Figures =
            [
                new FigureRow("audit of the beginning: the start", start.Line),
                new FigureRow("audit of a quarter, start included", quarter.Line),
                new FigureRow("audit of the whole, start included", whole.Line),
                new FigureRow("rows a second of CPU: whole, start included; less the start; between quarter and whole", Measures.Text($"{whole.Rows / whole.Cpu:0}; {(whole.Rows - start.Rows) / Math.Max(whole.Cpu - start.Cpu, 0.01):0}; {rate:0}")),
                new FigureRow(Measures.Text($"resident at most, a quarter and the whole, in a heap of {HeapMiB} MiB"), Measures.Text($"{quarterLimited.MiB:0} and {wholeLimited.MiB:0} MiB")),
                .. Limits(journal),
            ],
            Bounds =
            [
                new BoundRow(Measures.Text($"at least {RowsLeast:0} book rows a second of CPU"), Measures.Text($"{rate:0}"), rate >= RowsLeast),
                new BoundRow(Measures.Text($"frames on the disk: at most 1/{1 / DiskMost:0} of their bytes"), Measures.Text($"1/{1 / disk:0.0}"), disk <= DiskMost),
                new BoundRow(Measures.Text($"memory: quarter and whole verified in a heap of {HeapMiB} MiB"), "both", true),
            ],
            Goals =
            [
                new BoundRow(Measures.Text($"{RowsGoal:0} book rows a second of CPU"), Measures.Text($"{rate:0}"), rate >= RowsGoal),
                new BoundRow(Measures.Text($"frames on the disk: 1/{1 / DiskGoal:0} of their bytes"), Measures.Text($"1/{1 / disk:0.0}"), disk <= DiskGoal),
                new BoundRow(Measures.Text($"resident memory, without a limit: at most {GrowthMost:0.0} times that of a quarter"), Measures.Text($"{growth:0.00}"), growth <= GrowthMost),
            ],
        };
    }

    private static async Task<(double Rows, long Frames, long Bytes, double Cpu, double MiB, string Line)> RunAuditAsync(LoadGround ground, int? heapMiB = null)
    {
        var audit = ground.StartAudit(heapMiB);
        // The last line, whatever was found: what differs is told in full by the exception.
        var (_, verdict) = await audit.LineAsync(line => line.StartsWith("verified", StringComparison.Ordinal) || line.StartsWith("NOT verified", StringComparison.Ordinal), TimeSpan.FromMinutes(10));
        if (verdict[0] != 'v') throw new LoadProcessException($"the session was not verified: {string.Join('\n', audit.Lines.Select(line => line.Line))}");
        string? Value(string label) => audit.Lines.Select(line => line.Line).FirstOrDefault(line => line.StartsWith("  " + label + " ", StringComparison.Ordinal))?[54..].Trim();
        // What is not told was not met: an engine that has just begun may have no frame on the disk yet.
        double Number(string label) => double.Parse(Value(label) ?? "0", NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        var time = Value("time") ?? throw new LoadProcessException($"the audit did not tell its time: {string.Join('\n', audit.Lines.Select(line => line.Line))}");
        var words = time.Split(' ');
        return (Number("book rows applied"), (long)Number("frames decoded"), (long)Number("bytes of frames"), double.Parse(words[2], CultureInfo.InvariantCulture), double.Parse(words[6], CultureInfo.InvariantCulture), time);
    }

    /// <summary>The least that reading and writing the same bytes can cost, and what packing them costs; seconds of CPU.</summary>
    private static IEnumerable<FigureRow> Limits(string journal)
    {
        var archive = JournalArchive.Open(new JournalLocation.SqliteDirectory(journal));
        var stream = SessionIndex.List(archive)[^1].FramesStream;
        var unpacker = new FrameUnpacker();
        var packer = new FramePacker();
        var file = Path.Combine(Path.GetDirectoryName(journal)!, "raw.bin");
        double unpack = 0, parse = 0, write = 0, pack = 0;
        long tokens = 0;
        using (var raw = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            foreach (var (_, record) in archive.Read(stream))
            {
                if (record.Event is not FramesRecorded batch) continue;
                IReadOnlyList<RecordedFrame> frames = [];
                unpack += Cpu(() => frames = unpacker.Unpack(batch));
                parse += Cpu(() =>
                {
                    foreach (var frame in frames)
                    {
                        if (frame.Bytes.Span is not [(byte)'{', ..]) continue;
                        var reader = new Utf8JsonReader(frame.Bytes.Span);
                        while (reader.Read()) tokens++;
                    }
                });
                pack += Cpu(() => packer.Pack(batch.Connection, frames));
                write += Cpu(() =>
                {
                    // As durable as the frames' journal is: in the hands of the system with each batch.
                    foreach (var frame in frames) raw.Write(frame.Bytes.Span);
                });
            }
        }

        File.Delete(file);
        yield return new FigureRow("bare parse of the same bytes", Measures.Text($"{parse:0.00} s of CPU, {tokens} tokens"));
        yield return new FigureRow("unpacking the same bytes", Measures.Text($"{unpack:0.00} s of CPU"));
        yield return new FigureRow("packing the same bytes", Measures.Text($"{pack:0.00} s of CPU"));
        yield return new FigureRow("raw write of the same bytes, as durable", Measures.Text($"{write:0.00} s of CPU"));
    }

    private static double Cpu(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }
}
