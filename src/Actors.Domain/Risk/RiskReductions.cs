using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Strategies;

namespace Actors.Domain.Risk;

/// <summary>
/// What latches that cancel or flatten do, a step each time the door looks: cancel what is open in their scope, then close positions with orders that only
/// reduce, at a growing distance from the mark and in the end at any price. Every order goes through the door. While a gate is closed nothing is tried.
/// </summary>
internal static class RiskReductions
{
    /// <summary>Orders in a row without a fill after which it is given up, and a person told.</summary>
    public const int AttemptsMax = 20;

    /// <summary>From this attempt on the order names no price.</summary>
    private const int MarketFrom = 6;

    /// <summary>How much farther from the mark each attempt's price lies.</summary>
    private const decimal Step = 0.002m;

    /// <summary>An order of the door's own that has not ended by then is cancelled, and the next one takes its place.</summary>
    private static readonly TimeSpan OrderLife = TimeSpan.FromSeconds(5);

    public static IEnumerable<RiskEvent> Decide(RiskState state, DateTimeOffset now)
    {
        if (state.ClosedGates.Count > 0) yield break;
        foreach (var latch in state.Memory.Latches.Values.Where(latch => latch.Action >= RiskAction.CancelOrders).ToList())
        {
            var intents = new List<Intent>();
            intents.AddRange(Cancellations(state, latch, now));
            var counter = state.Memory.Counter.SessionId == state.SessionId ? state.Memory.Counter.Counter : 0;
            var attempt = latch.Attempts;
            if (latch is { Action: RiskAction.Flatten, HasEnded: false })
            {
                var targets = Targets(state, latch.Scope).ToList();
                if (Ended(state, latch, targets) is { } ended)
                {
                    yield return ended;
                    continue;
                }

                foreach (var (risk, quantity) in targets.Where(target => !HasOwn(target.Risk)))
                    intents.Add(Closing(state, risk, quantity, latch.Attempts + 1, string.Create(CultureInfo.InvariantCulture, $"{state.SessionId}-{RiskDoor.OwnId}-{++counter}")));
                if (intents.Exists(intent => intent is PlaceIntent)) attempt++;
            }

            if (intents.Count > 0) yield return new ReductionDecided(latch.Name, intents, state.SessionId, counter, attempt);
        }
    }

    private static IEnumerable<Intent> Cancellations(RiskState state, Latch latch, DateTimeOffset now)
    {
        foreach (var risk in state.Instruments)
        {
            foreach (var (id, open) in risk.Open.OrderBy(one => one.Key.Value, StringComparer.Ordinal))
            {
                if (open.Order is not { Pending: not PendingChange.Cancel } order) continue;
                if (open.StrategyId == RiskDoor.OwnId ? now - order.UpdatedAt < OrderLife : !MustGo(risk, latch, id, open)) continue;
                yield return new CancelIntent(RiskDoor.OwnId, risk.Instrument.Symbol, id);
            }
        }
    }

    /// <summary>Reducing stays possible: only where the door itself closes the position must such orders make way.</summary>
    private static bool MustGo(InstrumentRisk risk, Latch latch, ClientOrderId id, in OpenExposure open) =>
        latch.Scope.Covers(risk.Instrument, open.StrategyId ?? "")
        && (latch is { Action: RiskAction.Flatten, HasEnded: false }
            || !Extent.Reduces(risk, new Proposal(risk.Instrument.Symbol, open.StrategyId ?? "", id, open, open.Leaves, null, false, false)));

    /// <summary>Whether an order of the door's own works, or has filled what the position has not counted yet.</summary>
    private static bool HasOwn(InstrumentRisk risk) => risk.Awaited.Count > 0 || risk.Open.Values.Any(open => open.StrategyId == RiskDoor.OwnId);

    /// <summary>What is to be closed, signed as the position is.</summary>
    private static IEnumerable<(InstrumentRisk Risk, long Quantity)> Targets(RiskState state, LimitScope scope)
    {
        foreach (var risk in state.Instruments)
        {
            var held = risk.Position.Contracts;
            if (scope.StrategyId is { } strategy)
            {
                var own = ProfitMeasures.HeldBy(state, strategy, risk.Instrument.Symbol).Quantity.Contracts;
                held = Math.Sign(own) == Math.Sign(held) ? Math.Sign(held) * Math.Min(Math.Abs(own), Math.Abs(held)) : 0;
            }
            else if (!scope.CoversInstrument(risk.Instrument))
            {
                held = 0;
            }

            if (held != 0) yield return (risk, held);
        }
    }

    private static FlattenEnded? Ended(RiskState state, Latch latch, List<(InstrumentRisk Risk, long Quantity)> targets)
    {
        if (targets.Count == 0)
            return state.Instruments.All(risk => risk.IsHeld) && !state.Instruments.Any(HasOwn) ? new FlattenEnded(latch.Name, true, "flat") : null;
        var left = string.Join(", ", targets.Select(target => string.Create(CultureInfo.InvariantCulture, $"{target.Quantity} {target.Risk.Instrument.Symbol}")));
        if (latch.Attempts >= AttemptsMax) return new FlattenEnded(latch.Name, false, string.Create(CultureInfo.InvariantCulture, $"given up after {latch.Attempts} orders without a fill; left: {left}"));
        return targets.TrueForAll(target => Math.Abs(target.Quantity) < target.Risk.Instrument.LotSize.Contracts)
            ? new FlattenEnded(latch.Name, false, $"what is left is less than a lot: {left}")
            : null;
    }

    private static PlaceIntent Closing(RiskState state, InstrumentRisk risk, long held, int attempt, string id)
    {
        var side = held > 0 ? Side.Sell : Side.Buy;
        var quantity = Chunk(state, risk, Math.Abs(held));
        Price? price = attempt < MarketFrom && risk.UsableMark is { } mark ? PriceOf(state, risk, side, mark, attempt) : null;
        return new PlaceIntent(RiskDoor.OwnId, 0, new OrderTerms(
            new ClientOrderId(id),
            risk.Instrument.Symbol,
            side,
            quantity,
            price is null ? OrderType.Market : OrderType.Limit,
            price,
            TimeInForce: price is null ? TimeInForce.GoodTillCancel : TimeInForce.ImmediateOrCancel,
            Flags: OrderFlags.ReduceOnly));
    }

    private static Price PriceOf(RiskState state, InstrumentRisk risk, Side side, decimal mark, int attempt)
    {
        var distance = Step * attempt;
        if (state.Limits.Find(LimitKind.PriceDistance, LimitScope.Of(risk.Instrument.Symbol)) is { } bound) distance = Math.Min(distance, bound.Bound);
        var price = mark + (side.Sign() * distance * Math.Abs(mark));
        // Rounded towards the mark, so as not to lie beyond the bound.
        return side == Side.Buy ? risk.Instrument.Tick.Floor(price) : risk.Instrument.Tick.Ceiling(price);
    }

    /// <summary>As much as one order may be, in whole lots; at least one.</summary>
    private static Quantity Chunk(RiskState state, InstrumentRisk risk, long most)
    {
        var lot = risk.Instrument.LotSize.Contracts;
        var quantity = Math.Min(most, risk.Instrument.OrderQuantityMax.Contracts);
        foreach (var limit in state.Limits.All.Where(limit => limit.Scope.Covers(risk.Instrument, RiskDoor.OwnId)))
        {
            if (limit.Kind == LimitKind.OrderQuantity) quantity = (long)Math.Min(quantity, decimal.Floor(limit.Bound));
            if (limit.Kind != LimitKind.OrderNotional || risk.UsableMark is not { } mark) continue;
            // Room for a price that is as far from the mark as one may be.
            var value = Math.Abs(ContractValue.Value(risk.Instrument, risk.Instrument.LotSize, mark)) * 1.1m;
            if (value > 0) quantity = (long)Math.Min(quantity, decimal.Floor(limit.Bound / value) * lot);
        }

        return new Quantity(Math.Max(lot, quantity / lot * lot));
    }
}
