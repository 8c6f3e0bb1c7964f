namespace Actors.Domain.Funding;

/// <summary>
/// An average over time, each value weighted by how long it held; regular samples make it their mean. Values and the average are plain decimals
/// in the caller's unit.
/// </summary>
public readonly record struct TimeWeightedAverage
{
    public DateTimeOffset From { get; init; }

    public DateTimeOffset LastAt { get; init; }

    public decimal Last { get; init; }

    public decimal WeightedSum { get; init; }

    public bool HasValue { get; init; }

    /// <summary>The average after a value was seen. Throws <see cref="ArgumentOutOfRangeException"/> when time runs backwards.</summary>
    public TimeWeightedAverage Add(DateTimeOffset at, decimal value)
    {
        if (!HasValue) return new TimeWeightedAverage { From = at, LastAt = at, Last = value, HasValue = true };
        ArgumentOutOfRangeException.ThrowIfLessThan(at, LastAt);
        return this with { LastAt = at, Last = value, WeightedSum = WeightedSum + (Last * Seconds(LastAt, at)) };
    }

    /// <summary>The average up to an instant not before the last value; null without a value.</summary>
    public decimal? Until(DateTimeOffset at)
    {
        if (!HasValue) return null;
        ArgumentOutOfRangeException.ThrowIfLessThan(at, LastAt);
        return at == From ? Last : (WeightedSum + (Last * Seconds(LastAt, at))) / Seconds(From, at);
    }

    private static decimal Seconds(DateTimeOffset from, DateTimeOffset to) => (to - from).Ticks / (decimal)TimeSpan.TicksPerSecond;
}

/// <summary>
/// A perpetual's rates through time: <see cref="Rate"/> is paid at <see cref="NextAt"/>; what is being averaged now becomes the rate that is
/// paid one interval later. Pure: sample it each minute, turn it at each payment.
/// </summary>
public sealed record FundingCycle(decimal Rate, DateTimeOffset NextAt, TimeSpan Interval)
{
    public TimeWeightedAverage Premium { get; init; }

    public TimeWeightedAverage Interest { get; init; }

    /// <summary>The cycle after a minute's premium index and interest. Throws <see cref="ArgumentOutOfRangeException"/> when the payment is due.</summary>
    public FundingCycle Sample(DateTimeOffset at, decimal premiumIndex, decimal interest)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(at, NextAt);
        return this with { Premium = Premium.Add(at, premiumIndex), Interest = Interest.Add(at, interest) };
    }

    /// <summary>The rate that follows <see cref="Rate"/> if the interval ended now; <see cref="Rate"/> itself before the first sample.</summary>
    public decimal Indicative(DateTimeOffset at) =>
        Premium.Until(at) is { } premium && Interest.Until(at) is { } interest ? FundingRate.Of(premium, interest) : Rate;

    /// <summary>The cycle after the payment at <see cref="NextAt"/>: the interval's own rate is next, and the averages start anew.</summary>
    public FundingCycle Turn() => new(Indicative(NextAt), NextAt + Interval, Interval);
}
