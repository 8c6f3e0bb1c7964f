using Actors.Venue.Snapshots;
using Actors.Venue.Tables;

namespace Actors.Venue.Wire;

/// <summary>
/// Keeps what happens to everybody (fundings, settlements, liquidations, the insurance fund, notices, chat) and the movements of wallets,
/// and publishes each. Whoever funds, settles or liquidates calls it, on the exchange's thread only. Each list forgets its oldest at a bound.
/// </summary>
internal sealed class VenueRecords(Subscriptions subscriptions)
{
    public const int Kept = 20_000;

    private readonly Dictionary<Guid, LiquidationRow> _liquidations = [];
    private long _users;

    public List<FundingRow> Fundings { get; } = [];

    public List<SettlementRow> Settlements { get; } = [];

    public List<InsuranceRow> Insurance { get; } = [];

    public List<AnnouncementRow> Announcements { get; } = [];

    public List<ChatRow> Chat { get; } = [];

    public List<TransactionRow> Transactions { get; } = [];

    /// <summary>The liquidations that work now.</summary>
    public IReadOnlyCollection<LiquidationRow> Liquidations => _liquidations.Values;

    public ConnectedRow Connected => new(1, _users, 0);

    public void Add(FundingRow row) => Insert(PublicTables.Funding, Fundings, row, row.Instrument.Symbol);

    public void Add(SettlementRow row) => Insert(PublicTables.Settlement, Settlements, row, row.Instrument.Symbol);

    public void Add(InsuranceRow row) => Insert(PublicTables.Insurance, Insurance, row, null);

    public void Add(AnnouncementRow row) => Insert(PublicTables.Announcement, Announcements, row, null);

    public void Add(ChatRow row) => Insert(PublicTables.Chat, Chat, row, row.Channel.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>A wallet's money moved, or a movement that is here already went on. Trading's own profit is told with the margin.</summary>
    public void Put(TransactionRow row)
    {
        var table = PublicTables.Transaction;
        var place = Transactions.FindLastIndex(known => known.Id == row.Id);
        if (place < 0)
        {
            Insert(table, Transactions, row, null, row.Account.Number);
            return;
        }

        var before = Transactions[place];
        Transactions[place] = row;
        if (!subscriptions.Any(table.Name, null, row.Account.Number)) return;
        subscriptions.Send(table.Name, "update", null, row.Account.Number, Json.Frame(table.Name, "update", writer => table.WriteChange(writer, table.Read(before), table.Read(row))));
    }

    /// <summary>A liquidation entered the book, was filled in part, or, with nothing left, is done.</summary>
    public void Put(LiquidationRow row)
    {
        var table = PublicTables.Liquidation;
        var isKnown = _liquidations.TryGetValue(row.OrderId, out var before);
        if (!isKnown && row.Leaves == 0) return;
        var action = !isKnown ? "insert" : row.Leaves == 0 ? "delete" : "update";
        if (row.Leaves == 0) _liquidations.Remove(row.OrderId);
        else _liquidations[row.OrderId] = row;
        subscriptions.Send(table.Name, action, row.Instrument.Symbol, 0, Json.Frame(table.Name, action, writer =>
        {
            if (isKnown) table.WriteChange(writer, table.Read(before!), table.Read(row));
            else table.Write(writer, table.Read(row));
        }));
    }

    /// <summary>Counts sockets that came or left.</summary>
    public bool Connect(int change)
    {
        _users += change;
        var table = PublicTables.Connected;
        if (!subscriptions.Any(table.Name, null)) return true;
        subscriptions.Send(table.Name, "update", null, 0, Json.Frame(table.Name, "update", writer => table.Write(writer, table.Read(Connected))));
        return true;
    }

    /// <summary>Passes everything but the sockets, of which none is open then.</summary>
    public void Pass(StateStream state)
    {
        state.List(Fundings, row => FundingRow.Pass(state, row));
        state.List(Settlements, row => SettlementRow.Pass(state, row));
        state.List(Insurance, row => InsuranceRow.Pass(state, row));
        state.List(Announcements, row => AnnouncementRow.Pass(state, row));
        state.List(Chat, row => ChatRow.Pass(state, row));
        state.List(Transactions, row => TransactionRow.Pass(state, row));
        var liquidations = _liquidations.Values.OrderBy(row => row.OrderId).ToList();
        state.List(liquidations, row => LiquidationRow.Pass(state, row));
        foreach (var row in liquidations) _liquidations[row.OrderId] = row;
    }

    private void Insert<T>(Table<T> table, List<T> rows, T row, string? symbol, long account = 0)
    {
        if (rows.Count >= Kept) rows.RemoveRange(0, Kept / 10);
        rows.Add(row);
        if (!subscriptions.Any(table.Name, symbol, account)) return;
        subscriptions.Send(table.Name, "insert", symbol, account, Json.Frame(table.Name, "insert", writer => table.Write(writer, table.Read(row))));
    }
}
