namespace Actors.LoadTests;

/// <summary>Latency below which a share of all messages lay, in microseconds: from the intended send time, and of the work alone.</summary>
public sealed record LatencyRow(double Percentile, double FromIntended, double WorkAlone);

/// <summary>A candidate's CPU time over a baseline's in the same run: the middle one of many pairs, and the middle half of them.</summary>
public sealed record RatioRow(string Name, double Median, double Lower, double Upper);

/// <summary>One thing that had to hold.</summary>
public sealed record BoundRow(string Text, string Measured, bool Met);

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

    public required long Messages { get; init; }

    public required long Rows { get; init; }

    public required double AllocatedBytesPerRow { get; init; }

    public required int Collections { get; init; }

    /// <summary>CPU time of the process over the run's time on the clock, one being one core; waiting for the next send time is part of it.</summary>
    public required double CoresUsed { get; init; }

    public required IReadOnlyList<LatencyRow> Latency { get; init; }

    public required IReadOnlyList<RatioRow> Ratios { get; init; }

    public required IReadOnlyList<BoundRow> Bounds { get; init; }

    /// <summary>Where the engine should come to: shown beside the bounds, and no reason to fail a run until it was once reached.</summary>
    public required IReadOnlyList<BoundRow> Goals { get; init; }

    public bool Passed => Bounds.All(bound => bound.Met);
}
