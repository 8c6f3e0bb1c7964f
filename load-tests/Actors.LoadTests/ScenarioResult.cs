namespace Actors.LoadTests;

/// <summary>Latency below which a share of all messages lay, in microseconds: from the intended send time, and from when it was really sent.</summary>
public sealed record LatencyRow(double Percentile, double FromIntended, double WorkAlone);

/// <summary>A candidate's CPU time over a baseline's in the same run: the middle one of many pairs, and the middle half of them.</summary>
public sealed record RatioRow(string Name, double Median, double Lower, double Upper);

/// <summary>One thing that had to hold.</summary>
public sealed record BoundRow(string Text, string Measured, bool Met);

/// <summary>One thing that was measured and that nothing is demanded of.</summary>
public sealed record FigureRow(string Name, string Measured);

/// <summary>A value at a time of the run, in seconds from its start.</summary>
public readonly record struct SeriesPoint(double Seconds, double Value);

/// <summary>A value over the time of the run; series of the same <paramref name="Picture"/> are drawn in one.</summary>
public sealed record SeriesRow(string Picture, string Unit, string Name, IReadOnlyList<SeriesPoint> Points);

/// <summary>Everything that a run of a scenario measured.</summary>
public sealed record ScenarioResult
{
    public required string Scenario { get; init; }

    /// <summary>The input and its size, in words.</summary>
    public required string Input { get; init; }

    public required string RateUnit { get; init; }

    public required double RateAsked { get; init; }

    public required double RateReached { get; init; }

    public required double Seconds { get; init; }

    public IReadOnlyList<FigureRow> Figures { get; init; } = [];

    public IReadOnlyList<LatencyRow> Latency { get; init; } = [];

    public IReadOnlyList<RatioRow> Ratios { get; init; } = [];

    public IReadOnlyList<SeriesRow> Series { get; init; } = [];

    public required IReadOnlyList<BoundRow> Bounds { get; init; }

    /// <summary>Where the engine should come to: shown beside the bounds, and no reason to fail a run until it was once reached.</summary>
    public IReadOnlyList<BoundRow> Goals { get; init; } = [];

    public bool Passed => Bounds.All(bound => bound.Met);
}
