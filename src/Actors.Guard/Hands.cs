namespace Actors.Guard;

/// <summary>Does what the latches ask: cancels, stops the engine, flattens; only ever reducing. Each runs beside the loop, never twice at a time,
/// with growing pauses after failures and without end. Held means repeated: whatever is placed after the breach is cancelled again.
/// <para>
/// It never uses the venue's cancelAllAfter. An account has one such timer and the last caller sets it: a hung engine whose beat goes
/// on would push ours out again and again, while ours would shorten, or with zero disarm, the one that protects a sound engine. A
/// direct cancel cannot be undone by a beat, and costs the same request.
/// </para></summary>
internal sealed class Hands(Settings settings, VenueClient venue, EngineProcess? engine, Account account, Eyes eyes, Voice voice, TimeProvider clock)
{
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(2);
    private readonly Hand _cancel = new("cancel all");
    private readonly Hand _flatten = new("flatten");
    private DateTimeOffset _repeatAt;
    private DateTimeOffset _since;

    /// <summary>Whether the last try of anything failed.</summary>
    public bool AreFailing => _cancel.Failures + _flatten.Failures > 0;

    /// <param name="held">The steps that are latched; any of them holds all orders cancelled.</param>
    /// <param name="since">When the oldest of them was latched.</param>
    /// <param name="picture">What is seen; null when nothing is, which cancels without looking.</param>
    public void Do(IReadOnlySet<Step> held, DateTimeOffset since, Picture? picture, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        // A new breach does not wait out the pause after an old one.
        if (since != _since && _cancel.Failures == 0) _cancel.NotBefore = now;
        _since = since;
        if (picture is not { OpenOrders.Count: 0 } || now >= _repeatAt) Start(_cancel, () => CancelAsync(picture, stop));
        // Cancels go first, or the close would trade with our own orders; but not for long.
        var mayFlatten = held.Contains(Step.Flatten) && picture is { Positions.Count: > 0 } && (picture.OpenOrders.Count == 0 || now - since > PauseMax / 2);
        if (mayFlatten) Start(_flatten, () => FlattenAsync(picture!.Positions, stop));
        if (held.Contains(Step.Stop)) engine?.Stop();
    }

    private async Task CancelAsync(Picture? picture, CancellationToken stop)
    {
        var known = picture?.OpenOrders ?? [];
        // Every other try names the orders one by one: what breaks one of the venue's routes may leave the other.
        var isByName = _cancel.Failures % 2 == 1 && known.Count > 0;
        var rows = await (isByName ? venue.CancelAsync(known.Select(order => order.Id), stop) : venue.CancelAllAsync(stop));
        var count = rows.ValueKind == JsonValueKind.Array ? rows.GetArrayLength() : throw new VenueException("the answer is not a list of orders");
        _repeatAt = clock.GetUtcNow() + settings.Timing.RepeatEvery;
        _cancel.NotBefore = clock.GetUtcNow() + (count == 0 ? PauseMax / 2 : PauseMax / 4);
        // Nothing there to cancel, but something seen: what is seen may be old.
        if (count == 0) eyes.LookAgain();
        else account.Hear("order", "update", rows);
        if (count > 0) voice.Say($"cancelled {count} orders");
    }

    private async Task FlattenAsync(IReadOnlyList<Position> positions, CancellationToken stop)
    {
        foreach (var position in positions)
        {
            voice.Alert($"closing {position.Symbol}: {Steps.Text(Unit.Contracts, position.Quantity)} contracts");
            await venue.CloseAsync(position, stop);
        }
        // Time for the fills to be told; what is left then is closed again.
        _flatten.NotBefore = clock.GetUtcNow() + PauseMax;
        eyes.LookAgain();
    }

    private void Start(Hand hand, Func<Task> act)
    {
        if (hand.Busy.IsCompleted && clock.GetUtcNow() >= hand.NotBefore) hand.Busy = TryAsync(hand, act);
    }

    private async Task TryAsync(Hand hand, Func<Task> act)
    {
        try
        {
            await act();
            if (hand.Failures > 0) voice.Say($"{hand.Name}: works again after {hand.Failures} failures");
            hand.Failures = 0;
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            hand.Failures++;
            hand.NotBefore = clock.GetUtcNow() + TimeSpan.FromTicks(Math.Min(PauseMax.Ticks, PauseMin.Ticks << Math.Min(hand.Failures - 1, 4)));
            if (hand.Failures % 20 == 1) voice.Alert($"cannot {hand.Name}, {hand.Failures} times now, and tries on: {failed.Message}");
        }
        account.News.Set();
    }

    private sealed class Hand(string name)
    {
        public string Name { get; } = name;
        public Task Busy { get; set; } = Task.CompletedTask;
        public DateTimeOffset NotBefore { get; set; }
        public int Failures { get; set; }
    }
}
