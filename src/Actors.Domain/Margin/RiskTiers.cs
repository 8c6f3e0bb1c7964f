namespace Actors.Domain.Margin;

/// <summary>
/// One step of an instrument's margin rates. <see cref="Steps"/> counts the steps above the base rates; <see cref="Limit"/> is the value, in minor
/// units, that a position of this tier stays below (2^63-1: no limit).
/// </summary>
public readonly record struct RiskTier(long Steps, long Limit, Fraction InitialRate, Fraction MaintenanceRate);

/// <summary>
/// How an instrument's margin rates rise with the value at risk: below the base limit the base rates; from it on, and for each further step of
/// value, the base maintenance rate is added to both (venue's published table and its examples at 180, 230, 400 and 600 XBT). A value exactly on a
/// limit belongs to the next tier, as the table's "&lt;" says. Two choices of ours where nothing is published: rates stop at 100 %, and an
/// instrument without a step has one tier.
/// </summary>
public readonly record struct RiskTiers
{
    private readonly long _initial;
    private readonly long _maintenance;
    private readonly long _denominator;
    private readonly long _stepsMax;

    /// <summary>
    /// Limits in minor units, rates as fractions of value. Throws <see cref="ArgumentOutOfRangeException"/> for a negative limit or step and for
    /// rates that are not <c>0 &lt;= maintenance &lt;= initial &lt;= 1</c>.
    /// </summary>
    public RiskTiers(long baseLimit, long step, decimal initialRate, decimal maintenanceRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(baseLimit);
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(maintenanceRate);
        ArgumentOutOfRangeException.ThrowIfLessThan(initialRate, maintenanceRate);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(initialRate, 1m);
        BaseLimit = baseLimit;
        Step = step;
        var (initial, maintenance) = (Fraction.From(initialRate), Fraction.From(maintenanceRate));
        _denominator = Math.Max(initial.Denominator, maintenance.Denominator);
        _initial = initial.Numerator * (_denominator / initial.Denominator);
        _maintenance = maintenance.Numerator * (_denominator / maintenance.Denominator);
        _stepsMax = step == 0 || _maintenance == 0 ? 0 : (long)Exact.Ceiling(_denominator - _initial, _maintenance);
    }

    public long BaseLimit { get; }

    public long Step { get; }

    /// <summary>The tier that a value at risk falls into by itself. The value is in minor units and not negative.</summary>
    public RiskTier At(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        return Tier(value < BaseLimit || _stepsMax == 0 ? 0 : Math.Min(_stepsMax, ((value - BaseLimit) / Step) + 1));
    }

    /// <summary>The tier of a risk limit that the account's owner chose: the lowest whose limit is not below it.</summary>
    public RiskTier Chosen(long riskLimit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(riskLimit);
        return riskLimit <= BaseLimit ? Tier(0) : At(riskLimit - 1);
    }

    /// <summary>The tier a number of steps above the base rates; above the last tier, the last.</summary>
    public RiskTier Tier(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        steps = Math.Min(steps, _stepsMax);
        var limit = steps == _stepsMax ? long.MaxValue : BaseLimit + (steps * Step);
        var added = steps * _maintenance;
        return new RiskTier(
            steps,
            limit,
            new Fraction(Math.Min(_denominator, _initial + added), _denominator),
            new Fraction(Math.Min(_denominator, _maintenance + added), _denominator));
    }
}
