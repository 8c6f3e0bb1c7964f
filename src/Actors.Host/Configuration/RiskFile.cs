using Actors.Domain.Instruments;
using Actors.Domain.Risk;

namespace Actors.Host.Configuration;

/// <summary><c>risk.json</c>: how much may be lost. Every limit has one place: the account's, a currency's, an instrument's or a strategy's.</summary>
internal static class RiskFile
{
    public const string Name = "risk.json";

    private static readonly (string Key, LimitKind Kind, bool IsRequired)[] OfAccount =
    [
        ("ordersPerSecondMax", LimitKind.OrdersPerSecond, true),
        ("amendsPerSecondMax", LimitKind.AmendsPerSecond, false),
        ("openOrdersMax", LimitKind.OpenOrders, false),
        ("consecutiveRejectsMax", LimitKind.ConsecutiveRejects, false),
        ("lateBeatMax", LimitKind.LateBeat, false),
    ];

    private static readonly (string Key, LimitKind Kind, bool IsRequired)[] OfCurrency =
    [
        ("orderNotionalMax", LimitKind.OrderNotional, false),
        ("grossExposureMax", LimitKind.GrossExposure, false),
        ("netExposureMax", LimitKind.NetExposure, false),
        ("leverageMax", LimitKind.Leverage, false),
        ("dailyLossMax", LimitKind.DailyLoss, false),
        ("drawdownMax", LimitKind.Drawdown, false),
        ("feesPerDayMax", LimitKind.FeesPerDay, false),
        ("fundingDueMax", LimitKind.FundingDue, false),
    ];

    private static readonly (string Key, LimitKind Kind, bool IsRequired)[] OfInstrument =
    [
        ("orderQuantityMax", LimitKind.OrderQuantity, true),
        ("positionMax", LimitKind.Position, true),
        ("openOrdersMax", LimitKind.OpenOrders, true),
        ("priceDistanceMax", LimitKind.PriceDistance, true),
        ("orderNotionalMax", LimitKind.OrderNotional, false),
        ("grossExposureMax", LimitKind.GrossExposure, false),
        ("bestDistanceMax", LimitKind.BestDistance, false),
        ("liquidationDistanceMin", LimitKind.LiquidationDistance, false),
        ("dailyLossMax", LimitKind.DailyLoss, false),
        ("staleBookMax", LimitKind.StaleBook, false),
        ("fundingDueMax", LimitKind.FundingDue, false),
    ];

    private static readonly (string Key, LimitKind Kind, bool IsRequired)[] OfStrategy =
    [
        ("orderQuantityMax", LimitKind.OrderQuantity, false),
        ("orderNotionalMax", LimitKind.OrderNotional, false),
        ("positionMax", LimitKind.Position, false),
        ("openOrdersMax", LimitKind.OpenOrders, false),
        ("ordersPerSecondMax", LimitKind.OrdersPerSecond, false),
        ("amendsPerSecondMax", LimitKind.AmendsPerSecond, false),
        ("priceDistanceMax", LimitKind.PriceDistance, false),
        ("bestDistanceMax", LimitKind.BestDistance, false),
        ("grossExposureMax", LimitKind.GrossExposure, false),
        ("dailyLossMax", LimitKind.DailyLoss, false),
        ("lossMax", LimitKind.Loss, false),
        ("feesPerDayMax", LimitKind.FeesPerDay, false),
        ("consecutiveRejectsMax", LimitKind.ConsecutiveRejects, false),
    ];

    public static RiskLimits Read(ConfigurationNode file)
    {
        var limits = new List<Limit>();
        Add(limits, file, OfAccount, LimitScope.Account);
        foreach (var node in file.Optional("currencies")?.ItemsOrNone() ?? [])
        {
            var name = node.Required("currency");
            var currency = new Currency(name.Text("a currency's minor unit as the venue spells it, like \"XBt\"", text => text.Length is > 0 and <= 12 && text.All(char.IsAsciiLetterOrDigit)));
            Own(limits, node, name, OfCurrency, LimitScope.Of(currency), currency.Code);
        }

        foreach (var node in file.Required("instruments").Items())
        {
            var name = node.Required("symbol");
            Own(limits, node, name, OfInstrument, LimitScope.Of(name.Symbol()), name.Text);
        }

        foreach (var node in file.Optional("strategies")?.ItemsOrNone() ?? [])
        {
            var name = node.Required("id");
            Own(limits, node, name, OfStrategy, LimitScope.Of(name.Text("a strategy's id", text => text.Length > 0)), name.Text);
        }

        file.RefuseOtherKeys();
        return new RiskLimits(limits);
    }

    /// <summary>Refuses limits of a strategy that there is not: a misspelt name must not leave a strategy without its limits.</summary>
    public static void CheckStrategies(ConfigurationNode file, IReadOnlyList<string> strategies)
    {
        foreach (var node in file.Optional("strategies")?.ItemsOrNone() ?? [])
        {
            var id = node.Required("id");
            if (!strategies.Contains(id.Text)) throw id.Wrong($"no strategy is called \"{id.Text}\" in {StrategiesFile.Name}; expected one of {string.Join(", ", strategies)}");
        }
    }

    private static void Own(
        List<Limit> limits, ConfigurationNode node, ConfigurationNode name, (string Key, LimitKind Kind, bool IsRequired)[] kinds, LimitScope scope, string owner)
    {
        if (limits.Exists(other => other.Scope == scope)) throw name.Wrong($"{owner} has limits already; one set each");
        var before = limits.Count;
        Add(limits, node, kinds, scope);
        if (limits.Count == before) throw name.Wrong($"{owner} has no limit; expected one of {string.Join(", ", kinds.Select(one => one.Key).Order(StringComparer.Ordinal))}");
        node.RefuseOtherKeys();
    }

    private static void Add(List<Limit> limits, ConfigurationNode node, (string Key, LimitKind Kind, bool IsRequired)[] kinds, LimitScope scope)
    {
        foreach (var (key, kind, isRequired) in kinds)
        {
            var value = isRequired ? node.Required(key) : node.Optional(key);
            if (value is not null) limits.Add(LimitValue.Read(value, kind, scope));
        }
    }
}
