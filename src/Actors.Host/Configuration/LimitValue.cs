using System.Globalization;
using System.Text.Json;
using Actors.Domain.Risk;

namespace Actors.Host.Configuration;

/// <summary>
/// One limit as it is written: its bound alone, with the ladder of its kind, or an object with the bound and the part of it from which each action is taken,
/// <c>{ "bound": 500, "alert": 0.8, "reduceOnly": 1 }</c>.
/// </summary>
internal static class LimitValue
{
    private const int CountMax = 10_000;
    private const long MoneyMax = 1_000_000_000_000_000;
    private const decimal LevelMax = 100;

    private static readonly (string Key, RiskAction Action)[] Actions =
    [
        ("log", RiskAction.Log), ("alert", RiskAction.Alert), ("refuse", RiskAction.Refuse), ("reduceOnly", RiskAction.ReduceOnly),
        ("cancelOrders", RiskAction.CancelOrders), ("flatten", RiskAction.Flatten), ("stop", RiskAction.Stop),
    ];

    public static Limit Read(ConfigurationNode node, LimitKind kind, LimitScope scope)
    {
        if (node.Kind != JsonTokenType.StartObject) return Limit.Of(kind, scope, Bound(node, kind));
        var bound = Bound(node.Required("bound"), kind);
        var ladder = Ladder(node);
        var within = kind == LimitKind.FundingDue ? node.Optional("within")?.Duration(TimeSpan.FromMinutes(1), TimeSpan.FromHours(24)) : null;
        node.RefuseOtherKeys();
        return new Limit(kind, scope, bound, ladder.Count > 0 ? ladder : Limit.DefaultLadder(kind)) { Within = within ?? Limit.DefaultWithin };
    }

    private static List<LimitRung> Ladder(ConfigurationNode node)
    {
        var ladder = new List<LimitRung>();
        foreach (var (key, action) in Actions)
        {
            if (node.Optional(key) is not { } level) continue;
            var at = level.Fraction(LevelMax);
            if (ladder.Count > 0 && at < ladder[^1].At)
                throw level.Wrong(string.Create(CultureInfo.InvariantCulture, $"{key} at {at} would come before what is milder, at {ladder[^1].At}; levels rise with what is done"));
            ladder.Add(new LimitRung(at, action));
        }

        return ladder;
    }

    private static decimal Bound(ConfigurationNode node, LimitKind kind) => kind switch
    {
        LimitKind.OrderQuantity or LimitKind.Position => node.Quantity().Contracts,
        LimitKind.OpenOrders or LimitKind.ConsecutiveRejects => node.Integer(1, CountMax),
        LimitKind.OrdersPerSecond or LimitKind.AmendsPerSecond => node.Integer(1, 1_000),
        LimitKind.PriceDistance or LimitKind.BestDistance or LimitKind.LiquidationDistance => node.Fraction(1),
        LimitKind.Leverage => node.Fraction(1_000),
        LimitKind.StaleBook or LimitKind.LateBeat => (decimal)node.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(24)).Ticks / TimeSpan.TicksPerSecond,
        _ => node.Integer(1, MoneyMax),
    };
}
