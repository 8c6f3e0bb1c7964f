namespace Actors.Domain.Risk;

/// <summary>What may pass the door now.</summary>
public enum RiskStanding
{
    Open = 1,

    /// <summary>Something is latched for a part of the account: there, only what reduces passes.</summary>
    ReduceOnly = 2,

    /// <summary>Something is latched for the whole account and only what reduces passes, or a gate is closed and nothing does.</summary>
    Halted = 3,
}

/// <summary>Where a limit stands: how much of its bound is used (1 is all of it). Value and level are null when they cannot be known, and then it says why.</summary>
public sealed record LimitLevel(string Name, decimal? Value, decimal Bound, decimal? Level, string Missing);

/// <summary>The door for a person to look at: how it stands and why, and every limit that stands by itself, the nearest first.</summary>
public sealed record RiskPicture(RiskStanding Standing, IReadOnlyList<string> Why, IReadOnlyList<Latch> Latches, IReadOnlyList<LimitLevel> Levels)
{
    public static RiskPicture Of(RiskState state, DateTimeOffset now) => Of(
        state.Memory,
        [
            .. state.Limits.All.Where(limit => !RiskMeasures.IsOfOrders(limit.Kind)).Select(limit => LevelOf(state, limit, now))
                .OrderByDescending(level => level.Level ?? decimal.MaxValue).ThenBy(level => level.Name, StringComparer.Ordinal),
        ]);

    /// <summary>What a journal remembers, without anything that is known only while an engine runs.</summary>
    public static RiskPicture Of(RiskMemory memory, IReadOnlyList<LimitLevel> levels)
    {
        var why = memory.ClosedGates.Values.Select(gate => gate.Reason).Concat(memory.Latches.Values.Select(latch => $"{latch.Name}: {latch.Words}")).Distinct().ToList();
        var standing = memory.ClosedGates.Count > 0 || memory.Latches.Values.Any(latch => latch.Scope.IsAccount) ? RiskStanding.Halted
            : memory.Latches.Count > 0 ? RiskStanding.ReduceOnly
            : RiskStanding.Open;
        return new RiskPicture(standing, why, [.. memory.Latches.Values], levels);
    }

    private static LimitLevel LevelOf(RiskState state, Limit limit, DateTimeOffset now)
    {
        var measured = RiskWatch.Guarded(state, limit, now);
        return new LimitLevel(limit.Name, measured.Value, limit.Bound, measured.Value is { } value ? limit.Level(value) : null, measured.Missing);
    }
}
