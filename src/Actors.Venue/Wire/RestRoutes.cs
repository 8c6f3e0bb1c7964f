namespace Actors.Venue.Wire;

/// <summary>All routes there are. The second version of the interface has the order routes only.</summary>
internal static class RestRoutes
{
    public const string First = "/api/v1";
    private const string Second = "/api/v2";

    private static readonly Dictionary<(string Verb, string Path), RestRoute> Known =
        MarketRoutes.All().Concat(StatisticsRoutes.All()).Concat(CommunityRoutes.All()).Concat(AccountRoutes.All()).Concat(WalletRoutes.All())
            .Concat(PositionRoutes.All()).Concat(OrderRoutes.All()).ToDictionary(route => (route.Verb, route.Path));

    /// <summary>Verb and path of each, for whoever wants to try them all.</summary>
    public static IEnumerable<(string Verb, string Path)> All => Known.Keys.Select(route => (route.Verb, First + route.Path));

    public static RestRoute? Find(string verb, string path)
    {
        if (path.StartsWith(First, StringComparison.Ordinal)) return Known.GetValueOrDefault((verb, path[First.Length..].TrimEnd('/')));
        if (!path.StartsWith(Second, StringComparison.Ordinal)) return null;
        var rest = path[Second.Length..].TrimEnd('/');
        return rest == "/order" || rest.StartsWith("/order/", StringComparison.Ordinal) ? Known.GetValueOrDefault((verb, rest)) : null;
    }
}
