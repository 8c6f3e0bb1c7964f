using Actors.Bitmex;

namespace Actors.Venue.Tables;

/// <summary>Fundings, settlements, liquidations, the insurance fund, notices, chat and wallet movements on the wire.</summary>
internal static class PublicTables
{
    // An interval is written as the time of day it makes, on the first day of 2000.
    private static readonly DateTimeOffset IntervalBase = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly Table<FundingRow> Funding = new(
        "funding",
        ["timestamp", "symbol"],
        [],
        [
            new("timestamp", "timestamp", row => FieldValue.Of(row.Timestamp)),
            new("symbol", "symbol", row => FieldValue.Of(row.Instrument.Symbol)),
            new("fundingInterval", "timespan", row => FieldValue.Of(WireNames.Timestamp(IntervalBase + row.Interval))),
            new("fundingRate", "float", row => FieldValue.Of(row.Rate)),
            new("fundingRateDaily", "float", row => FieldValue.Of(row.Rate * TimeSpan.TicksPerDay / row.Interval.Ticks)),
        ]);

    public static readonly Table<SettlementRow> Settlement = new(
        "settlement",
        ["timestamp", "symbol"],
        [],
        [
            new("timestamp", "timestamp", row => FieldValue.Of(row.Timestamp)),
            new("symbol", "symbol", row => FieldValue.Of(row.Instrument.Symbol)),
            new("settlementType", "symbol", row => FieldValue.Of(row.Kind)),
            new("settledPrice", "float", row => FieldValue.Of(row.Price)),
        ]);

    public static readonly Table<InsuranceRow> Insurance = new(
        "insurance",
        ["currency", "timestamp"],
        [],
        [
            new("currency", "symbol", row => FieldValue.Of(row.Currency)),
            new("timestamp", "timestamp", row => FieldValue.Of(row.Timestamp)),
            new("walletBalance", "long", row => FieldValue.Of(row.Balance)),
        ]);

    public static readonly Table<LiquidationRow> Liquidation = new(
        "liquidation",
        ["orderID"],
        ["symbol"],
        [
            new("orderID", "guid", row => FieldValue.Of(row.OrderId)),
            new("symbol", "symbol", row => FieldValue.Of(row.Instrument.Symbol)),
            new("side", "symbol", row => FieldValue.Of(row.Side.Name())),
            new("price", "float", row => FieldValue.Of(row.Price)),
            new("leavesQty", "long", row => FieldValue.Of(row.Leaves)),
        ]);

    public static readonly Table<AnnouncementRow> Announcement = new(
        "announcement",
        ["id"],
        [],
        [
            new("id", "long", row => FieldValue.Of(row.Id)),
            new("link", "symbol", row => FieldValue.Of(row.Link)),
            new("title", "symbol", row => FieldValue.Of(row.Title)),
            new("content", "symbol", row => FieldValue.Of(row.Content)),
            new("date", "timestamp", row => FieldValue.Of(row.Date)),
        ]);

    public static readonly Table<ChatRow> Chat = new(
        "chat",
        ["id"],
        [],
        [
            new("id", "long", row => FieldValue.Of(row.Id)),
            new("date", "timestamp", row => FieldValue.Of(row.Date)),
            new("user", "symbol", row => FieldValue.Of(row.User)),
            new("message", "symbol", row => FieldValue.Of(row.Message)),
            new("html", "symbol", row => FieldValue.Of(System.Net.WebUtility.HtmlEncode(row.Message))),
            new("fromBot", "boolean", _ => FieldValue.Of(false)),
            new("channelID", "float", row => FieldValue.Of(row.Channel)),
        ]);

    public static readonly Table<ConnectedRow> Connected = new(
        "connected",
        ["id"],
        [],
        [
            new("id", "long", row => FieldValue.Of(row.Id)),
            new("users", "long", row => FieldValue.Of(row.Users)),
            new("bots", "long", row => FieldValue.Of(row.Bots)),
        ]);

    public static readonly Table<TransactionRow> Transaction = new(
        "transact",
        ["transactID"],
        [],
        [
            new("transactID", "guid", row => FieldValue.Of(row.Id)),
            new("account", "long", row => FieldValue.Of(row.Account.Number)),
            new("currency", "symbol", row => FieldValue.Of(row.Currency)),
            new("transactType", "symbol", row => FieldValue.Of(row.Kind)),
            new("amount", "long", row => FieldValue.Of(row.Amount)),
            new("fee", "long", row => FieldValue.Of(row.Fee)),
            new("transactStatus", "symbol", row => FieldValue.Of(row.Status)),
            new("text", "symbol", row => FieldValue.Of(row.Text)),
            new("transactTime", "timestamp", row => FieldValue.Of(row.Timestamp)),
            new("walletBalance", "long", row => FieldValue.Of(row.Balance)),
            new("timestamp", "timestamp", row => FieldValue.Of(row.Timestamp)),
        ]);
}

/// <summary>Tables of things that this venue has none of; a subscriber gets an empty partial with the right keys.</summary>
internal static class EmptyTables
{
    public static readonly Table<object> Affiliate = new(
        "affiliate",
        ["account", "currency"],
        [],
        [new("account", "long", _ => default), new("currency", "symbol", _ => default), new("totalReferrals", "long", _ => default), new("timestamp", "timestamp", _ => default)]);

    public static readonly Table<object> PublicNotifications = Notifications("publicNotifications");

    public static readonly Table<object> PrivateNotifications = Notifications("privateNotifications");

    private static Table<object> Notifications(string name) => new(
        name,
        ["id"],
        [],
        [
            new("id", "long", _ => default), new("date", "timestamp", _ => default), new("title", "symbol", _ => default), new("body", "symbol", _ => default),
            new("ttl", "long", _ => default), new("type", "symbol", _ => default), new("closable", "boolean", _ => default), new("persist", "boolean", _ => default),
        ]);
}
