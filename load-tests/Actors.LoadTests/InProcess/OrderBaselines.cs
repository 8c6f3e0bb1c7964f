using System.Diagnostics;
using Actors.Benchmarks;

namespace Actors.LoadTests.InProcess;

/// <summary>
/// What the same orders cost without the way through the wire: as function calls into the venue's own exchange with its log of inputs, and what the log's bytes cost when they are appended to a file
/// of the same disk and nothing else is done. CPU time, in batches of which the middle counts.
/// </summary>
internal static class OrderBaselines
{
    private const int Batches = 9;
    private const int OrdersPerBatch = 4_000;
    private const int DurableAppends = 200;

    /// <param name="Calls">CPU of an order by function calls in each batch, microseconds, sorted.</param>
    /// <param name="Appends">CPU of an append in each batch, microseconds, sorted.</param>
    /// <param name="CallLatency">Median time of a call, and the 99th of a hundred, microseconds.</param>
    /// <param name="DurableLatency">The same of an append that is on the disk itself when it returns.</param>
    /// <param name="BytesPerOrder">Of the log.</param>
    public sealed record Cost(double[] Calls, double[] Appends, (double Median, double P99) CallLatency, (double Median, double P99) DurableLatency, double BytesPerOrder)
    {
        /// <summary>What an order took elsewhere, in microseconds of CPU, over a baseline.</summary>
        public static RatioRow Over(string name, double microseconds, double[] baseline) =>
            new(name, microseconds / baseline[baseline.Length / 2], microseconds / baseline[baseline.Length * 3 / 4], microseconds / baseline[baseline.Length / 4]);
    }

    /// <param name="folder">On the disk of the venue that they are compared with.</param>
    /// <param name="resting">Bodies of the orders that bob rests.</param>
    /// <param name="take">The body of an order that alice takes with, by its number.</param>
    public static async Task<Cost> MeasureAsync(string folder, IEnumerable<string> resting, Func<int, string> take)
    {
        await using var venue = new PlainVenue(Path.Combine(folder, "plain"), Path.Combine(AppContext.BaseDirectory, "config", "venue-instruments.json"));
        foreach (var body in resting) venue.Place("bob", body);
        var bodies = Enumerable.Range(0, (Batches + 2) * OrdersPerBatch).Select(i => System.Text.Encoding.UTF8.GetBytes(take(i))).ToArray();
        var (next, latency) = (0, new List<long>());
        // Compiled, and then compiled again in the background.
        Batch();
        await Task.Delay(500);
        Batch();
        latency.Clear();
        var bytes = venue.LogBytes;
        double[] calls = [.. Enumerable.Range(0, Batches).Select(_ => Batch()).Order()];
        var perOrder = (venue.LogBytes - bytes) / (double)(Batches * OrdersPerBatch);
        var line = new byte[(int)Math.Round(perOrder)];
        double[] appends = [.. Enumerable.Range(0, Batches).Select(_ => Append(folder, line, OrdersPerBatch, toDisk: false, []) / OrdersPerBatch).Order()];
        var durable = new List<long>();
        Append(folder, line, DurableAppends, toDisk: true, durable);
        return new Cost(calls, appends, Percentiles(latency), Percentiles(durable), perOrder);

        double Batch()
        {
            var before = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < OrdersPerBatch; i++)
            {
                var begun = Stopwatch.GetTimestamp();
                venue.Place("alice", bodies[next++]);
                latency.Add(Stopwatch.GetTimestamp() - begun);
            }

            return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds / OrdersPerBatch;
        }
    }

    /// <summary>CPU of all appends, microseconds. As the venue opens its log: unbuffered.</summary>
    private static double Append(string folder, byte[] line, int count, bool toDisk, List<long> latency)
    {
        var path = Path.Combine(folder, "raw.log");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var before = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < count; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            RandomAccess.Write(file.SafeFileHandle, line, (long)i * line.Length);
            if (toDisk) RandomAccess.FlushToDisk(file.SafeFileHandle);
            latency.Add(Stopwatch.GetTimestamp() - begun);
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMicroseconds;
    }

    private static (double, double) Percentiles(List<long> ticks)
    {
        ticks.Sort();
        return (Microseconds(ticks[ticks.Count / 2]), Microseconds(ticks[ticks.Count * 99 / 100]));

        static double Microseconds(long ticks) => ticks * 1_000_000.0 / Stopwatch.Frequency;
    }
}
