using Actors.Venue.Clearing;
using Actors.Venue.Matching;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>
/// Turns what the exchange tells into frames, for topics that somebody listens to. It keeps the last published reading of every row that is updated
/// in place, so that an update holds what changed and nothing else. Within one flush: new orders, executions, order updates, trades, books, quotes,
/// instruments, positions, margins. When public rows keep coming faster than one flush an <see cref="Interval"/>, they are held back for that long and
/// go out together, so that a frame holds many rows under load; rows that come alone, or a few at once, wait for nothing. What accounts are told is
/// never held back.
/// </summary>
internal sealed class TablePublisher(Subscriptions subscriptions) : IExchangeObserver
{
    /// <summary>Between two flushes of public rows, when there is something to flush all the time.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>What may be flushed sooner after a quieter time: ten flushes.</summary>
    private static readonly TimeSpan Burst = Interval * 10;

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
    private readonly List<(ListedInstrument Instrument, HeldLevels Levels)> _books = [];
    private readonly List<(FieldValue[] Before, FieldValue[] After)> _changes = [];
    private DateTimeOffset _due = DateTimeOffset.UnixEpoch;

    /// <summary>The exchange's own time, set once it exists.</summary>
    public Func<DateTimeOffset> Now { get; set; } = static () => DateTimeOffset.UnixEpoch;

    /// <summary>Hears every trade, too; set once it exists.</summary>
    public BinPublisher? Bins { get; set; }

    /// <summary>Keeps and publishes what happens to everybody; set once it exists.</summary>
    public VenueRecords? Records { get; set; }

    /// <summary>When public rows that are held back are due; null when none are.</summary>
    public DateTimeOffset? HeldUntil { get; private set; }

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

    /// <summary>
    /// Takes the rows of an account as they stand as published, before a new subscriber gets them as its partial: changes from now on are changes of
    /// them. Whoever listens already is told what it had not been told yet.
    /// </summary>
    public void Follow(string table, Account account)
    {
        switch (table)
        {
            case "order":
                foreach (var order in account.Orders.Where(order => order.IsOpen))
                {
                    if (!_orderRows.TryAdd(order, OrderTables.Order.Read(order))) Once(_changed, order);
                }

                break;
            case "position": _holdings.AddRange(account.Holdings.Where(holding => holding.IsUsed && !Took(AccountTables.Position, _positionRows, holding, holding))); break;
            case "margin": _wallets.AddRange(account.Wallets.Where(wallet => !Took(AccountTables.Margin, _marginRows, wallet, MarginRow.Of(wallet)))); break;
            case "wallet": _wallets.AddRange(account.Wallets.Where(wallet => !Took(AccountTables.Wallet, _walletRows, wallet, wallet))); break;
            default: return;
        }

        Flush();
    }

    public void OrderAdded(VenueOrder order)
    {
        if (Hears(OrderTables.Order, order.Instrument, order.Account)) _added.Add(order);
    }

    public void OrderChanged(VenueOrder order)
    {
        if (Hears(OrderTables.Order, order.Instrument, order.Account)) Once(_changed, order);
        else _orderRows.Remove(order);
    }

    public void Executed(Execution execution)
    {
        if (Hears(OrderTables.Execution, execution.Order.Instrument, execution.Order.Account)) _executions.Add(execution);
    }

    public void HoldingChanged(Holding holding)
    {
        if (Hears(AccountTables.Position, holding.Instrument, holding.Account)) Once(_holdings, holding);
        else _positionRows.Remove(holding);
    }

    public void MarginChanged(Wallet wallet)
    {
        var (margin, balance) = (Hears(AccountTables.Margin, wallet), Hears(AccountTables.Wallet, wallet));
        if (margin || balance) Once(_wallets, wallet);
        if (!margin) _marginRows.Remove(wallet);
        if (!balance) _walletRows.Remove(wallet);
    }

    public void Moved(TransactionRow row) => Records?.Put(row);

    public void Traded(Trade trade)
    {
        if (subscriptions.Any(MarketTables.Trade.Name, trade.Instrument.Symbol)) _trades.Add(trade);
        Bins?.Add(trade);
    }

    public void Quoted(QuoteRow quote)
    {
        if (subscriptions.Any(MarketTables.Quote.Name, quote.Instrument.Symbol)) _quotes.Add(quote);
    }

    public void InstrumentChanged(ListedInstrument instrument) => Once(_instruments, instrument);

    public void BookChanged(ListedInstrument instrument, List<LevelChange> changes)
    {
        if (!subscriptions.Any(MarketTables.Book.Name, instrument.Symbol)) return;
        var index = _books.FindIndex(book => book.Instrument == instrument);
        if (index < 0)
        {
            index = _books.Count;
            _books.Add((instrument, new HeldLevels()));
        }

        foreach (var change in changes) _books[index].Levels.Add(change, Now());
    }

    public void Funded(FundingRow funding) => Records?.Add(funding);

    public void Settled(SettlementRow settlement) => Records?.Add(settlement);

    public void Insured(InsuranceRow insurance) => Records?.Add(insurance);

    public void Liquidated(LiquidationRow liquidation) => Records?.Put(liquidation);

    public void Flush()
    {
        Inserts(OrderTables.Order, _added, static order => (order.Account.Number, order.Instrument.Symbol));
        foreach (var order in _added)
        {
            if (order.IsOpen) _orderRows[order] = OrderTables.Order.Read(order);
        }

        _added.Clear();
        Inserts(OrderTables.Execution, _executions, static execution => (execution.Order.Account.Number, execution.Order.Instrument.Symbol));
        _executions.Clear();
        FlushOrders();
        FlushPublic();
        foreach (var holding in _holdings) Update(AccountTables.Position, _positionRows, holding, AccountTables.Position.Read(holding), holding.Account.Number, holding.Instrument.Symbol);
        _holdings.Clear();
        foreach (var wallet in _wallets)
        {
            if (Hears(AccountTables.Margin, wallet)) Update(AccountTables.Margin, _marginRows, wallet, AccountTables.Margin.Read(MarginRow.Of(wallet)), wallet.Account.Number, null);
            if (Hears(AccountTables.Wallet, wallet)) Update(AccountTables.Wallet, _walletRows, wallet, AccountTables.Wallet.Read(wallet), wallet.Account.Number, null);
        }

        _wallets.Clear();
    }

    /// <summary>Sends the public rows that are held back when their time has come.</summary>
    public void FlushIfDue()
    {
        if (HeldUntil <= Now()) FlushHeld();
    }

    /// <summary>Sends the public rows that are held back: before anybody is shown what comes after them.</summary>
    public void FlushHeld()
    {
        if (HeldUntil is not null) SendPublic();
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

    private bool Hears<T>(Table<T> table, ListedInstrument instrument, Account account) => subscriptions.Any(table.Name, instrument.Symbol, account.Number);

    private bool Hears<T>(Table<T> table, Wallet wallet) => subscriptions.Any(table.Name, null, wallet.Account.Number);

    private static bool Took<TKey, T>(Table<T> table, Dictionary<TKey, FieldValue[]> rows, TKey key, T row)
        where TKey : class => !rows.ContainsKey(key) && rows.TryAdd(key, table.Read(row));

    private void FlushPublic()
    {
        if (_trades.Count + _books.Count + _quotes.Count + _instruments.Count == 0) return;
        if (_due > Now()) HeldUntil = _due;
        else SendPublic();
    }

    private void SendPublic()
    {
        HeldUntil = null;
        var earliest = Now() - Burst;
        _due = (_due > earliest ? _due : earliest) + Interval;
        Inserts(MarketTables.Trade, _trades, static trade => (0, trade.Instrument.Symbol));
        _trades.Clear();
        foreach (var (instrument, levels) in _books) SendBook(instrument, levels);
        _books.Clear();
        Inserts(MarketTables.Quote, _quotes, static quote => (0, quote.Instrument.Symbol));
        _quotes.Clear();
        foreach (var instrument in _instruments) SendInstrument(instrument);
        _instruments.Clear();
    }

    private void SendBook(ListedInstrument instrument, HeldLevels levels)
    {
        var table = MarketTables.Book;
        foreach (var action in (ReadOnlySpan<LevelAction>)[LevelAction.Delete, LevelAction.Update, LevelAction.Insert])
        {
            if (!levels.Has(action)) continue;
            subscriptions.Send(table.Name, Name(action), instrument.Symbol, 0, Json.Frame(table.Name, Name(action), (instrument, levels, action), static (writer, book) =>
            {
                foreach (var (change, time) in book.levels.Of(book.action)) MarketTables.Book.Write(writer, BookLevelRow.Of(book.instrument, change, time));
            }));
        }
    }

    private void SendInstrument(ListedInstrument instrument)
    {
        var (table, index) = (InstrumentTable.Instrument, instrument.Listing.IndexSymbol);
        if (subscriptions.Any(table.Name, instrument.Symbol)) Update(table, _instrumentRows, instrument, table.Read(instrument), 0, instrument.Symbol);
        else _instrumentRows.Remove(instrument);
        if (subscriptions.Any(table.Name, index)) Update(table, _indexRows, index, InstrumentTable.IndexRow(instrument), 0, index);
        else _indexRows.Remove(index);
    }

    /// <summary>A frame for each topic that rows are of, in the order of its first row.</summary>
    private void Inserts<T>(Table<T> table, List<T> rows, Func<T, (long Account, string Symbol)> topic)
    {
        if (rows.Count == 0) return;
        var first = topic(rows[0]);
        if (rows.TrueForAll(row => topic(row) == first))
        {
            Insert(table, rows, first);
            return;
        }

        foreach (var group in rows.GroupBy(topic)) Insert(table, [.. group], group.Key);
    }

    private void Insert<T>(Table<T> table, List<T> rows, (long Account, string Symbol) topic) =>
        subscriptions.Send(table.Name, "insert", topic.Symbol, topic.Account, Json.Frame(table.Name, "insert", (table, rows), static (writer, all) =>
        {
            foreach (var row in all.rows) all.table.Write(writer, row);
        }));

    private void FlushOrders()
    {
        if (_changed.Count == 0) return;
        foreach (var group in _changed.GroupBy(order => (order.Account.Number, order.Instrument.Symbol)))
        {
            _changes.Clear();
            foreach (var order in group)
            {
                if (!_orderRows.TryGetValue(order, out var before)) continue;
                var after = OrderTables.Order.Read(order);
                if (order.IsOpen) _orderRows[order] = after;
                else _orderRows.Remove(order);
                if (!before.AsSpan().SequenceEqual(after)) _changes.Add((before, after));
            }

            if (_changes.Count > 0) SendChanges(OrderTables.Order, group.Key.Number, group.Key.Symbol);
        }

        _changed.Clear();
    }

    private void SendChanges<T>(Table<T> table, long account, string? symbol) =>
        subscriptions.Send(table.Name, "update", symbol, account, Json.Frame(table.Name, "update", (table, _changes), static (writer, all) =>
        {
            foreach (var (before, after) in all._changes) all.table.WriteChange(writer, before, after);
        }));

    /// <summary>Publishes a row that lives on: whole when it was never published, otherwise what changed.</summary>
    private void Update<TKey, T>(Table<T> table, Dictionary<TKey, FieldValue[]> rows, TKey key, FieldValue[] after, long account, string? symbol)
        where TKey : class
    {
        var isNew = !rows.TryGetValue(key, out var before);
        rows[key] = after;
        if (isNew)
        {
            subscriptions.Send(table.Name, "insert", symbol, account, Json.Frame(table.Name, "insert", (table, after), static (writer, row) => row.table.Write(writer, row.after)));
            return;
        }

        if (before.AsSpan().SequenceEqual(after)) return;
        _changes.Clear();
        _changes.Add((before!, after));
        SendChanges(table, account, symbol);
    }
}
