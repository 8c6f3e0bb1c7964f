namespace Actors.Guard;

/// <summary>The guard itself: looks, judges, latches, acts, remembers; again on every news and at least every half second. It never waits for the
/// network or for a receiver of alerts. A failure of its own is counted like a breach, and acts like one.</summary>
internal sealed class GuardLoop(Settings settings, Account account, Eyes eyes, Hands hands, EngineProcess? engine, VenueClient venue, StateFile file, Voice voice, TimeProvider clock)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RememberEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, LossReference> _losses = [];
    private readonly Dictionary<string, Latch> _latches = [];
    private readonly Dictionary<string, (Step Step, DateTimeOffset At)> _told = [];
    private DateTimeOffset _sawAllAt = clock.GetUtcNow();
    private DateTimeOffset? _gone;
    private DateTimeOffset? _suspected;
    private DateTimeOffset? _lossesReadAt;
    private DateTimeOffset _rememberedAt;
    private DateTimeOffset _steadyAt;
    private string _steadily = "";
    private DateTimeOffset _watchdogAt;
    private bool _isDirty;
    private int _failures;
    private IReadOnlyList<Finding> _findings = [];

    /// <summary>Whether nothing is latched and the account is seen.</summary>
    public bool IsWell => _latches.Count == 0 && _findings.All(finding => finding.Value is not null) && !hands.AreFailing;

    /// <summary>Takes up what an earlier run left. A file that cannot be understood may have held a latch, so it counts as one: orders are held
    /// cancelled until an operator clears it.</summary>
    public void Remember(Func<State> read)
    {
        try
        {
            var state = read();
            foreach (var (currency, loss) in state.Losses) _losses[currency] = loss;
            foreach (var latch in state.Latches) _latches[latch.Limit] = latch;
            foreach (var latch in state.Latches) voice.Alert($"latched: {latch}; until 'actors-guard clear'");
        }
        catch (RefusalException corrupt) { SetLatch("state file", [Step.Cancel], corrupt.Message); }
    }

    /// <summary>Runs until told to stop. The state is written down at the end.</summary>
    public void Run(CancellationToken stop)
    {
        do Pass(stop);
        while (WaitHandle.WaitAny([stop.WaitHandle, account.News], settings.Timing.JudgeEvery) != 0);
        WriteDown();
    }

    /// <summary>Once through everything. Throws <see cref="RefusalException"/> only, when the venue told that the key is not right.</summary>
    private void Pass(CancellationToken stop)
    {
        try
        {
            TakeClear();
            eyes.Look(stop);
            var picture = account.Take();
            UpdateLosses(picture);
            _findings = Judge.Evaluate(settings.Limits, picture, Now(picture));
            if (_findings.All(finding => finding.Value is not null)) _sawAllAt = eyes.SeenAt;
            Weigh(_findings);
            Act(eyes.SeenAt > clock.GetUtcNow() - settings.Timing.CrossCheckEvery ? picture : null, stop);
            Report(picture);
            if (_isDirty || clock.GetUtcNow() - _rememberedAt > RememberEvery) WriteDown();
            _failures = 0;
        }
        catch (Exception failure) when (failure is not RefusalException)
        {
            _failures++;
            voice.Warn($"own failure {_failures}: {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
            Weigh(Judge.Evaluate(settings.Limits, Picture.Nothing, Now(Picture.Nothing)));
            Act(null, stop);
        }
    }

    private Circumstances Now(Picture picture)
    {
        var now = clock.GetUtcNow();
        var isGone = picture.OpenOrders.Count > 0 && engine is { IsAlive: false };
        _gone = isGone ? _gone ?? now : null;
        return new Circumstances(now, now - _sawAllAt, now - (_gone ?? now), _failures, venue.RequestsLeft, _losses);
    }

    private void UpdateLosses(Picture picture)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        if (_losses.Values.Any(loss => loss.Day != today)) eyes.LookAgain();
        if (eyes.ReadAt is null || eyes.ReadAt == _lossesReadAt) return;
        _lossesReadAt = eyes.ReadAt;
        foreach (var currency in picture.Margins.Keys)
        {
            if (Judge.Profit(picture, currency) is not { } profit) continue;
            _losses[currency] = LossReference.Seen(_losses.GetValueOrDefault(currency), today, profit, eyes.AreTransfersSettled);
        }
    }

    private void Weigh(IReadOnlyList<Finding> findings)
    {
        var isSuspected = false;
        foreach (var finding in findings)
        {
            var steps = finding.Steps.Where(Steps.IsLatched).Except(_latches.GetValueOrDefault(finding.Limit.Name)?.Steps ?? []).ToList();
            if (steps.Count > 0 && finding.Limit.Watch.IsLoss)
            {
                isSuspected = true;
                if (!IsConfirmed()) continue;
            }
            if (steps.Count > 0) SetLatch(finding.Limit.Name, steps, finding.ToString());
            else Tell(finding);
        }
        if (!isSuspected) _suspected = null;
    }

    /// <summary>A withdrawal that the wallet does not show yet looks like a loss, so wallet and margin are read anew before a loss is believed;
    /// but when they cannot be read within a second it is believed as it is.</summary>
    private bool IsConfirmed()
    {
        _suspected ??= clock.GetUtcNow();
        if (eyes.ReadAt > _suspected || clock.GetUtcNow() - _suspected > ConfirmWithin) return true;
        eyes.LookAgain();
        return false;
    }

    private void SetLatch(string limit, IReadOnlyList<Step> steps, string finding)
    {
        var latch = new Latch(limit, [.. (_latches.GetValueOrDefault(limit)?.Steps ?? []).Union(steps).Order()], finding, clock.GetUtcNow());
        _latches[limit] = latch;
        _isDirty = true;
        voice.Alert($"breach: {latch}; until 'actors-guard clear'");
    }

    /// <summary>Log and alert: told when it gets worse, and again every ten minutes; within again is told once.</summary>
    private void Tell(Finding finding)
    {
        var now = clock.GetUtcNow();
        var (step, at) = _told.GetValueOrDefault(finding.Limit.Name);
        var strongest = finding.Steps.Where(reached => !Steps.IsLatched(reached)).DefaultIfEmpty(Step.None).Max();
        if (finding.Value is null) return;
        if (strongest == Step.None)
        {
            if (now - at > Minute && _told.Remove(finding.Limit.Name)) voice.Say($"within again: {finding}");
            return;
        }
        if (strongest <= step && now - at < Minute * 10) return;
        _told[finding.Limit.Name] = (strongest, now);
        if (strongest == Step.Alert) voice.Alert($"{finding}; {finding.Limit}");
        else voice.Warn($"{finding}; {finding.Limit}");
    }

    private void Act(Picture? picture, CancellationToken stop)
    {
        if (_latches.Count == 0) return;
        hands.Do(_latches.Values.SelectMany(latch => latch.Steps).ToHashSet(), _latches.Values.Min(latch => latch.At), picture, stop);
    }

    private void TakeClear()
    {
        if (file.ClearAsked() is not { } restartLosses) return;
        foreach (var latch in _latches.Values) voice.Alert($"cleared by the operator: {latch}");
        _latches.Clear();
        _told.Clear();
        if (restartLosses) _losses.Clear();
        if (restartLosses) _lossesReadAt = null;
        WriteDown();
        file.ClearDone();
    }

    private void WriteDown()
    {
        file.Write(new State(_losses, [.. _latches.Values]));
        _rememberedAt = clock.GetUtcNow();
        _isDirty = false;
    }

    private void Report(Picture picture)
    {
        var now = clock.GetUtcNow();
        if (now - _watchdogAt >= ConfirmWithin)
        {
            _watchdogAt = now;
            voice.TellManager("WATCHDOG=1");
        }
        var seen = picture.IsComplete && now - _sawAllAt < settings.Timing.CrossCheckEvery ? "seen" : "NOT SEEN";
        if (now - _steadyAt < Minute && seen == _steadily) return;
        (_steadyAt, _steadily) = (now, seen);
        var profits = _losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Key} {loss.Value.Last - loss.Value.Midnight:+0;-0;0} today"));
        var line = string.Create(CultureInfo.InvariantCulture, $"account {seen} {(now - _sawAllAt).TotalSeconds:0.0}s ago by {(eyes.IsSocketSeeing ? "socket and REST" : "REST alone")}, {picture.OpenOrders.Count} open orders, {picture.Positions.Count} positions, {string.Join(", ", profits)}, {venue.RequestsLeft?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} requests left, {(_latches.Count == 0 ? "nothing latched" : "LATCHED: " + string.Join(", ", _latches.Keys))}{(hands.AreFailing ? ", CANNOT ACT" : "")}");
        voice.Say("steady: " + line);
        voice.TellManager("STATUS=" + line);
    }
}
