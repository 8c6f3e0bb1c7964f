using Actors.Domain.Funding;
using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Positions;

namespace Actors.Domain.Risk;

/// <summary>A value in its limit's unit; null with the reason when it cannot be known, which no increase may pass.</summary>
public readonly record struct Measured(decimal? Value, string Missing = "")
{
    internal static Measured Unknown(string missing) => new(null, missing);

    public static implicit operator Measured(decimal value) => new(value);
}

/// <summary>The value that each limit bounds, with an order that is judged, or as things stand. Open orders count as if filled.</summary>
internal static class RiskMeasures
{
    /// <summary>A liquidation price that no price move reaches is as good as this far away.</summary>
    public const decimal Unreachable = 1_000_000m;

    /// <summary>Whether the limit bounds orders one by one, so that without one there is nothing to measure.</summary>
    public static bool IsOfOrders(LimitKind kind) =>
        kind is LimitKind.OrderQuantity or LimitKind.OrderNotional or LimitKind.PriceDistance or LimitKind.BestDistance or LimitKind.OrdersPerSecond or LimitKind.AmendsPerSecond;

    /// <summary>Whether an order can move the value, so that one which does not may pass where the bound is passed already.</summary>
    public static bool IsMovedByOrders(LimitKind kind) => kind is LimitKind.Position or LimitKind.GrossExposure or LimitKind.NetExposure or LimitKind.Leverage
        or LimitKind.LiquidationDistance or LimitKind.FundingDue;

    /// <summary>With <paramref name="proposal"/> counted in; null: as things stand. Throws <see cref="OverflowException"/> beyond what can be counted.</summary>
    public static Measured Of(RiskState state, Limit limit, in Proposal? proposal, DateTimeOffset now) => limit.Kind switch
    {
        LimitKind.OrderQuantity => proposal is { } order ? order.OrderQuantity.Contracts : Measured.Unknown("no order"),
        LimitKind.OrderNotional => proposal is { } order ? Notional(state, order) : Measured.Unknown("no order"),
        LimitKind.PriceDistance => proposal is { } order ? PriceDistance(state, order) : Measured.Unknown("no order"),
        LimitKind.BestDistance => proposal is { } order ? BestDistance(state, order) : Measured.Unknown("no order"),
        LimitKind.OrdersPerSecond => state.ApprovedLastSecond(now, limit.Scope.StrategyId, false) + (proposal is null ? 0 : 1),
        LimitKind.AmendsPerSecond => state.ApprovedLastSecond(now, limit.Scope.StrategyId, true) + (proposal is { IsNew: false } ? 1 : 0),
        LimitKind.OpenOrders => OpenOrders(state, limit.Scope, proposal),
        LimitKind.Position => Position(state, limit.Scope, proposal),
        LimitKind.GrossExposure => Gross(state, limit.Scope, proposal),
        LimitKind.NetExposure => Net(state, limit.Scope, proposal),
        LimitKind.Leverage => Leverage(state, limit.Scope, proposal),
        LimitKind.LiquidationDistance => LiquidationDistance(state, limit.Scope, proposal),
        LimitKind.FundingDue => FundingDue(state, limit, proposal, now),
        LimitKind.StaleBook => StaleBook(state, limit.Scope, now),
        LimitKind.LateBeat => state.ClosedGates.TryGetValue(Gate.Switch, out var gate) ? Seconds(now - (gate.Since ?? now)) : 0,
        LimitKind.ConsecutiveRejects => state.RejectsOf(limit.Scope.StrategyId),
        LimitKind.DailyLoss => Less(DailyLoss(state, limit.Scope, now), state.Memory.ForgivenOf(limit.Name)),
        LimitKind.Loss => Less(Negated(ProfitMeasures.Of(state, limit.Scope)), state.Memory.ForgivenOf(limit.Name)),
        LimitKind.Drawdown => Less(Drawdown(state, limit.Scope), state.Memory.ForgivenOf(limit.Name)),
        LimitKind.FeesPerDay => IsToday(state, now) ? ProfitMeasures.Fees(state, limit.Scope) - state.Memory.ForgivenOf(limit.Name) : Measured.Unknown("the day has not begun"),
        _ => Measured.Unknown("nothing measures it"),
    };

    /// <summary>What can be held of an instrument in a scope; null for one that is not in it.</summary>
    private static Extent? ExtentOf(RiskState state, InstrumentRisk risk, LimitScope scope, in Proposal? proposal)
    {
        if (scope.StrategyId is null && !scope.CoversInstrument(risk.Instrument)) return null;
        var counts = proposal is { } order && order.Symbol == risk.Instrument.Symbol && (scope.StrategyId is null || scope.StrategyId == order.StrategyId);
        var held = scope.StrategyId is { } strategy ? ProfitMeasures.HeldBy(state, strategy, risk.Instrument.Symbol).Quantity : risk.Position;
        return Extent.Of(risk, held, scope.StrategyId, counts ? proposal!.Value.Id : default, counts ? proposal!.Value.Exposure : null);
    }

    private static decimal Seconds(TimeSpan time) => (decimal)time.Ticks / TimeSpan.TicksPerSecond;

    private static Measured Less(Measured value, decimal forgiven) => value.Value is { } known ? known - forgiven : value;

    private static Measured Negated(Measured value) => value.Value is { } known ? -known : value;

    private static bool IsToday(RiskState state, DateTimeOffset now) => state.Memory.Day == DateOnly.FromDateTime(now.UtcDateTime);

    private static Measured Notional(RiskState state, Proposal order)
    {
        var risk = state.Find(order.Symbol)!;
        if (order.Price is { } price) return ContractValue.Value(risk.Instrument, order.OrderQuantity, price);
        return risk.UsableMark is { } mark ? ContractValue.Value(risk.Instrument, order.OrderQuantity, mark) : NoMark(risk);
    }

    private static Measured PriceDistance(RiskState state, Proposal order)
    {
        var risk = state.Find(order.Symbol)!;
        if (order.Price is not { } price) return 0;
        return risk.UsableMark is { } mark and not 0 ? Math.Abs(risk.Instrument.Tick.ToDecimal(price) - mark) / Math.Abs(mark) : NoMark(risk);
    }

    private static Measured BestDistance(RiskState state, Proposal order)
    {
        var risk = state.Find(order.Symbol)!;
        if (order.Price is not { } ticks) return 0;
        if (risk.Top is not { Bid: { } bid, Ask: { } ask } || bid.Price.Ticks == 0 || ask.Price.Ticks == 0) return Measured.Unknown($"no best bid and ask of {risk.Instrument.Symbol} yet");
        if (ticks < bid.Price) return (bid.Price.Ticks - (decimal)ticks.Ticks) / Math.Abs(bid.Price.Ticks);
        return ticks > ask.Price ? (ticks.Ticks - (decimal)ask.Price.Ticks) / Math.Abs(ask.Price.Ticks) : 0;
    }

    private static Measured OpenOrders(RiskState state, LimitScope scope, Proposal? proposal)
    {
        var count = 0;
        foreach (var risk in state.Instruments)
        {
            if (scope.StrategyId is { } strategy)
            {
                foreach (var one in risk.Open.Values) count += one.StrategyId == strategy ? 1 : 0;
            }
            else if (scope.CoversInstrument(risk.Instrument))
            {
                count += risk.Open.Count;
            }
        }

        return count + (proposal is { IsNew: true } ? 1 : 0);
    }

    private static Measured Position(RiskState state, LimitScope scope, Proposal? proposal)
    {
        var most = 0L;
        foreach (var risk in state.Instruments)
        {
            if (ExtentOf(state, risk, scope, proposal) is not { } extent) continue;
            if (proposal is not { } order) most = Math.Max(most, extent.Farthest);
            else if (order.Symbol == risk.Instrument.Symbol) most = Math.Abs(order.Exposure.Side == Side.Buy ? extent.High : extent.Low);
        }

        return most;
    }

    private static Measured Gross(RiskState state, LimitScope scope, Proposal? proposal)
    {
        var sum = 0m;
        foreach (var risk in state.Instruments)
        {
            if (ExtentOf(state, risk, scope, proposal) is not { } extent) continue;
            if (extent.Farthest == 0) continue;
            if (risk.UsableMark is not { } mark) return NoMark(risk);
            sum += Math.Abs(ContractValue.Value(risk.Instrument, new Quantity(extent.Farthest), mark));
        }

        return sum;
    }

    private static Measured Net(RiskState state, LimitScope scope, Proposal? proposal)
    {
        decimal low = 0, high = 0;
        foreach (var risk in state.Instruments)
        {
            if (ExtentOf(state, risk, scope, proposal) is not { } extent) continue;
            if (extent.Farthest == 0) continue;
            if (risk.UsableMark is not { } mark) return NoMark(risk);
            low += Math.Sign(extent.Low) * (decimal)ContractValue.Value(risk.Instrument, new Quantity(Math.Abs(extent.Low)), mark);
            high += Math.Sign(extent.High) * (decimal)ContractValue.Value(risk.Instrument, new Quantity(Math.Abs(extent.High)), mark);
        }

        return Math.Max(Math.Abs(low), Math.Abs(high));
    }

    private static Measured Leverage(RiskState state, LimitScope scope, Proposal? proposal)
    {
        var gross = Gross(state, scope, proposal);
        if (gross.Value is not { } exposure || exposure == 0) return gross;
        var equity = ProfitMeasures.Equity(state, scope.Currency!.Value);
        if (equity.Value is not { } known) return equity;
        return known > 0 ? exposure / known : Measured.Unknown($"equity {LimitWords.Shown(known)} {scope.Currency} carries nothing");
    }

    private static Measured LiquidationDistance(RiskState state, LimitScope scope, Proposal? proposal)
    {
        var risk = state.Find(scope.Symbol!.Value);
        if (risk is null) return Unreachable;
        var position = risk.Holding;
        if (proposal is { } order)
        {
            var extent = Extent.Of(risk, position.Quantity, null, order.Id, order.Exposure);
            var reached = order.Exposure.Side == Side.Buy ? extent.High : extent.Low;
            if (Math.Abs(reached) <= Math.Abs(position.Quantity.Contracts) && Math.Sign(reached) == Math.Sign(position.Quantity.Contracts)) reached = position.Quantity.Contracts;
            if (risk.UsableMark is not { } mark) return NoMark(risk);
            var change = new Quantity(reached) - position.Quantity;
            var cost = order.Price is { } price ? ContractValue.Cost(risk.Instrument, change, price) : ContractValue.Cost(risk.Instrument, change, mark);
            position = position.Fill(change, cost, 0);
        }

        return position.Quantity.IsZero ? Unreachable : Distance(state, risk, position);
    }

    private static Measured Distance(RiskState state, InstrumentRisk risk, Position position)
    {
        var currency = risk.Instrument.Settlement;
        if (state.WalletOf(currency) is not { } wallet) return Measured.Unknown($"no wallet balance in {currency} yet");
        var count = 0;
        foreach (var one in state.Instruments)
        {
            if (one.Instrument.Settlement != currency || (one == risk ? position : one.Holding).Quantity.IsZero) continue;
            if (one.UsableMark is null) return NoMark(one);
            count++;
        }

        var holdings = new MarginHolding[count];
        count = 0;
        foreach (var one in state.Instruments)
        {
            var held = one == risk ? position : one.Holding;
            if (one.Instrument.Settlement == currency && !held.Quantity.IsZero) holdings[count++] = one.MarginOf(held);
        }

        var holding = risk.MarginOf(position);
        var available = AccountMargin.Of(new Money(wallet, currency), holdings).Available;
        return LiquidationPrice.Of(holding, available).Distance(holding) ?? Unreachable;
    }

    private static Measured FundingDue(RiskState state, Limit limit, Proposal? proposal, DateTimeOffset now)
    {
        var sum = 0m;
        foreach (var risk in state.Instruments)
        {
            if (ExtentOf(state, risk, limit.Scope, proposal) is not { } extent) continue;
            if (risk.Funding is not { } funding || funding.DueAt <= now || funding.DueAt - now > limit.Within) continue;
            // A positive rate is paid by longs.
            var paying = funding.Rate > 0 ? Math.Max(0, extent.High) : Math.Min(0, extent.Low);
            if (paying == 0) continue;
            if (risk.UsableMark is not { } mark) return NoMark(risk);
            sum += FundingRate.Payment(risk.Instrument, new Quantity(paying), mark, funding.Rate);
        }

        return sum;
    }

    private static Measured StaleBook(RiskState state, LimitScope scope, DateTimeOffset now) =>
        state.Find(scope.Symbol!.Value) is { BookLostAt: { } since } risk && (!risk.Position.IsZero || risk.Open.Count > 0) ? Seconds(now - since) : 0;

    private static Measured DailyLoss(RiskState state, LimitScope scope, DateTimeOffset now) =>
        !IsToday(state, now) ? Measured.Unknown("the day has not begun: a position or a mark is not known yet") : Negated(ProfitMeasures.OfDay(state, scope));

    private static Measured Drawdown(RiskState state, LimitScope scope)
    {
        var profit = ProfitMeasures.Of(state, scope);
        return profit.Value is { } known ? Math.Max(0, (state.PeakOf(scope.Currency!.Value) ?? known) - known) : profit;
    }

    private static Measured NoMark(InstrumentRisk risk) => Measured.Unknown($"no mark price of {risk.Instrument.Symbol} yet");
}
