using System.Diagnostics;
using System.Globalization;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Campaign;

/// <summary>The ways in which engine and venue can lose each other.</summary>
internal enum Loss
{
    Killed = 1,

    /// <summary>Stopped with its sockets open.</summary>
    Frozen = 2,

    NetworkCut = 3,

    NetworkSilent = 4,

    JournalLocked = 5,

    ActorHung = 6,

    ClockAhead = 7,

    ClockBehind = 8,
}

/// <summary>One trial: the longest that an order rested at the venue after contact was lost, and how many were open then.</summary>
internal sealed record Exposure(Loss Loss, string Detail, TimeSpan Rested, int Orders);

/// <summary>
/// Takes contact away from a trading engine in one way or another and measures, by what the venue says of each order, how long any rested afterwards. The engine must
/// trade again once the fault is gone; one that was killed, or whose clock was wrong by an hour, after it was started again.
/// </summary>
internal sealed class ExposureCampaign(int seed, TimeSpan timeout, Action<string> say) : IAsyncDisposable
{
    /// <summary>A venue that takes longer than this to answer is held up by its machine, and a trial then measures the machine.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromMilliseconds(300);

    private const int AttemptsMax = 5;

    private readonly CampaignFolder _folder = new($"{timeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s", rests: true);
    private readonly Random _random = new(seed);
    private ActorsProcess? _venue;
    private Uri _address = null!;
    private VenueRecord _record = null!;

    /// <summary>Trials that were made again because the venue itself was held up.</summary>
    public int HeldUp { get; private set; }

    public static readonly IReadOnlyList<Loss> OfAProcess = [Loss.Killed, Loss.Frozen, Loss.NetworkCut, Loss.NetworkSilent, Loss.JournalLocked];

    public static readonly IReadOnlyList<Loss> WithinAProcess = [Loss.ActorHung, Loss.ClockAhead, Loss.ClockBehind];

    public async Task StartAsync()
    {
        (_venue, _address) = await _folder.StartVenueAsync(seed: seed);
        _record = new VenueRecord(_address, _folder.KeyFile);
    }

    public async Task<IReadOnlyList<Exposure>> RunAsync(IReadOnlyList<Loss> losses, int trials)
    {
        var proxy = new BrokenProxy(_address.Port);
        await using var network = proxy.ConfigureAwait(false);
        var inProcess = losses.Any(WithinAProcess.Contains);
        ITradingEngine engine = inProcess ? await EngineInProcess.StartAsync(_folder, proxy.Address, timeout) : new EngineProcess(_folder, proxy.Address);
        var found = new List<Exposure>();
        await using (engine.ConfigureAwait(false))
        {
            foreach (var loss in losses.SelectMany(loss => Enumerable.Repeat(loss, trials)))
            {
                try
                {
                    if (await MeasureAsync(engine, proxy, loss) is { } exposure) found.Add(exposure);
                }
                catch (Exception failed)
                {
                    throw new InvalidOperationException($"seed {seed}, {loss}, trial {found.Count + 1}: {failed.Message}\n{engine.Describe()}", failed);
                }
            }
        }

        // Killed, hung, or with a clock that was wrong by an hour: what was decided comes out again all the same.
        await Audited.CleanAsync(_folder.Engine);
        return found;
    }

    public async ValueTask DisposeAsync()
    {
        if (_venue is not null) await _venue.DisposeAsync();
        _record?.Dispose();
        _folder.Dispose();
    }

    private async Task<Exposure?> MeasureAsync(ITradingEngine engine, BrokenProxy proxy, Loss loss)
    {
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            await TradingAsync();
            // Anywhere between two beats: a moment chosen by the seed, not a wait for something.
            var moment = timeout * (_random.NextDouble() / 2);
            await Task.Delay(moment);
            var answered = await AnswerAsync();
            var detail = loss == Loss.ActorHung ? EngineInProcess.Parts[_random.Next(EngineInProcess.Parts.Count)] : "";
            var (lostAt, mend) = await LoseAsync(engine, proxy, loss, detail);
            answered = TimeSpan.FromTicks(Math.Max(answered.Ticks, (await AnswerAsync()).Ticks));
            var exposure = await RestedAsync(loss, detail, lostAt);
            await mend();
            if (exposure.Orders > 0 && answered <= AnswerMax)
            {
                say($"{loss} {detail}: {exposure.Orders} orders open, the last rested {exposure.Rested.TotalSeconds:0.00} s");
                return exposure;
            }

            if (answered > AnswerMax) HeldUp++;
        }

        say($"{loss}: not measured: in {AttemptsMax} attempts the venue was held up or no order was open");
        return null;
    }

    /// <summary>Waits until there are orders: whatever was there before is gone, so it trades, again.</summary>
    private async Task TradingAsync()
    {
        var end = DateTimeOffset.UtcNow + ActorsProcess.Deadline;
        using var tries = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await OpenAsync() == 0)
        {
            Assert.True(DateTimeOffset.UtcNow < end, "it does not trade");
            await tries.WaitForNextTickAsync();
        }
    }

    private async Task<TimeSpan> AnswerAsync()
    {
        var clock = Stopwatch.StartNew();
        await OpenAsync();
        return clock.Elapsed;
    }

    /// <summary>Takes contact away; since when, by the machine's clock, and how to give it back.</summary>
    private static async Task<(DateTimeOffset At, Func<Task> Mend)> LoseAsync(ITradingEngine engine, BrokenProxy proxy, Loss loss, string part)
    {
        var at = DateTimeOffset.UtcNow;
        switch (loss, engine)
        {
            case (Loss.Killed, EngineProcess process):
                await process.KillAsync();
                return (at, process.RestartAsync);
            case (Loss.Frozen, EngineProcess process):
                process.Freeze();
                return (at, Doing(process.Thaw));
            case (Loss.JournalLocked, EngineProcess process):
                var held = process.LockJournal();
                return (DateTimeOffset.UtcNow, Doing(held.Dispose));
            case (Loss.NetworkCut, _):
                proxy.Cut();
                return (at, Doing(proxy.Mend));
            case (Loss.NetworkSilent, _):
                proxy.FallSilent();
                return (at, Doing(proxy.Mend));
            case (Loss.ActorHung, EngineInProcess session):
                return (await session.Clock.HangAsync(part).WaitAsync(ActorsProcess.Deadline), Doing(session.Clock.Release));
            case (Loss.ClockAhead or Loss.ClockBehind, EngineInProcess session):
                session.Clock.Offset = loss == Loss.ClockAhead ? TimeSpan.FromHours(1) : -TimeSpan.FromHours(1);
                // A session whose clock was set back far ends; the next one has the right time.
                return (at, session.RestartAsync);
            default:
                throw new InvalidOperationException($"{loss} cannot be done to {engine.GetType().Name}");
        }

        static Func<Task> Doing(Action mend) => () =>
        {
            mend();
            return Task.CompletedTask;
        };
    }

    /// <summary>Waits until the venue has no order of ours left, and asks it when the last one ended.</summary>
    private async Task<Exposure> RestedAsync(Loss loss, string detail, DateTimeOffset lostAt)
    {
        var end = DateTimeOffset.UtcNow + timeout + ActorsProcess.Deadline;
        using var tries = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await OpenAsync() is > 0 and var open)
        {
            Assert.True(DateTimeOffset.UtcNow < end, $"{open} orders still rest {(DateTimeOffset.UtcNow - lostAt).TotalSeconds:0} s after contact was lost");
            await tries.WaitForNextTickAsync();
        }

        var ended = (await _record.RowsAsync("/api/v1/order?reverse=true&count=500")).Select(row => row.GetProperty("timestamp").GetDateTimeOffset()).Where(at => at > lostAt).ToArray();
        return new Exposure(loss, detail, ended.Length == 0 ? TimeSpan.Zero : ended.Max() - lostAt, ended.Length);
    }

    private async Task<int> OpenAsync() => (await _record.RowsAsync("/api/v1/order?filter=%7B%22open%22%3Atrue%7D&count=500")).Length;
}

/// <summary>The exposures of many trials for people.</summary>
internal static class ExposureTable
{
    /// <summary>A row for each way of losing contact, in buckets of quarters of the timeout.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<Exposure> exposures, TimeSpan timeout)
    {
        string[] heads = ["<25%", "<50%", "<75%", "<100%", "<+1 s", "later"];
        yield return $"{"contact lost by",-16}{"trials",7}{"max s",8}  " + string.Concat(heads.Select(head => $"{head,8}")) + $"   (of the timeout, {timeout.TotalSeconds:0} s)";
        foreach (var group in exposures.GroupBy(one => one.Loss).OrderBy(group => group.Key))
        {
            var counts = new int[heads.Length];
            foreach (var one in group) counts[Bucket(one.Rested, timeout)]++;
            yield return $"{group.Key,-16}{group.Count(),7}{group.Max(one => one.Rested).TotalSeconds,8:0.00}  " + string.Concat(counts.Select(count => $"{count,8}"));
        }
    }

    private static int Bucket(TimeSpan rested, TimeSpan timeout) =>
        rested < timeout ? (int)(rested / timeout * 4) : rested <= timeout + TimeSpan.FromSeconds(1) ? 4 : 5;
}
