using Actors.Venue.Clearing;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>Builds what a new subscriber starts from. Runs on the exchange's thread, between two flushes.</summary>
internal sealed class Partials(Exchange exchange, TablePublisher publisher, TopOfBookPublisher top)
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
            "instrument" => [Json.Partial(InstrumentTable.Instrument, topic.Symbol, null, instruments.Select(publisher.Row))],
            "quote" => [Rows(MarketTables.Quote, topic.Symbol, null, instruments.SelectMany(instrument => instrument.Quotes.TakeLast(1)))],
            "trade" => [Rows(MarketTables.Trade, topic.Symbol, null, instruments.SelectMany(instrument => instrument.Trades.TakeLast(1)))],
            _ => [Private(topic, account!)],
        };
    }

    private static byte[] Private(TopicKey topic, Account account) => topic.Table switch
    {
        "order" => Rows(OrderTables.Order, topic.Symbol, account, account.Orders.Where(order => order.IsOpen && Has(topic, order.Instrument))),
        // Old executions are asked for by REST: a socket tells what happens from now on.
        "execution" => Rows(OrderTables.Execution, topic.Symbol, account, []),
        "position" => Rows(AccountTables.Position, topic.Symbol, account, account.Holdings.Where(holding => holding.IsUsed && Has(topic, holding.Instrument))),
        "margin" => Rows(AccountTables.Margin, null, account, account.Wallets.Select(MarginRow.Of)),
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
