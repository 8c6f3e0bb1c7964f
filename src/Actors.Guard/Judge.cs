namespace Actors.Guard;

/// <summary>What the judge must know beside the account's rows.</summary>
internal sealed record Circumstances(
    DateTimeOffset Now, TimeSpan BlindFor, TimeSpan EngineGoneFor, int OwnFailures, int? RequestsLeft, IReadOnlyDictionary<string, LossReference> Losses);

/// <summary>One limit with what was measured; null: it cannot be told, which is a kind of blindness.</summary>
internal sealed record Finding(Limit Limit, decimal? Value)
{
    public IReadOnlyList<Step> Steps => Value is { } value ? [.. Limit.Reached(value)] : [];
    public Step Strongest => Steps.Count == 0 ? Step.None : Steps.Max();
    public override string ToString() => $"{Limit.Name} is {(Value is { } value ? Guard.Steps.Text(Limit.Watch.Unit, value) : "unknown")}";
}

/// <summary>Measures every limit on the venue's own rows. Pure: the same picture gives the same findings.</summary>
internal static class Judge
{
    /// <summary>What a ratio is worth when there is nothing left to divide by.</summary>
    private const decimal Boundless = 1_000_000_000;

    public static IReadOnlyList<Finding> Evaluate(IEnumerable<Limit> limits, Picture picture, Circumstances now) =>
        limits.Select(limit => new Finding(limit, Measure(limit, picture, now))).ToList();

    private static decimal? Measure(Limit limit, Picture picture, Circumstances now)
    {
        var watch = limit.Watch;
        if (watch == Watch.Blind) return (decimal)now.BlindFor.TotalSeconds;
        if (watch == Watch.OwnFailures) return now.OwnFailures;
        if (!picture.IsComplete) return null;
        if (watch == Watch.OpenOrders) return picture.OpenOrders.Count;
        if (watch == Watch.OrderRate) return picture.OrdersLately;
        if (watch == Watch.StillOrders) return picture.OpenOrders.Count == 0 ? 0 : (decimal)(now.Now - picture.OrdersChangedAt).TotalSeconds;
        // A venue that does not tell what is left grants as much as it likes.
        if (watch == Watch.RequestsLeft) return now.RequestsLeft ?? Boundless;
        if (watch == Watch.EngineGone) return (decimal)now.EngineGoneFor.TotalSeconds;
        return watch.Scope == Scope.Currency ? OfCurrency(limit, picture, now) : OfSymbol(limit, picture);
    }

    private static decimal? OfSymbol(Limit limit, Picture picture)
    {
        if (limit.Watch == Watch.OpenOrdersIn)
            return picture.OpenOrders.Where(order => limit.Covers(order.Symbol)).GroupBy(order => order.Symbol).Select(group => group.Count()).DefaultIfEmpty(0).Max();
        var positions = picture.Positions.Where(position => limit.Covers(position.Symbol)).ToList();
        if (limit.Watch == Watch.LiquidationDistance)
        {
            var distances = positions.Select(position => LiquidationDistance(position, picture)).ToList();
            return distances.Contains(null) ? null : distances.DefaultIfEmpty(Boundless).Min();
        }
        return positions.Select(position => limit.Watch.Name switch
        {
            _ when limit.Watch == Watch.LongPosition => Math.Max(0, position.Quantity),
            _ when limit.Watch == Watch.ShortPosition => Math.Max(0, -position.Quantity),
            _ => Math.Abs(position.Quantity),
        }).DefaultIfEmpty(0).Max();
    }

    private static decimal? OfCurrency(Limit limit, Picture picture, Circumstances now)
    {
        if (!picture.Margins.TryGetValue(limit.Of, out var margin)) return null;
        if (limit.Watch == Watch.AvailableMargin) return margin.Available;
        if (limit.Watch == Watch.MarginUsed) return Ratio(Math.Max(0, margin.Balance - margin.Available), margin.Balance);
        if (limit.Watch.IsLoss)
        {
            if (!now.Losses.TryGetValue(limit.Of, out var loss) || Profit(picture, limit.Of) is not { } profit) return null;
            return Math.Max(0, (limit.Watch == Watch.LossToday ? loss.Midnight : loss.Peak) - profit);
        }
        var gross = Gross(picture, limit.Of);
        return limit.Watch == Watch.GrossValue || gross is null ? gross : Ratio(gross.Value, margin.Balance);
    }

    /// <summary>What the account has made since it was opened: the margin balance without what was put in or taken out. Minor units.</summary>
    public static decimal? Profit(Picture picture, string currency) =>
        picture.Margins.TryGetValue(currency, out var margin) && picture.Transfers.TryGetValue(currency, out var transfers) ? margin.Balance - transfers : null;

    private static decimal? Gross(Picture picture, string currency)
    {
        var values = picture.Positions.Where(position => position.Currency == currency).Select(position => position.MarkValue).ToList();
        return values.Contains(null) ? null : values.Sum(value => Math.Abs(value!.Value));
    }

    /// <summary>By the venue's liquidation price where it tells one; below zero when the mark has passed it. Where it tells none, by what the
    /// margin can bear: balance by gross value, less the maintenance rate. That is right to the first order for positions that share
    /// the margin and move together, and too small, which is the safe side, for positions that balance one another.</summary>
    private static decimal? LiquidationDistance(Position position, Picture picture)
    {
        if (position.LiquidationPrice is { } price)
            return position.MarkPrice is > 0 and { } mark ? (mark - price) * Math.Sign(position.Quantity) / mark : null;
        if (!picture.Margins.TryGetValue(position.Currency, out var margin) || Gross(picture, position.Currency) is not { } gross || position.MaintenanceRate is not { } rate) return null;
        return Ratio(margin.Balance, gross) - rate;
    }

    private static decimal Ratio(decimal part, decimal whole) => whole > 0 && part / whole is var ratio ? Math.Min(ratio, Boundless) : part == 0 ? 0 : Boundless;
}
