using System.Text.Json;
using Actors.Venue.Clearing;
using Actors.Venue.Matching;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>
/// Turns what the exchange tells into frames. It keeps the last published reading of every row that is updated in place, so that an
/// update holds what changed and nothing else. Within one flush: new orders, executions, order updates, trades, books, quotes,
/// instruments, positions, margins.
/// </summary>
internal sealed class TablePublisher(Subscriptions subscriptions) : IExchangeObserver
{
    private readonly List<(ListedInstrument Instrument, string Action, byte[] Frame)> _books = [];
    private readonly Dictionary<VenueOrder, FieldValue[]> _orderRows = [];
    private readonly Dictionary<Holding, FieldValue[]> _positionRows = [];
    private readonly Dictionary<Wallet, FieldValue[]> _marginRows = [];
    private readonly Dictionary<Wallet, FieldValue[]> _walletRows = [];
    private readonly Dictionary<ListedInstrument, FieldValue[]> _instrumentRows = [];
    private readonly Dictionary<string, FieldValue[]> _indexRows = new(StringComparer.Ordinal);
    private readonly List<VenueOrder> _added = [];
    private readonly List<Execution> _executions = [];
    private readonly List<Trade> _trades = [];
    private readonly List<QuoteRow> _quotes = [];
    private readonly List<VenueOrder> _changed = [];
    private readonly List<Holding> _holdings = [];
    private readonly List<Wallet> _wallets = [];
    private readonly List<ListedInstrument> _instruments = [];

    /// <summary>The exchange's own time, set once it exists.</summary>
    public Func<DateTimeOffset> Now { get; set; } = static () => DateTimeOffset.UnixEpoch;

    /// <summary>Hears every trade, too; set once it exists.</summary>
    public BinPublisher? Bins { get; set; }

    /// <summary>Keeps and publishes what happens to everybody; set once it exists.</summary>
    public VenueRecords? Records { get; set; }

    /// <summary>An instrument's row as the socket last told it: what REST answers, too, so that both always agree.</summary>
    public FieldValue[] Row(ListedInstrument instrument)
    {
        if (!_instrumentRows.TryGetValue(instrument, out var row))
            _instrumentRows.Add(instrument, row = InstrumentTable.Instrument.Read(instrument));
        return row;
    }

    /// <summary>The row of an instrument's index, as the socket last told it.</summary>
    public FieldValue[] IndexRow(ListedInstrument instrument)
    {
        if (!_indexRows.TryGetValue(instrument.Listing.IndexSymbol, out var row))
            _indexRows.Add(instrument.Listing.IndexSymbol, row = InstrumentTable.IndexRow(instrument));
        return row;
    }

    /// <summary>Takes what an account has as published: every partial has it from the start.</summary>
    public void Follow(Account account)
    {
        foreach (var order in account.Orders) Track(order);
        foreach (var holding in account.Holdings.Where(holding => holding.IsUsed)) _positionRows[holding] = AccountTables.Position.Read(holding);
        foreach (var wallet in account.Wallets)
        {
            _marginRows[wallet] = AccountTables.Margin.Read(MarginRow.Of(wallet));
            _walletRows[wallet] = AccountTables.Wallet.Read(wallet);
        }
    }

    public void OrderAdded(VenueOrder order) => _added.Add(order);

    public void OrderChanged(VenueOrder order) => Once(_changed, order);

    public void Executed(Execution execution) => _executions.Add(execution);

    public void HoldingChanged(Holding holding) => Once(_holdings, holding);

    public void MarginChanged(Wallet wallet) => Once(_wallets, wallet);

    public void Moved(TransactionRow row) => Records?.Put(row);

    public void Traded(Trade trade)
    {
        _trades.Add(trade);
        Bins?.Add(trade);
    }

    public void Quoted(QuoteRow quote) => _quotes.Add(quote);

    public void InstrumentChanged(ListedInstrument instrument) => Once(_instruments, instrument);

    public void BookChanged(ListedInstrument instrument, List<LevelChange> changes)
    {
        if (!subscriptions.Any(MarketTables.Book.Name, instrument.Symbol)) return;
        // The exchange hands them over sorted by action: one frame for each run of the same.
        for (var start = 0; start < changes.Count;)
        {
            var end = start;
            while (end < changes.Count && changes[end].Action == changes[start].Action) end++;
            var (from, to) = (start, end);
            _books.Add((instrument, Name(changes[from].Action), Json.Frame(MarketTables.Book.Name, Name(changes[from].Action), writer =>
            {
                for (var i = from; i < to; i++) Write(writer, MarketTables.Book, BookLevelRow.Of(instrument, changes[i], Now()));
            })));
            start = end;
        }
    }

    public void Funded(FundingRow funding) => Records?.Add(funding);

    public void Settled(SettlementRow settlement) => Records?.Add(settlement);

    public void Insured(InsuranceRow insurance) => Records?.Add(insurance);

    public void Liquidated(LiquidationRow liquidation) => Records?.Put(liquidation);

    public void Flush()
    {
        Inserts(OrderTables.Order, _added, order => (order.Account.Number, order.Instrument.Symbol));
        foreach (var order in _added) Track(order);
        Inserts(OrderTables.Execution, _executions, execution => (execution.Order.Account.Number, execution.Order.Instrument.Symbol));
        FlushOrders();
        Inserts(MarketTables.Trade, _trades, trade => (0, trade.Instrument.Symbol));
        foreach (var (instrument, action, frame) in _books) subscriptions.Send(MarketTables.Book.Name, action, instrument.Symbol, 0, frame);
        Inserts(MarketTables.Quote, _quotes, quote => (0, quote.Instrument.Symbol));
        foreach (var instrument in _instruments)
        {
            Update(InstrumentTable.Instrument, _instrumentRows, instrument, InstrumentTable.Instrument.Read(instrument), 0, instrument.Symbol);
            var index = instrument.Listing.IndexSymbol;
            Update(InstrumentTable.Instrument, _indexRows, index, InstrumentTable.IndexRow(instrument), 0, index);
        }

        foreach (var holding in _holdings) Update(AccountTables.Position, _positionRows, holding, AccountTables.Position.Read(holding), holding.Account.Number, holding.Instrument.Symbol);
        foreach (var wallet in _wallets)
        {
            Update(AccountTables.Margin, _marginRows, wallet, AccountTables.Margin.Read(MarginRow.Of(wallet)), wallet.Account.Number, null);
            Update(AccountTables.Wallet, _walletRows, wallet, AccountTables.Wallet.Read(wallet), wallet.Account.Number, null);
        }

        Clear();
    }

    public static string Name(LevelAction action) => action switch
    {
        LevelAction.Delete => "delete",
        LevelAction.Update => "update",
        _ => "insert",
    };

    private static void Once<T>(List<T> list, T item)
        where T : class
    {
        if (!list.Contains(item)) list.Add(item);
    }

    private static void Write<T>(Utf8JsonWriter writer, Table<T> table, T row) => table.Write(writer, table.Read(row));

    private void Clear()
    {
        _added.Clear();
        _executions.Clear();
        _trades.Clear();
        _books.Clear();
        _quotes.Clear();
        _changed.Clear();
        _holdings.Clear();
        _wallets.Clear();
        _instruments.Clear();
    }

    private void Track(VenueOrder order)
    {
        if (order.IsOpen) _orderRows[order] = OrderTables.Order.Read(order);
    }

    private void Inserts<T>(Table<T> table, List<T> rows, Func<T, (long Account, string Symbol)> topic)
    {
        if (rows.Count == 0) return;
        foreach (var group in rows.GroupBy(topic))
        {
            if (!subscriptions.Any(table.Name, group.Key.Symbol, group.Key.Account)) continue;
            subscriptions.Send(table.Name, "insert", group.Key.Symbol, group.Key.Account, Json.Frame(table.Name, "insert", writer =>
            {
                foreach (var row in group) Write(writer, table, row);
            }));
        }
    }

    private void FlushOrders()
    {
        if (_changed.Count == 0) return;
        foreach (var group in _changed.GroupBy(order => (order.Account.Number, order.Instrument.Symbol)))
        {
            var changes = new List<(FieldValue[] Before, FieldValue[] After)>();
            foreach (var order in group)
            {
                if (!_orderRows.TryGetValue(order, out var before)) continue;
                var after = OrderTables.Order.Read(order);
                if (order.IsOpen) _orderRows[order] = after;
                else _orderRows.Remove(order);
                if (!before.AsSpan().SequenceEqual(after)) changes.Add((before, after));
            }

            if (changes.Count == 0 || !subscriptions.Any(OrderTables.Order.Name, group.Key.Symbol, group.Key.Number)) continue;
            subscriptions.Send(OrderTables.Order.Name, "update", group.Key.Symbol, group.Key.Number, Json.Frame(OrderTables.Order.Name, "update", writer =>
            {
                foreach (var (before, after) in changes) OrderTables.Order.WriteChange(writer, before, after);
            }));
        }
    }

    /// <summary>Publishes a row that lives on: whole when it was never published, otherwise what changed.</summary>
    private void Update<TKey, T>(Table<T> table, Dictionary<TKey, FieldValue[]> rows, TKey key, FieldValue[] after, long account, string? symbol)
        where TKey : class
    {
        var isNew = !rows.TryGetValue(key, out var before);
        rows[key] = after;
        if (!subscriptions.Any(table.Name, symbol, account)) return;
        if (!isNew && before.AsSpan().SequenceEqual(after)) return;
        var action = isNew ? "insert" : "update";
        subscriptions.Send(table.Name, action, symbol, account, Json.Frame(table.Name, action, writer =>
        {
            if (isNew) table.Write(writer, after);
            else table.WriteChange(writer, before!, after);
        }));
    }
}
