using System.Globalization;
using Actors.Venue.Clearing;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>Builds what a new subscriber starts from. Runs on the exchange's thread, between two flushes.</summary>
internal sealed class Partials(Exchange exchange, TablePublisher publisher, TopOfBookPublisher top, BinPublisher bins, VenueRecords records)
{
    /// <summary>The frames of a topic: one, or one an instrument for books of all instruments.</summary>
    public IEnumerable<byte[]> Of(TopicKey topic, Account? account)
    {
        var instruments = exchange.Instruments.Where(instrument => topic.Symbol is null || instrument.Symbol == topic.Symbol).ToList();
        return topic.Table switch
        {
            "orderBookL2" => instruments.Select(instrument => Rows(MarketTables.Book, instrument.Symbol, null, top.Rows(instrument, int.MaxValue))),
            "orderBookL2_25" => instruments.Select(instrument => Rows(MarketTables.TopOfBook, instrument.Symbol, null, top.View(instrument))),
            "orderBook10" => instruments.Select(Ten),
            "instrument" => [Json.Partial(InstrumentTable.Instrument, topic.Symbol, null, Instruments(topic))],
            "quote" => [Rows(MarketTables.Quote, topic.Symbol, null, instruments.SelectMany(instrument => instrument.Quotes.TakeLast(1)))],
            "trade" => [Rows(MarketTables.Trade, topic.Symbol, null, instruments.SelectMany(instrument => instrument.Trades.TakeLast(1)))],
            _ => [Other(topic, instruments) ?? Private(topic, account!)],
        };
    }

    /// <summary>Instruments, then indices, of the topic's filter.</summary>
    private IEnumerable<FieldValue[]> Instruments(TopicKey topic)
    {
        bool IsMeant(string symbol) => topic.Symbol is null || topic.Symbol == symbol || Topics.GroupsOf(topic.Table, symbol).Contains(topic.Symbol);
        return exchange.Instruments.Where(instrument => IsMeant(instrument.Symbol)).Select(publisher.Row)
            .Concat(exchange.Instruments.DistinctBy(instrument => instrument.Listing.IndexSymbol).Where(instrument => IsMeant(instrument.Listing.IndexSymbol)).Select(publisher.IndexRow));
    }

    private byte[]? Other(TopicKey topic, List<ListedInstrument> instruments) => topic.Table switch
    {
        "funding" => Rows(PublicTables.Funding, topic.Symbol, null, Latest(records.Fundings, row => row.Instrument, instruments)),
        "settlement" => Rows(PublicTables.Settlement, topic.Symbol, null, Latest(records.Settlements, row => row.Instrument, instruments)),
        "insurance" => Rows(PublicTables.Insurance, null, null, records.Insurance.GroupBy(row => row.Currency).Select(group => group.Last())),
        "liquidation" => Rows(PublicTables.Liquidation, topic.Symbol, null, records.Liquidations.Where(row => instruments.Contains(row.Instrument))),
        "announcement" => Rows(PublicTables.Announcement, null, null, records.Announcements),
        "chat" => Rows(PublicTables.Chat, null, null, records.Chat.Where(row => topic.Symbol is null || topic.Symbol == row.Channel.ToString(CultureInfo.InvariantCulture)).TakeLast(100)),
        "connected" => Rows(PublicTables.Connected, null, null, [records.Connected]),
        "publicNotifications" => Rows(EmptyTables.PublicNotifications, null, null, []),
        _ => Bins(topic, instruments),
    };

    private byte[]? Bins(TopicKey topic, List<ListedInstrument> instruments)
    {
        foreach (var size in BinSize.All)
        {
            var (trades, quotes) = (BinTables.Trade(size), BinTables.Quote(size));
            if (topic.Table == trades.Name)
                return Rows(trades, topic.Symbol, null, instruments.SelectMany(instrument => bins.Series(instrument, size).Trades.TakeLast(1)));
            if (topic.Table == quotes.Name)
                return Rows(quotes, topic.Symbol, null, instruments.SelectMany(instrument => bins.Series(instrument, size).Quotes.TakeLast(1)));
        }

        return null;
    }

    /// <summary>The last row of each instrument.</summary>
    private static IEnumerable<T> Latest<T>(IEnumerable<T> rows, Func<T, ListedInstrument> instrument, List<ListedInstrument> wanted) =>
        rows.GroupBy(instrument).Where(group => wanted.Contains(group.Key)).Select(group => group.Last());

    private byte[] Private(TopicKey topic, Account account) => topic.Table switch
    {
        "order" => Rows(OrderTables.Order, topic.Symbol, account, account.Orders.Where(order => order.IsOpen && Has(topic, order.Instrument))),
        // Old executions are asked for by REST: a socket tells what happens from now on.
        "execution" => Rows(OrderTables.Execution, topic.Symbol, account, []),
        "position" => Rows(AccountTables.Position, topic.Symbol, account, account.Holdings.Where(holding => holding.IsUsed && Has(topic, holding.Instrument))),
        "margin" => Rows(AccountTables.Margin, null, account, account.Wallets.Select(MarginRow.Of)),
        "transact" => Rows(PublicTables.Transaction, null, account, records.Transactions.Where(row => row.Account == account)),
        "affiliate" => Rows(EmptyTables.Affiliate, null, account, []),
        "privateNotifications" => Rows(EmptyTables.PrivateNotifications, null, account, []),
        _ => Rows(AccountTables.Wallet, null, account, account.Wallets),
    };

    private static bool Has(TopicKey topic, ListedInstrument instrument) => topic.Symbol is null || topic.Symbol == instrument.Symbol;

    private static byte[] Rows<T>(Table<T> table, string? symbol, Account? account, IEnumerable<T> rows) =>
        Json.Partial(table, symbol, account?.Number, rows.Select(table.Read));

    private byte[] Ten(ListedInstrument instrument) => Json.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("table", TopOfBookPublisher.TenName);
        writer.WriteString("action", "partial");
        writer.WriteStartArray("keys");
        writer.WriteStringValue("symbol");
        writer.WriteEndArray();
        writer.WriteStartObject("types");
        foreach (var (name, type) in (ReadOnlySpan<(string, string)>)[("symbol", "symbol"), ("bids", ""), ("asks", ""), ("timestamp", "timestamp")]) writer.WriteString(name, type);
        writer.WriteEndObject();
        writer.WriteStartObject("filter");
        writer.WriteString("symbol", instrument.Symbol);
        writer.WriteEndObject();
        writer.WriteStartArray("data");
        top.WriteRow(writer, instrument);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
