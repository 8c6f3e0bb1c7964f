using System.Globalization;
using Actors.Domain.Books;
using Actors.Domain.Instruments;

namespace Actors.Domain.Risk;

/// <summary>What a value was computed from, in words: made only when somebody is told.</summary>
internal static class FindingInputs
{
    public static LimitFinding Of(RiskState state, Limit limit, Measured measured, in Proposal? proposal, DateTimeOffset now) =>
        new(limit.Kind, limit.Scope, measured.Value, limit.Bound, measured.Value is null ? measured.Missing : Words(state, limit, proposal, now));

    private static string Words(RiskState state, Limit limit, Proposal? proposal, DateTimeOffset now)
    {
        var order = proposal is { } judged ? Order(state, judged) : "";
        return limit.Kind switch
        {
            LimitKind.OrderQuantity => order,
            LimitKind.OrderNotional or LimitKind.PriceDistance => Join(order, Mark(state, proposal!.Value.Symbol)),
            LimitKind.BestDistance => Join(order, Top(state.Find(proposal!.Value.Symbol)!)),
            LimitKind.OrdersPerSecond => $"{state.ApprovedLastSecond(now, limit.Scope.StrategyId, false)} approved in the last second",
            LimitKind.AmendsPerSecond => $"{state.ApprovedLastSecond(now, limit.Scope.StrategyId, true)} approved in the last second",
            LimitKind.OpenOrders => proposal is null ? "working or under way" : "working or under way, and this one",
            LimitKind.Position => Join(Held(state, limit.Scope, proposal, withMarks: false), order),
            LimitKind.GrossExposure or LimitKind.NetExposure => Join(Held(state, limit.Scope, proposal, withMarks: true), order),
            LimitKind.Leverage => Join(Equity(state, limit.Scope), Held(state, limit.Scope, proposal, withMarks: true), order),
            LimitKind.LiquidationDistance => Join(Equity(state, LimitScope.Of(state.Find(limit.Scope.Symbol!.Value)!.Instrument.Settlement)), Held(state, limit.Scope, proposal, withMarks: true), order),
            LimitKind.FundingDue => Join(Funding(state, limit.Scope, now), Held(state, limit.Scope, proposal, withMarks: true), order),
            LimitKind.StaleBook => $"book {state.Find(limit.Scope.Symbol!.Value)!.Book}",
            LimitKind.LateBeat => state.ClosedGates.TryGetValue(Gate.Switch, out var gate) ? gate.Reason : "armed",
            LimitKind.ConsecutiveRejects => "orders refused by the venue since it last took one",
            LimitKind.DailyLoss => Text($"since {state.Memory.Day:yyyy-MM-dd} UTC, {Forgiven(state, limit)}{Held(state, limit.Scope, null, withMarks: true)}"),
            LimitKind.Loss => Text($"{Forgiven(state, limit)}{Held(state, limit.Scope, null, withMarks: true)}"),
            LimitKind.Drawdown => Text($"from a peak of {state.PeakOf(limit.Scope.Currency!.Value)}, {Forgiven(state, limit)}{Held(state, limit.Scope, null, withMarks: true)}"),
            LimitKind.FeesPerDay => Text($"commission less rebates since {state.Memory.Day:yyyy-MM-dd} UTC{(state.Memory.ForgivenOf(limit.Name) == 0 ? "" : ", " + Forgiven(state, limit).TrimEnd(' ', ','))}"),
            _ => "",
        };
    }

    private static string Order(RiskState state, Proposal order)
    {
        var price = order.Price is { } ticks ? $" at {Text(state.Find(order.Symbol)!.Instrument.Tick.ToDecimal(ticks))}" : "";
        return $"order {order.Exposure.Side} {order.OrderQuantity} {order.Symbol}{price}";
    }

    private static string Mark(RiskState state, Symbol symbol) => state.Find(symbol)!.Mark is { } mark ? $"mark {Text(mark)}" : "no mark";

    private static string Top(InstrumentRisk risk) => $"bid {Price(risk, risk.Top.Bid)}, ask {Price(risk, risk.Top.Ask)}";

    private static string Price(InstrumentRisk risk, BookLevel? level) => level is { } known ? Text(risk.Instrument.Tick.ToDecimal(known.Price)) : "none";

    private static string Held(RiskState state, LimitScope scope, Proposal? proposal, bool withMarks)
    {
        var parts = new List<string>();
        foreach (var risk in state.Instruments.Where(one => scope.StrategyId is not null || scope.CoversInstrument(one.Instrument)))
        {
            var symbol = risk.Instrument.Symbol;
            var held = scope.StrategyId is { } strategy ? ProfitMeasures.HeldBy(state, strategy, symbol).Quantity : risk.Position;
            var extent = Extent.Of(risk, held, scope.StrategyId, proposal is { } order && order.Symbol == symbol ? order.Id : default);
            if (held.IsZero && extent.Farthest == 0) continue;
            parts.Add($"position {held} {symbol}, {extent.Low} to {extent.High} with open orders{(withMarks ? ", " + Mark(state, symbol) : "")}");
        }

        return parts.Count == 0 ? "no position" : string.Join("; ", parts);
    }

    private static string Equity(RiskState state, LimitScope scope) =>
        ProfitMeasures.Equity(state, scope.Currency!.Value).Value is { } equity ? $"equity {Text(equity)} {scope.Currency}" : "equity unknown";

    private static string Funding(RiskState state, LimitScope scope, DateTimeOffset now) => string.Join(
        "; ",
        state.Instruments.Where(one => scope.CoversInstrument(one.Instrument)).Select(one => one.Funding).OfType<FundingSeen>().Where(one => one.DueAt > now)
            .Select(one => Text($"funding of {one.Symbol} {one.Rate} at {one.DueAt:HH:mm:ss}")));

    private static string Forgiven(RiskState state, Limit limit) => state.Memory.ForgivenOf(limit.Name) is not 0 and var amount ? $"{Text(amount)} forgiven by the operator, " : "";

    private static string Join(params ReadOnlySpan<string> parts)
    {
        var all = new List<string>();
        foreach (var part in parts)
        {
            if (part.Length > 0) all.Add(part);
        }

        return string.Join("; ", all);
    }

    private static string Text(decimal value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
