using System.Text.Json;
using Actors.Venue.Listing;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>Sums over the market, the schema of all tables, and the currencies. Volumes are those since the venue started.</summary>
internal static class StatisticsRoutes
{
    public static IEnumerable<RestRoute> All() =>
    [
        RestRoute.Open("/stats", Stats),
        RestRoute.Open("/stats/history", History),
        RestRoute.Open("/stats/historyUSD", call => Json.List(Roots(call), WriteTurnovers)),
        RestRoute.Open("/instrument/usdVolume", call => Json.List(Roots(call), WriteTurnovers)),
        RestRoute.Open("/schema", Schema),
        RestRoute.Open("/schema/websocketHelp", _ => RealtimeHelp.Bytes),
        RestRoute.Open("/wallet/assets", call => Json.List(call.Exchange.Currencies, (writer, currency) => WriteAsset(writer, currency.Listing))),
        RestRoute.Open("/wallet/networks", _ => Json.EmptyList),
        RestRoute.Open("/wallet/haircuts", _ => Json.EmptyList),
        RestRoute.Open("/wallet/currencies", Currencies),
    ];

    private static IEnumerable<IGrouping<(string Root, string Currency), ListedInstrument>> Roots(RestCall call) =>
        call.Exchange.Instruments.GroupBy(instrument => (instrument.Listing.RootSymbol, instrument.Definition.Settlement.Code));

    private static byte[] Stats(RestCall call) => Json.List(Roots(call), (writer, root) =>
    {
        WriteRoot(writer, root);
        writer.WriteNumber("volume24h", root.Sum(instrument => instrument.Volume));
        writer.WriteNumber("turnover24h", root.Sum(instrument => instrument.Turnover));
        writer.WriteNumber("openInterest", root.Sum(instrument => instrument.OpenInterest));
        writer.WriteNumber("openValue", root.Sum(InstrumentTable.OpenValue));
    });

    private static byte[] History(RestCall call) => Json.List(Roots(call), (writer, root) =>
    {
        WriteRoot(writer, root);
        writer.WriteString("date", WireTime.Text(new DateTimeOffset(call.Exchange.Now.UtcDateTime.Date, TimeSpan.Zero)));
        writer.WriteNumber("volume", root.Sum(instrument => instrument.Volume));
        writer.WriteNumber("turnover", root.Sum(instrument => instrument.Turnover));
    });

    private static void WriteTurnovers(Utf8JsonWriter writer, IGrouping<(string Root, string Currency), ListedInstrument> root)
    {
        var foreign = root.Sum(instrument => Notional.Of(instrument, instrument.Volume, instrument.Turnover).Foreign);
        WriteRoot(writer, root);
        foreach (var period in (string[])["turnover24h", "turnover30d", "turnover365d", "turnover"]) writer.WriteNumber(period, decimal.Round(foreign, 2));
    }

    private static void WriteRoot(Utf8JsonWriter writer, IGrouping<(string Root, string Currency), ListedInstrument> root)
    {
        writer.WriteString("rootSymbol", root.Key.Root);
        writer.WriteString("currency", root.Key.Currency);
    }

    private static void WriteAsset(Utf8JsonWriter writer, ListedCurrency currency)
    {
        writer.WriteString("asset", currency.Asset);
        writer.WriteString("currency", currency.Code);
        writer.WriteString("majorCurrency", currency.Asset);
        writer.WriteString("name", currency.Asset);
        writer.WriteString("currencyType", "Crypto");
        writer.WriteNumber("scale", currency.Scale);
        writer.WriteBoolean("enabled", true);
        writer.WriteBoolean("isMarginCurrency", true);
        writer.WriteBoolean("memoRequired", false);
        writer.WriteStartArray("networks");
        writer.WriteEndArray();
    }

    private static byte[] Currencies(RestCall call) => Json.Object(writer =>
    {
        foreach (var currency in call.Exchange.Currencies)
        {
            writer.WriteStartObject(currency.Listing.Code);
            WriteAsset(writer, currency.Listing);
            writer.WriteEndObject();
        }
    });

    private static byte[] Schema(RestCall call)
    {
        var wanted = call.Arguments.Text("model");
        return Json.Object(writer =>
        {
            void Model<T>(string name, Table<T> table)
            {
                if (wanted is not null && !string.Equals(wanted, name, StringComparison.OrdinalIgnoreCase)) return;
                writer.WriteStartObject(name);
                table.WriteSchema(writer);
                writer.WriteEndObject();
            }

            Model("Announcement", PublicTables.Announcement);
            Model("Chat", PublicTables.Chat);
            Model("Execution", OrderTables.Execution);
            Model("Funding", PublicTables.Funding);
            Model("Instrument", InstrumentTable.Instrument);
            Model("Insurance", PublicTables.Insurance);
            Model("Liquidation", PublicTables.Liquidation);
            Model("Margin", AccountTables.Margin);
            Model("Order", OrderTables.Order);
            Model("OrderBookL2", MarketTables.Book);
            Model("Position", AccountTables.Position);
            Model("Quote", MarketTables.Quote);
            Model("Settlement", PublicTables.Settlement);
            Model("Trade", MarketTables.Trade);
            Model("TradeBin", BinTables.Trade(BinSize.All[0]));
            Model("Transaction", PublicTables.Transaction);
            Model("Wallet", AccountTables.Wallet);
        });
    }
}
