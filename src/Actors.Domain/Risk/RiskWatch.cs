using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Domain.Risk;

/// <summary>
/// Watches every limit that stands by itself: those that an input can move after each input, and all as time goes by; it says what happened. Whatever it says is applied to the state already, so
/// that one thing can follow from another, and must be journaled before it has an effect.
/// </summary>
public static class RiskWatch
{
    /// <summary>A peak of profit is journaled when it is this part of its drawdown bound higher: a restart may forget so much of it.</summary>
    public const int PeakSteps = 50;

    /// <summary>A level is left again when the value is this part below it, so that one that trembles does not tell for ever.</summary>
    private const decimal WellWithin = 0.95m;

    /// <summary>Takes an input and tells what it means.</summary>
    public static IReadOnlyList<RiskEvent> Take(RiskState state, Input input, DateTimeOffset now)
    {
        var events = new List<RiskEvent>();
        state.GiveUpAwaiting(now);
        if (input is BookStatusSeen status) state.Take(status, now);
        else state.Take(input);
        if (input is OrderSeen { Fill: { } fill, Order: { } order } seen && seen.Sequence > state.Memory.LastFill)
        {
            state.Find(order.Terms.Symbol)?.Await(fill, order, now);
            Count(state, order, fill, seen.Sequence, now, events);
        }

        if (input is OrdersSeen orders && state.IsFirstComparison() && orders.Sequence > 0) Distrust(state, now, events);
        if (input is OperatorSaid said) Obey(state, said, now, events);
        Look(state, input, now, events);
        if (input is TimePassed) Reduce(state, now, events);
        return events;
    }

    /// <summary>The level of one limit: what it passes now that it had not, or what it is well within again.</summary>
    internal static void Step(RiskState state, Limit limit, Measured measured, in Proposal? proposal, DateTimeOffset now, List<RiskEvent> events)
    {
        if (measured.Value is not { } value) return;
        var reached = Highest(limit, value, 1);
        var inForce = state.Memory.PassedOf(limit.Name);
        if (reached is { } action && (inForce is null || action > inForce)) Add(state, new LimitPassed(action, FindingInputs.Of(state, limit, measured, proposal, now)), now, events);
        else if (inForce is { } before && Highest(limit, value, WellWithin) is var still && (still is null || still < before)) Add(state, new LimitReturned(limit.Kind, limit.Scope, still), now, events);
    }

    private static RiskAction? Highest(Limit limit, decimal value, decimal part)
    {
        RiskAction? highest = null;
        for (var index = 0; index < limit.Ladder.Count; index++)
        {
            var rung = limit.Ladder[index];
            if (limit.IsBeyond(value, rung.At * part) && (highest is null || rung.Action > highest)) highest = rung.Action;
        }

        return highest;
    }

    private static void Count(RiskState state, Order order, OrderFilled fill, long sequence, DateTimeOffset now, List<RiskEvent> events) => Add(
        state,
        new FillCounted(
            order.Id, state.Memory.ReducesFor(order.Id) ?? order.Origin.StrategyId, order.Terms.Symbol, Quantity.Signed(order.Terms.Side, fill.Quantity), fill.Cost, fill.Commission, sequence),
        now,
        events);

    /// <summary>The account has a history of orders and the door has none: what it had latched is not known.</summary>
    private static void Distrust(RiskState state, DateTimeOffset now, List<RiskEvent> events) => Add(
        state,
        new LimitPassed(RiskAction.ReduceOnly, new LimitFinding(LimitKind.Unproved, LimitScope.Account, null, 0, "the account has orders in its journal and the door has no record: it cannot prove that it was open")),
        now,
        events);

    private static void Obey(RiskState state, OperatorSaid said, DateTimeOffset now, List<RiskEvent> events)
    {
        if (said.Verb == OperatorVerb.Halt)
        {
            Add(state, new OperatorHalted(said.Reason), now, events);
            return;
        }

        var names = state.Memory.Latches.Keys.Where(name => said.Latches.Count == 0 || said.Latches.Contains(name)).ToList();
        if (names.Count > 0) Add(state, new LatchesCleared(said.Reason, [.. names.Select(name => new ClearedLatch(name, Forgiven(state, name, now)))]), now, events);
    }

    /// <summary>What was lost or paid until now does not count any more: else a latch on it would be back at once.</summary>
    private static decimal Forgiven(RiskState state, string name, DateTimeOffset now) =>
        state.Limits.All.FirstOrDefault(limit => limit.Name == name) is { Kind: LimitKind.DailyLoss or LimitKind.Loss or LimitKind.Drawdown or LimitKind.FeesPerDay } limit
            ? Math.Max(0, Guarded(state, limit, now).Value ?? 0)
            : 0;

    private static void Look(RiskState state, Input input, DateTimeOffset now, List<RiskEvent> events)
    {
        foreach (var risk in state.Instruments) Rebase(state, risk, now, events);
        BeginDay(state, now, events);
        switch (input)
        {
            // Only an order's own price is held against the best prices, and that is looked at with the order.
            case BestSeen:
                break;
            case MarkSeen mark:
                LookAt(state, mark.Symbol, null, isPriceAlone: true, now, events);
                break;
            case FundingSeen funding:
                LookAt(state, funding.Symbol, null, isPriceAlone: true, now, events);
                break;
            case BookStatusSeen status:
                LookAt(state, status.Symbol, null, isPriceAlone: true, now, events);
                break;
            case HoldingSeen holding:
                LookAt(state, holding.Symbol, null, isPriceAlone: false, now, events);
                break;
            case OrderSeen { Order: { } order }:
                LookAt(state, order.Terms.Symbol, order.Origin.StrategyId, isPriceAlone: false, now, events);
                break;
            default:
                foreach (var limit in state.Limits.All) LookAt(state, limit, now, events);
                break;
        }
    }

    /// <summary>
    /// The limits that news of one instrument can move at once: its own, those of the account and of its currency, and those of the strategies that have something
    /// in it. On many instruments all others would cost more than the news leave time for; they are looked at as time passes, each second.
    /// </summary>
    private static void LookAt(RiskState state, Symbol symbol, string? strategyId, bool isPriceAlone, DateTimeOffset now, List<RiskEvent> events)
    {
        if (state.Find(symbol) is not { } risk) return;
        var strategies = state.StrategiesIn(risk, strategyId);
        // A price moves nothing where nothing is held or asked for.
        if (isPriceAlone && strategies.Count == 0 && risk.IsIdle) return;
        foreach (var limit in state.LimitsOf(risk)) LookAt(state, limit, now, events);
        foreach (var strategy in strategies)
        {
            foreach (var limit in state.LimitsOf(strategy)) LookAt(state, limit, now, events);
        }
    }

    private static void LookAt(RiskState state, Limit limit, DateTimeOffset now, List<RiskEvent> events)
    {
        if (limit.Kind == LimitKind.Drawdown) RaisePeak(state, limit, now, events);
        if (!RiskMeasures.IsOfOrders(limit.Kind)) Step(state, limit, Guarded(state, limit, now), null, now, events);
    }

    private static void Reduce(RiskState state, DateTimeOffset now, List<RiskEvent> events)
    {
        foreach (var happened in RiskReductions.Decide(state, now)) Add(state, happened, now, events);
    }

    /// <summary>What cannot be counted is as bad as what is not known; the door refuses increases on it.</summary>
    internal static Measured Guarded(RiskState state, Limit limit, DateTimeOffset now)
    {
        try
        {
            return RiskMeasures.Of(state, limit, null, now);
        }
        catch (Exception beyond) when (beyond is OverflowException or ArgumentOutOfRangeException)
        {
            return Measured.Unknown(beyond.Message);
        }
    }

    private static void Rebase(RiskState state, InstrumentRisk risk, DateTimeOffset now, List<RiskEvent> events)
    {
        if (risk.Adopted.Count == 0) return;
        var amount = 0L;
        foreach (var (before, after) in risk.Adopted)
        {
            if (risk.ProfitOf(before) is not { } was || risk.ProfitOf(after) is not { } become) return;
            amount += was - become;
        }

        risk.Rebase();
        if (amount != 0) Add(state, new ProfitRebased(risk.Instrument.Symbol, amount), now, events);
    }

    private static void BeginDay(RiskState state, DateTimeOffset now, List<RiskEvent> events)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        // A clock that was set back does not bring a day back.
        if (state.Memory.Day >= today || !state.CountsDays) return;
        var starts = new List<ProfitStart>();
        foreach (var risk in state.Instruments)
        {
            if (ProfitMeasures.OfInstrument(state, risk) is not { } profit) return;
            starts.Add(new ProfitStart(risk.Instrument.Symbol, null, profit));
        }

        foreach (var id in state.Memory.Strategies.Keys)
        {
            if (ProfitMeasures.Of(state, LimitScope.Of(id)).Value is not { } profit) return;
            starts.Add(new ProfitStart(null, id, (long)profit));
        }

        Add(state, new RiskDayBegan(today, starts), now, events);
    }

    private static void RaisePeak(RiskState state, Limit limit, DateTimeOffset now, List<RiskEvent> events)
    {
        var currency = limit.Scope.Currency!.Value;
        if (ProfitMeasures.Of(state, limit.Scope).Value is not { } profit) return;
        state.SeePeak(currency, (long)profit);
        if (state.Memory.PeakOf(currency) is { } peak && profit - peak <= limit.Bound / PeakSteps) return;
        Add(state, new PeakRaised(currency, (long)profit), now, events);
    }

    private static void Add(RiskState state, RiskEvent happened, DateTimeOffset now, List<RiskEvent> events)
    {
        state.Apply(happened, now);
        events.Add(happened);
    }
}
