using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>The topics there are, and how a topic's filter is read.</summary>
internal static class Topics
{
    public const string Indices = "INDICES";
    public const string Spot = "SPOT";
    public const string Contracts = "CONTRACTS";
    public const string Derivatives = "DERIVATIVES";

    /// <summary>In the order in which the venue's own help lists them.</summary>
    public static readonly IReadOnlyList<string> Public =
    [
        "announcement", "connected", "chat", "publicNotifications", "instrument", "settlement", "funding", "insurance", "liquidation", "orderBookL2",
        "orderBookL2_25", "orderBook10", "quote", "trade", "quoteBin1m", "quoteBin5m", "quoteBin1h", "quoteBin1d", "tradeBin1m", "tradeBin5m",
        "tradeBin1h", "tradeBin1d",
    ];

    public static readonly IReadOnlyList<string> Private =
        ["privateNotifications", "wallet", "affiliate", "margin", "position", "transact", "order", "execution"];

    /// <summary>Tables that are not about one instrument: a filter of theirs is ignored, as clients send <c>margin:*</c>.</summary>
    private static readonly HashSet<string> WithoutSymbol =
        ["announcement", "connected", "publicNotifications", "privateNotifications", "wallet", "affiliate", "margin", "transact", "insurance"];

    private static readonly string[] IndexGroups = [Indices];
    private static readonly string[] SpotGroups = [Spot, Contracts];
    private static readonly string[] DerivativeGroups = [Derivatives, Contracts];

    /// <summary>The named groups of instruments that a symbol is in; only the instrument table has groups.</summary>
    public static IReadOnlyList<string> GroupsOf(string table, string? symbol)
    {
        if (symbol is null || table != "instrument") return [];
        if (symbol.StartsWith('.')) return IndexGroups;
        return symbol.Contains('_', StringComparison.Ordinal) ? SpotGroups : DerivativeGroups;
    }

    /// <summary>Reads a topic as sent. Throws <see cref="RequestException"/> when there is no such table or symbol, or it needs a key.</summary>
    public static TopicKey Read(string topic, Exchange exchange, long? account)
    {
        var colon = topic.IndexOf(':', StringComparison.Ordinal);
        var table = colon < 0 ? topic : topic[..colon];
        var filter = colon < 0 ? null : topic[(colon + 1)..];
        var isPrivate = Private.Contains(table);
        if (!isPrivate && !Public.Contains(table)) throw new RequestException(400, $"Unknown table: {OrderArguments.Bounded(table)}");
        if (isPrivate && account is null) throw new RequestException(401, $"Authentication required: {table} is a private topic");
        return new TopicKey(table, Filter(table, filter, exchange), isPrivate ? account!.Value : 0);
    }

    private static string? Filter(string table, string? filter, Exchange exchange)
    {
        if (filter is null or "" or "*" || WithoutSymbol.Contains(table)) return null;
        if (table == "chat")
            return long.TryParse(filter, out _) ? filter : throw new RequestException(400, $"Unknown channel: {OrderArguments.Bounded(filter)}");
        if (table == "instrument" && filter is Indices or Spot or Contracts or Derivatives) return filter;
        if (filter.StartsWith('.') && exchange.Instruments.Any(instrument => instrument.Listing.IndexSymbol == filter)) return filter;
        return SymbolQuery.One(filter, exchange)?.Symbol
            ?? throw new RequestException(400, $"Unknown or expired symbol: {OrderArguments.Bounded(filter)}");
    }
}
