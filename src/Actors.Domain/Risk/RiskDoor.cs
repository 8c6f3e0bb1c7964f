using System.Globalization;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Strategies;

namespace Actors.Domain.Risk;

/// <summary>What risk says to an intent.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>Levels of limits on single orders that this intent passed, or was well within again. Applied to the state already; to be journaled after the verdict.</summary>
    public IReadOnlyList<RiskEvent> Consequences { get; init; } = [];

    public sealed record Approved(ApprovedIntent Intent) : Verdict;

    /// <summary>Names the limit, the value, the bound and the inputs; <see cref="Finding"/> is null where it was no limit that refused.</summary>
    public sealed record Refused(string Reason) : Verdict
    {
        public LimitFinding? Finding { get; init; }
    }
}

/// <summary>An intent that passed the door. Only <see cref="RiskDoor"/> can make one, and nothing else is ever sent.</summary>
public sealed class ApprovedIntent
{
    internal ApprovedIntent(Intent intent) => Intent = intent;

    public Intent Intent { get; }
}

/// <summary>What the door would say to an intent, and every limit that was looked at.</summary>
public sealed record Examination(string? Refusal, IReadOnlyList<LimitFinding> Findings);

/// <summary>
/// The only door from an intent to an order. A cancellation always passes: it can only make the account safer. What can only reduce a position passes whatever is
/// latched and whatever exposure, loss or missing price there is, as long as the engine knows what it does (no gate is closed); only the limits on the order
/// itself hold for it: size, price, number, rate. (One that only reduces because the venue sees to it must not let other orders of its side past a bound either.)
/// </summary>
public static class RiskDoor
{
    /// <summary>Whom the door's own orders belong to: no strategy may be called so.</summary>
    public const string OwnId = "risk";

    /// <summary>Judges an intent and, when it is approved, reserves its headroom.</summary>
    public static Verdict Judge(RiskState state, Intent intent, DateTimeOffset now)
    {
        if (intent is CancelIntent) return new Verdict.Approved(new ApprovedIntent(intent));
        var consequences = new List<RiskEvent>();
        if (Refusal(state, intent, now, consequences, null) is { } refusal)
            return new Verdict.Refused(refusal.Reason) { Finding = refusal.Finding, Consequences = consequences };
        state.Reserve(intent, now);
        return new Verdict.Approved(new ApprovedIntent(intent)) { Consequences = consequences };
    }

    /// <summary>Judges without any effect.</summary>
    public static Examination Examine(RiskState state, Intent intent, DateTimeOffset now)
    {
        var findings = new List<LimitFinding>();
        var refusal = intent is CancelIntent ? null : Refusal(state, intent, now, null, findings);
        return new Examination(refusal?.Reason, findings);
    }

    private static Refused? Refusal(RiskState state, Intent intent, DateTimeOffset now, List<RiskEvent>? consequences, List<LimitFinding>? findings)
    {
        foreach (var (gate, closed) in state.ClosedGates) return new Refused($"door closed ({gate}): {closed.Reason}");
        if (state.Find(intent.Symbol) is not { } risk) return new Refused($"no limits for {intent.Symbol}");
        state.GiveUpAwaiting(now);
        try
        {
            var (proposal, wrong) = Propose(risk, intent);
            if (proposal is not { } order) return new Refused(wrong!);
            var reduces = Extent.Reduces(risk, order);
            // The door's own orders come with the cancellation of all that could go farther.
            var widens = !reduces || (order.StrategyId != OwnId && !Extent.StaysWithin(risk, order));
            Refused? refusal = reduces ? null : RefuseIncrease(state, risk, order);
            foreach (var limit in state.LimitsOf(risk, order.StrategyId))
            {
                if (!Concerns(limit.Kind, order, reduces, widens)) continue;
                var isOfOrders = RiskMeasures.IsOfOrders(limit.Kind);
                if (refusal is not null && findings is null && !isOfOrders) continue;
                var measured = RiskMeasures.Of(state, limit, order, now);
                findings?.Add(FindingInputs.Of(state, limit, measured, order, now));
                refusal ??= RefuseLimit(state, limit, measured, order, reduces, now);
                if (isOfOrders && consequences is not null) RiskWatch.Step(state, limit, measured, order, now, consequences);
            }

            return refusal;
        }
        catch (Exception beyond) when (beyond is OverflowException or ArgumentOutOfRangeException)
        {
            return new Refused($"the order cannot be valued: {beyond.Message}");
        }
    }

    /// <summary>The order as it would stand, or what is wrong with it whatever the limits.</summary>
    private static (Proposal? Proposal, string? Wrong) Propose(InstrumentRisk risk, Intent intent)
    {
        var symbol = risk.Instrument.Symbol;
        switch (intent)
        {
            case PlaceIntent { Terms: var terms } place:
                if (risk.Instrument.State != InstrumentState.Open) return (null, $"{symbol} is {risk.Instrument.State}");
                if (risk.Open.ContainsKey(terms.Id)) return (null, $"order {terms.Id} is open already");
                if (OrderRules.Refuse(terms, risk.Instrument, risk.Position) is { } broken) return (null, broken);
                var quantity = terms.Quantity.IsZero ? risk.Position.Absolute : terms.Quantity;
                return (new Proposal(symbol, place.StrategyId, terms.Id, OpenExposure.Of(place) with { Leaves = quantity }, quantity, terms.Price, true, true), null);
            case AmendIntent amend:
                if (!risk.Open.TryGetValue(amend.Id, out var open)) return (null, $"order {amend.Id} is not open");
                if (open.Order is not { } order) return (null, $"order {amend.Id} is approved and has not been submitted yet");
                if (OrderRules.RefuseAmend(order, amend.Change, risk.Instrument) is { } refused) return (null, refused);
                var total = amend.Quantity ?? order.Quantity;
                // Until the venue has answered the order may still trade as it was: the larger of both counts.
                var leaves = new Quantity(Math.Max((total - order.Filled).Contracts, open.Leaves.Contracts));
                return (new Proposal(symbol, amend.StrategyId, amend.Id, open with { Leaves = leaves }, total, amend.Price ?? order.Price, false, amend.Quantity is not null), null);
            default:
                return (null, $"no rule judges {intent.GetType().Name}");
        }
    }

    private static Refused? RefuseIncrease(RiskState state, InstrumentRisk risk, in Proposal order)
    {
        if (risk.Book != BookStatus.Live) return new Refused($"book of {risk.Instrument.Symbol} is {risk.Book}");
        foreach (var (id, open) in risk.Open)
        {
            if (open.IsUncertain) return new Refused($"order {id} is being amended to a size that is not known since a restart");
        }

        foreach (var latch in state.Memory.Latches.Values)
        {
            if (latch.Scope.Covers(risk.Instrument, order.StrategyId))
                return new Refused(string.Create(CultureInfo.InvariantCulture, $"only reducing since {latch.At:yyyy-MM-dd HH:mm:ss} UTC, until an operator clears {latch.Name}: {latch.Words}"));
        }

        return null;
    }

    /// <summary>Whether a limit has a say: those on the order itself always, all others on what may increase. The door's own orders are few by themselves.</summary>
    private static bool Concerns(LimitKind kind, in Proposal order, bool reduces, bool widens) => kind switch
    {
        LimitKind.OpenOrders => order.IsNew && order.StrategyId != OwnId,
        LimitKind.OrdersPerSecond => order.StrategyId != OwnId,
        LimitKind.AmendsPerSecond => !order.IsNew,
        LimitKind.OrderQuantity => order.ChangesQuantity,
        _ when RiskMeasures.IsMovedByOrders(kind) => widens,
        _ => RiskMeasures.IsOfOrders(kind) || !reduces,
    };

    private static Refused? RefuseLimit(RiskState state, Limit limit, Measured measured, in Proposal order, bool reduces, DateTimeOffset now)
    {
        if (limit.RefusesFrom is not { } part) return null;
        if (measured.Value is { } value)
        {
            if (!limit.IsBeyond(value, part)) return null;
            // What is beyond its bound already, for whatever reason, is no reason to refuse what makes it no worse.
            if (RiskMeasures.IsMovedByOrders(limit.Kind) && !IsWorse(state, limit, value, order, now)) return null;
        }
        else if (reduces)
        {
            return null;
        }

        var finding = FindingInputs.Of(state, limit, measured, order, now);
        return new Refused(LimitWords.Of(finding)) { Finding = finding };
    }

    private static bool IsWorse(RiskState state, Limit limit, decimal after, in Proposal order, DateTimeOffset now)
    {
        // The same question with nothing added: the order as it is open now, or none.
        var unchanged = order with { Exposure = state.Find(order.Symbol)!.Open.TryGetValue(order.Id, out var open) ? open : order.Exposure with { Leaves = Quantity.Zero } };
        var before = RiskMeasures.Of(state, limit, unchanged, now);
        return before.Value is not { } value || (limit.IsFloor ? after < value : after > value);
    }

    private sealed record Refused(string Reason)
    {
        public LimitFinding? Finding { get; init; }
    }
}
