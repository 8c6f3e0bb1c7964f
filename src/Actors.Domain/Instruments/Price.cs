namespace Actors.Domain.Instruments;

/// <summary>A price on an instrument's grid, counted in ticks. Negative for calendar spreads. Its meaning needs the instrument's <see cref="TickSize"/>.</summary>
public readonly record struct Price(long Ticks) : IComparable<Price>
{
    public int CompareTo(Price other) => Ticks.CompareTo(other.Ticks);

    /// <summary>This price moved by <paramref name="ticks"/> ticks; overflow throws.</summary>
    public Price Plus(long ticks) => new(Ticks + ticks);

    public override string ToString() => $"{Ticks} ticks";

    public static bool operator <(Price left, Price right) => left.Ticks < right.Ticks;

    public static bool operator >(Price left, Price right) => left.Ticks > right.Ticks;

    public static bool operator <=(Price left, Price right) => left.Ticks <= right.Ticks;

    public static bool operator >=(Price left, Price right) => left.Ticks >= right.Ticks;
}
