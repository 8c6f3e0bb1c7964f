using Actors.Domain.Instruments;
using Actors.Domain.Positions;

namespace Actors.Domain.Risk;

/// <summary>Profit, equity and fees of a scope in minor units, from positions, fills and marks.</summary>
internal static class ProfitMeasures
{
    /// <summary>
    /// Realised and unrealised profit since the account's first fill, fees and funding taken off. A position that was taken over from the venue counts from then.
    /// </summary>
    public static Measured Of(RiskState state, LimitScope scope)
    {
        if (scope.StrategyId is { } strategy) return OfStrategy(state, strategy);
        var sum = 0m;
        foreach (var risk in state.Instruments)
        {
            if (!scope.CoversInstrument(risk.Instrument)) continue;
            if (OfInstrument(state, risk) is not { } profit) return Missing(risk);
            sum += profit;
        }

        return sum;
    }

    /// <summary>The same since the beginning of the day.</summary>
    public static Measured OfDay(RiskState state, LimitScope scope)
    {
        var profit = Of(state, scope);
        if (profit.Value is not { } now) return profit;
        var start = scope.StrategyId is { } strategy
            ? state.Memory.StartOf(strategy)
            : state.Instruments.Where(one => scope.CoversInstrument(one.Instrument)).Sum(one => (decimal)state.Memory.StartOf(one.Instrument.Symbol));
        return now - start;
    }

    /// <summary>Null when the position or the mark that it needs is not known.</summary>
    public static long? OfInstrument(RiskState state, InstrumentRisk risk) =>
        risk is { IsHeld: true, Adopted.Count: 0, Profit: { } profit } ? profit + state.Memory.RebasedOf(risk.Instrument.Symbol) : null;

    /// <summary>Wallet and unrealised profit of one currency.</summary>
    public static Measured Equity(RiskState state, Currency currency)
    {
        if (state.WalletOf(currency) is not { } wallet) return Measured.Unknown($"no wallet balance in {currency} yet");
        decimal sum = wallet;
        foreach (var risk in state.Instruments)
        {
            if (risk.Instrument.Settlement != currency || risk.Position.IsZero) continue;
            if (risk.UsableMark is not { } mark) return Missing(risk);
            sum += risk.Holding.UnrealisedPnl(risk.Instrument, mark);
        }

        return sum;
    }

    /// <summary>Commission of the day, rebates taken off.</summary>
    public static decimal Fees(RiskState state, LimitScope scope)
    {
        var sum = 0m;
        foreach (var (id, book) in state.Memory.Strategies)
        {
            if (scope.StrategyId is { } strategy && strategy != id) continue;
            foreach (var symbol in book.Positions.Keys)
            {
                if (scope.StrategyId is null && state.Find(symbol) is { } risk && !scope.CoversInstrument(risk.Instrument)) continue;
                if (state.Find(symbol) is not null) sum += book.FeesOf(symbol);
            }
        }

        return sum;
    }

    public static Position HeldBy(RiskState state, string strategy, Symbol symbol) =>
        state.Memory.Strategies.TryGetValue(strategy, out var book) ? book.PositionIn(symbol) : default;

    private static Measured OfStrategy(RiskState state, string strategy)
    {
        if (!state.Memory.Strategies.TryGetValue(strategy, out var book)) return 0;
        var sum = 0m;
        foreach (var (symbol, position) in book.Positions)
        {
            if (state.Find(symbol) is not { } risk) continue;
            if (risk.ProfitOf(position) is not { } profit) return Missing(risk);
            sum += profit;
        }

        return sum;
    }

    private static Measured Missing(InstrumentRisk risk) => Measured.Unknown(
        risk.IsHeld ? $"no mark price of {risk.Instrument.Symbol} yet" : $"the position in {risk.Instrument.Symbol} is not known yet");
}
