using System.Text.Json;
using Actors.Domain.Port;
using Actors.Venue.Tables;

namespace Actors.Venue.Wire;

/// <summary>What a key's owner may read of orders, executions and positions, of the account itself and of its keys.</summary>
internal static class AccountRoutes
{
    private const int CountMax = 500;

    public static IEnumerable<RestRoute> All() =>
    [
        RestRoute.Mine("/order", call => TableQuery.Read(call, CountMax).Answer(OrderTables.Order, call.Account.Orders)),
        RestRoute.Mine("/execution", call => TableQuery.Read(call, CountMax).Answer(OrderTables.Execution, call.Account.Executions)),
        RestRoute.Mine("/execution/tradeHistory", TradeHistory),
        RestRoute.Mine("/user/executionHistory", ExecutionHistory),
        RestRoute.Mine("/position", call => TableQuery.Read(call, CountMax).Answer(AccountTables.Position, call.Account.Holdings.Where(holding => holding.IsUsed))),
        RestRoute.Mine("/user", User),
        RestRoute.Mine("/user/commission", Commission),
        RestRoute.Mine("/user/quoteFillRatio", _ => Json.EmptyList),
        RestRoute.Mine("/user/quoteValueRatio", _ => Json.EmptyList),
        RestRoute.Mine("/user/tradingVolume", TradingVolume),
        RestRoute.Mine("/user/affiliateStatus", _ => Json.EmptyList),
        RestRoute.Mine("/user/checkReferralCode", _ => throw new RequestException(404, "Not Found")),
        RestRoute.Mine("/user/csa", _ => Json.Object(writer =>
        {
            writer.WriteStartArray("csas");
            writer.WriteEndArray();
        })),
        RestRoute.Mine("/user/marginingMode", _ => Json.Object(writer => writer.WriteNull("marginingMode"))),
        RestRoute.Mine("/user/tradingSettings", _ => Json.Object(writer => writer.WriteString("positionMode", "OneWay"))),
        RestRoute.Mine("/user/staking", _ => Json.EmptyList),
        RestRoute.Mine("/user/staking/instruments", _ => Json.EmptyList),
        RestRoute.Mine("/user/staking/tiers", _ => Json.EmptyList),
        RestRoute.Mine("/user/unstakingRequests", _ => Json.EmptyList),
        RestRoute.Mine("/userStats/volumeRank", _ => Json.EmptyList),
        RestRoute.Mine("/apiKey", call => Json.List(call.Venue.Identities.Where(identity => identity.Account == call.Account), WriteKey)),
        RestRoute.Mine("/apiKey/self", call => Json.Object(writer => WriteKey(writer, call.Identity!))),
    ];

    private static byte[] TradeHistory(RestCall call) => TableQuery.Read(call, CountMax).Answer(OrderTables.Execution, call.Account.Executions.Where(IsShown));

    /// <summary>Fills and what else moved a position, without the life of orders.</summary>
    private static bool IsShown(Trading.Execution execution) =>
        execution.Kind is ExecutionKind.Trade or ExecutionKind.Funding or ExecutionKind.Settlement or ExecutionKind.Liquidation or ExecutionKind.Bankruptcy;

    /// <summary>The fills of one instrument on one day.</summary>
    private static byte[] ExecutionHistory(RestCall call)
    {
        var symbol = call.Arguments.Text("symbol") ?? throw RequestException.Invalid("'symbol' is a required arg.");
        var day = call.Arguments.Time("timestamp") ?? throw RequestException.Invalid("'timestamp' is a required arg.");
        var meant = SymbolQuery.Resolve(symbol, call.Exchange);
        return Json.Rows(
            OrderTables.Execution,
            call.Account.Executions.Where(execution => IsShown(execution) && meant.Contains(execution.Order.Instrument)
                && WireTime.Shown(execution.Timestamp).UtcDateTime.Date == day.UtcDateTime.Date));
    }

    private static byte[] User(RestCall call) => Json.Object(writer =>
    {
        writer.WriteNumber("id", call.Account.Number);
        writer.WriteString("username", call.Account.Name);
        writer.WriteString("email", call.Account.Name + "@venue.invalid");
        writer.WriteString("created", WireTime.Text(call.Account.Wallets[0].Opened));
    });

    private static byte[] Commission(RestCall call) => Json.Object(writer =>
    {
        foreach (var instrument in call.Exchange.Instruments)
        {
            writer.WriteStartObject(instrument.Symbol);
            writer.WriteNumber("makerFee", instrument.Definition.MakerFeeRate);
            writer.WriteNumber("takerFee", instrument.Definition.TakerFeeRate);
            writer.WriteNumber("settlementFee", 0);
            writer.WriteNumber("maxFee", Math.Max(instrument.Definition.MakerFeeRate, instrument.Definition.TakerFeeRate));
            writer.WriteEndObject();
        }
    });

    /// <summary>The value traded by the account, in whole units of each quote currency, of the executions that are still kept.</summary>
    private static byte[] TradingVolume(RestCall call) => Json.List(
        call.Account.Executions.Where(execution => execution.Fill is not null).GroupBy(execution => execution.Order.Instrument.Definition.Quote),
        (writer, group) =>
        {
            writer.WriteString("currency", group.Key);
            writer.WriteNumber("advUsd", decimal.Round(group.Sum(execution => Notional.Of(execution.Order.Instrument, execution.Fill!.Quantity, Math.Abs(execution.Fill.Cost)).Foreign), 2));
        });

    private static void WriteKey(Utf8JsonWriter writer, Identity identity)
    {
        writer.WriteString("id", identity.Key.Id);
        writer.WriteString("name", identity.Key.Name);
        writer.WriteNumber("userId", identity.Account.Number);
        writer.WriteBoolean("enabled", true);
        Json.WriteTexts(writer, "permissions", identity.Key.Permissions);
        Json.WriteTexts(writer, "cidrs", identity.Key.Cidrs);
    }
}
