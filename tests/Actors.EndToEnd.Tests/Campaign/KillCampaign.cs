using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Campaign;

/// <summary>What one batch of kills came to.</summary>
internal sealed class KillTally
{
    public Dictionary<Victim, int> Kills { get; } = new() { [Victim.Engine] = 0, [Victim.Venue] = 0 };

    public int DuringRecovery { get; set; }

    public int Orders { get; set; }

    public int Fills { get; set; }

    public int Lost { get; set; }

    public int Audits { get; set; }

    /// <summary>From the start of the process that had been killed to the engine trading.</summary>
    public Dictionary<Victim, List<TimeSpan>> Recoveries { get; } = new() { [Victim.Engine] = [], [Victim.Venue] = [] };

    public void Add(KillTally other)
    {
        foreach (var (victim, count) in other.Kills) Kills[victim] += count;
        foreach (var (victim, times) in other.Recoveries) Recoveries[victim].AddRange(times);
        DuringRecovery += other.DuringRecovery;
        Orders += other.Orders;
        Fills += other.Fills;
        Lost += other.Lost;
        Audits += other.Audits;
    }

    /// <summary>A table for people.</summary>
    public IEnumerable<string> Lines()
    {
        yield return $"{"killed",-8}{"times",7}{"p50 s",8}{"p99 s",8}{"max s",8}   (from the start of its process to trading)";
        foreach (var (victim, times) in Recoveries)
        {
            var sorted = times.Select(time => time.TotalSeconds).Order().ToArray();
            yield return $"{victim.ToString().ToLowerInvariant(),-8}{Kills[victim],7}{Quantile(sorted, 0.5),8:0.0}{Quantile(sorted, 0.99),8:0.0}{Quantile(sorted, 1),8:0.0}";
        }

        yield return $"{DuringRecovery} of the engine's kills came while it recovered from the one before; {Orders} orders ({Lost} journaled and never received), {Fills} fills, {Audits} audits clean, no difference";
    }

    private static double Quantile(double[] sorted, double share) => sorted.Length == 0 ? double.NaN : sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
}

/// <summary>
/// One venue and one data folder through a plan of kills. After each the process is started again on what it left, and both sides are compared; at the end the engine
/// stops in order, everything is compared to the last unit, and the journal is audited.
/// </summary>
internal sealed class KillCampaign : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly CampaignFolder _folder = new();
    private readonly KillTally _tally = new();
    private readonly Action<string> _say;
    private ActorsProcess _venue = null!;
    private ActorsProcess _engine = null!;
    private Uri _address = null!;
    private VenueRecord _record = null!;
    private VenueMoment? _known;
    private Kill? _last;
    private Kill? _killed;

    private KillCampaign(Action<string> say) => _say = say;

    /// <summary>Runs a plan; fails with every difference found. The batch's seed is that of the venue's traders too.</summary>
    public static async Task<KillTally> RunAsync(int seed, IReadOnlyList<Kill> plan, Action<string> say)
    {
        await using var campaign = new KillCampaign(say);
        try
        {
            await campaign.RunAsync(seed, plan);
        }
        catch (Exception failed)
        {
            var said = string.Join('\n', [.. campaign._engine?.Output.TakeLast(60) ?? [], .. campaign._engine?.Error ?? [], .. campaign._venue?.Error.TakeLast(20) ?? []]);
            throw new InvalidOperationException($"seed {seed}, {campaign._last}: {failed.Message}\nthe processes said last:\n{said}", failed);
        }

        return campaign._tally;
    }

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null) await _engine.DisposeAsync();
        if (_venue is not null) await _venue.DisposeAsync();
        _record?.Dispose();
        _folder.Dispose();
    }

    private async Task RunAsync(int seed, IReadOnlyList<Kill> plan)
    {
        (_venue, _address) = await _folder.StartVenueAsync(seed: seed);
        _record = new VenueRecord(_address, _folder.KeyFile);
        var before = await _record.WalletsAsync();
        _engine = _folder.StartEngine(_address);
        foreach (var kill in plan)
        {
            _last = kill;
            if (!kill.DuringRecovery) await TradingAsync();
            await Task.Delay(kill.After); // a moment chosen by the seed, not a wait for something
            if (kill.Victim == Victim.Engine) await KillEngineAsync();
            else await KillVenueAsync(seed);
            _tally.Kills[kill.Victim]++;
            if (kill.DuringRecovery) _tally.DuringRecovery++;
        }

        await TradingAsync();
        await EndAsync(before);
    }

    /// <summary>Waits until the engine trades, and until it knows all that the venue had when the last process died.</summary>
    private async Task TradingAsync()
    {
        await _engine.LineAsync(IsTrading, "trading");
        if (_known is not { } known) return;
        await AgreedAsync(known);
        await RecoveredAsync(_killed!, _engine.StartedAt);
        _known = null;
    }

    private async Task KillEngineAsync()
    {
        await _engine.KillAsync();
        await _engine.DisposeAsync();
        _known = await VenueMoment.TakeAsync(_record);
        _killed = _last;
        // Killed before it had a journal: there is nothing to look at yet.
        if (File.Exists(Path.Combine(_folder.Engine, "journal", "journal.db")))
        {
            var left = EngineRecord.Read(_folder.Engine);
            string[] differences = [.. Agreement.Always(_known, left), .. Agreement.Forgotten(_known, left)];
            Assert.Empty(differences);
        }

        _engine = _folder.StartEngine(_address);
    }

    /// <summary>The engine stays up, and must trade again by itself.</summary>
    private async Task KillVenueAsync(int seed)
    {
        var lines = _engine.Output.Count;
        await _venue.KillAsync();
        await _venue.DisposeAsync();
        await _engine.LineAsync(line => line.Contains("connecting: ", StringComparison.Ordinal) || line.Contains("halted: ", StringComparison.Ordinal), "notice of the venue's end", lines);
        (_venue, _address) = await _folder.StartVenueAsync(_address.Port, seed);
        var known = await VenueMoment.TakeAsync(_record);
        await _engine.LineAsync(IsTrading, "trading after the venue came back", lines);
        await AgreedAsync(known);
        await RecoveredAsync(_last!, _venue.StartedAt);
    }

    private async Task EndAsync(IReadOnlyDictionary<string, long> walletsBefore)
    {
        _engine.SendInterrupt();
        var exitCode = await _engine.ExitAsync();
        Assert.True(exitCode == 0, string.Join('\n', [.. _engine.Output, .. _engine.Error]));
        var venue = await VenueMoment.TakeAsync(_record);
        var engine = EngineRecord.Read(_folder.Engine);
        var wallets = await _record.WalletsAsync();
        string[] differences = [.. Agreement.Always(venue, engine), .. Agreement.Since(venue, engine), .. Agreement.AtTheEnd(venue, engine), .. Wallets(engine, walletsBefore, wallets)];
        Assert.Empty(differences);
        await _venue.KillAsync();
        Assert.Empty(VenueInputs.Placements(_folder.Venue).Where(one => one.Value > 1).Select(one => $"{one.Key} was sent {one.Value} times"));
        await Audited.CleanAsync(_folder.Engine);
        _tally.Audits++;
        (_tally.Orders, _tally.Fills, _tally.Lost) = (venue.Orders.Count, venue.Fills.Count, engine.Orders.Values.Count(order => order.Status == "Lost"));
    }

    /// <summary>Every unit of money: what the wallets gained is what our positions realised, and the engine has heard of the balance.</summary>
    private static IEnumerable<string> Wallets(EngineRecord engine, IReadOnlyDictionary<string, long> before, Dictionary<string, long> after)
    {
        foreach (var (currency, symbol) in new[] { ("XBt", "XBTUSD"), ("USDt", "ETHUSDT") })
        {
            var (gained, realised) = (after[currency] - before[currency], engine.Positions.GetValueOrDefault(symbol).RealisedPnl);
            if (gained != realised) yield return $"the wallet gained {gained} {currency}, the position in {symbol} realised {realised}";
        }
    }

    private async Task AgreedAsync(VenueMoment venue)
    {
        var end = DateTimeOffset.UtcNow + Patience;
        using var tries = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        while (true)
        {
            var engine = EngineRecord.Read(_folder.Engine);
            Assert.Empty(Agreement.Always(venue, engine));
            var differences = Agreement.Since(venue, engine).ToArray();
            if (differences.Length == 0) return;
            Assert.True(DateTimeOffset.UtcNow < end, string.Join('\n', differences));
            await tries.WaitForNextTickAsync();
        }
    }

    /// <summary>The engine's own record says when it began to trade, to the millisecond; it is written a little after the engine has said so.</summary>
    private async Task RecoveredAsync(Kill kill, DateTimeOffset processBegan)
    {
        var end = DateTimeOffset.UtcNow + Patience;
        using var tries = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        DateTimeOffset[] began;
        while ((began = [.. EngineRecord.Read(_folder.Engine).Phases.Where(phase => phase.Phase == "Trading" && phase.At > processBegan).Select(phase => phase.At)]).Length == 0)
        {
            Assert.True(DateTimeOffset.UtcNow < end, "the engine said that it trades, and never journaled it");
            await tries.WaitForNextTickAsync();
        }

        var trading = began.Min();
        _tally.Recoveries[kill.Victim].Add(trading - processBegan);
        _say($"{kill}: trading after {(trading - processBegan).TotalSeconds:0.0} s");
    }

    private static bool IsTrading(string line) => line.EndsWith(" trading", StringComparison.Ordinal);
}
