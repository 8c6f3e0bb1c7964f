using System.Text.Json;
using Actors.Domain.Port;
using Actors.Venue.Clearing;
using Actors.Venue.Tables;

namespace Actors.Venue.Wire;

/// <summary>What a key's owner may read.</summary>
internal static class AccountRoutes
{
    private const int CountMax = 500;

    public static IEnumerable<RestRoute> All() =>
    [
        new("GET", "/order", RouteTraits.Private, null, call => TableQuery.Read(call.Arguments, CountMax).Answer(OrderTables.Order, call.Account.Orders)),
        new("GET", "/execution", RouteTraits.Private, null, call => TableQuery.Read(call.Arguments, CountMax).Answer(OrderTables.Execution, call.Account.Executions)),
        new("GET", "/execution/tradeHistory", RouteTraits.Private, null, TradeHistory),
        new("GET", "/position", RouteTraits.Private, null, Positions),
        new("GET", "/user", RouteTraits.Private, null, User),
        new("GET", "/user/margin", RouteTraits.Private, null, call => Wallets(call, AccountTables.Margin, MarginRow.Of)),
        new("GET", "/user/wallet", RouteTraits.Private, null, call => Wallets(call, AccountTables.Wallet, wallet => wallet)),
        new("GET", "/apiKey", RouteTraits.Private, null, Keys),
        new("GET", "/apiKey/self", RouteTraits.Private, null, call => Json.Write(writer => WriteKey(writer, call.Identity!))),
    ];

    private static byte[] TradeHistory(RestCall call) => TableQuery.Read(call.Arguments, CountMax)
        .Answer(OrderTables.Execution, call.Account.Executions.Where(execution => execution.Kind == ExecutionKind.Trade));

    private static byte[] Positions(RestCall call) =>
        TableQuery.Read(call.Arguments, CountMax).Answer(AccountTables.Position, call.Account.Holdings.Where(holding => holding.IsUsed));

    /// <summary>One row for one currency, a list for all of them.</summary>
    private static byte[] Wallets<T>(RestCall call, Table<T> table, Func<Wallet, T> row)
    {
        var currency = call.Arguments.Text("currency") ?? call.Account.Wallets[0].Currency.Currency.Code;
        if (currency == "all")
        {
            return Json.Write(writer =>
            {
                writer.WriteStartArray();
                foreach (var wallet in call.Account.Wallets) table.Write(writer, table.Read(row(wallet)));
                writer.WriteEndArray();
            });
        }

        var found = call.Account.Wallets.Find(wallet => string.Equals(wallet.Currency.Currency.Code, currency, StringComparison.OrdinalIgnoreCase))
            ?? throw RequestException.Invalid($"Invalid currency: expected one of {string.Join(", ", call.Account.Wallets.Select(wallet => wallet.Currency.Currency))}");
        return Json.Write(writer => table.Write(writer, table.Read(row(found))));
    }

    private static byte[] User(RestCall call) => Json.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", call.Account.Number);
        writer.WriteString("username", call.Account.Name);
        writer.WriteString("email", call.Account.Name + "@venue.invalid");
        writer.WriteEndObject();
    });

    private static byte[] Keys(RestCall call) => Json.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var identity in call.Identities.Where(identity => identity.Account == call.Account)) WriteKey(writer, identity);
        writer.WriteEndArray();
    });

    private static void WriteKey(Utf8JsonWriter writer, Identity identity)
    {
        writer.WriteStartObject();
        writer.WriteString("id", identity.Key.Id);
        writer.WriteString("name", identity.Key.Name);
        writer.WriteNumber("userId", identity.Account.Number);
        writer.WriteBoolean("enabled", true);
        WriteTexts(writer, "permissions", identity.Key.Permissions);
        WriteTexts(writer, "cidrs", identity.Key.Cidrs);
        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
