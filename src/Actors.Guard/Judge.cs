namespace Actors.Guard;

/// <summary>What the judge must know beside the account's rows.</summary>
internal sealed record Circumstances(
    DateTimeOffset Now, TimeSpan BlindFor, TimeSpan EngineGoneFor, int OwnFailures, int? RequestsLeft, IReadOnlyDictionary<string, LossReference> Losses);

/// <summary>One limit with what was measured; null: it cannot be told, which is a kind of blindness.</summary>
internal sealed record Finding(Limit Limit, decimal? Value)
{
    public IReadOnlyList<Step> Steps => Value is { } value ? [.. Limit.Reached(value)] : [];
    public override string ToString() => $"{Limit.Name} is {(Value is { } value ? Guard.Steps.Text(Limit.Watch.Unit, value) : "unknown")}";
}

/// <summary>Measures every limit on the venue's own rows. Pure: the same picture gives the same findings.</summary>
internal static class Judge
{
    /// <summary>What a ratio is worth when there is nothing left to divide by.</summary>
    public const decimal Boundless = 1_000_000_000;

    public static IReadOnlyList<Finding> Evaluate(IEnumerable<Limit> limits, Picture picture, Circumstances now) =>
        limits.Select(limit => new Finding(limit, picture.IsComplete || !limit.Watch.NeedsAccount ? limit.Watch.Measure(limit, picture, now) : null)).ToList();

    /// <summary>What the account has made since it was opened: the margin balance without what was put in or taken out. Minor units.</summary>
    public static decimal? Profit(Picture picture, string currency) =>
        picture.Margin(currency) is { } margin && picture.Transfers.TryGetValue(currency, out var transfers) ? margin.Balance - transfers : null;

    /// <summary>How far the profit is below what it was.</summary>
    public static decimal? Loss(string currency, Picture picture, Circumstances now, Func<LossReference, decimal> was) =>
        now.Losses.TryGetValue(currency, out var loss) && Profit(picture, currency) is { } profit ? Math.Max(0, was(loss) - profit) : null;

    /// <summary>The largest position of those a limit covers, by a measure of its quantity; none is 0.</summary>
    public static decimal Largest(Limit limit, Picture picture, Func<decimal, decimal> measure) =>
        picture.Positions.Where(position => limit.Covers(position.Symbol)).Select(position => measure(position.Quantity)).Append(0).Max();

    /// <summary>The value of a currency's positions at the mark, both ways added.</summary>
    public static decimal? Gross(Picture picture, string currency)
    {
        var values = picture.Positions.Where(position => position.Currency == currency).Select(position => position.MarkValue).ToList();
        return values.Contains(null) ? null : values.Sum(value => Math.Abs(value!.Value));
    }

    /// <summary>The smallest distance to liquidation of the positions a limit covers.</summary>
    public static decimal? Nearest(Limit limit, Picture picture)
    {
        var distances = picture.Positions.Where(position => limit.Covers(position.Symbol)).Select(position => LiquidationDistance(position, picture)).ToList();
        return distances.Contains(null) ? null : distances.Append(Boundless).Min();
    }

    public static decimal Ratio(decimal part, decimal whole) => whole > 0 && part / whole is var ratio ? Math.Min(ratio, Boundless) : part == 0 ? 0 : Boundless;

    /// <summary>By the venue's liquidation price where it tells one; below zero when the mark has passed it. Where it tells none, by what the
    /// margin can bear: balance by gross value, less the maintenance rate. That is right to the first order for positions that share
    /// the margin and move together, and too small, which is the safe side, for positions that balance one another.</summary>
    private static decimal? LiquidationDistance(Position position, Picture picture)
    {
        if (position.LiquidationPrice is { } price)
            return position.MarkPrice is > 0 and { } mark ? (mark - price) * Math.Sign(position.Quantity) / mark : null;
        if (picture.Margin(position.Currency) is not { } margin || Gross(picture, position.Currency) is not { } gross || position.MaintenanceRate is not { } rate) return null;
        return Ratio(margin.Balance, gross) - rate;
    }
}
