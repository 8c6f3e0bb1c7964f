using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Clearing;

/// <summary>An account's money in one currency, in minor units: what was deposited and what trading made of it.</summary>
internal sealed class Wallet(Account account, ListedCurrencyState currency, DateTimeOffset opened)
{
    public Account Account { get; } = account;

    public ListedCurrencyState Currency { get; } = currency;

    public long Deposited { get; private set; }

    /// <summary>Profit less commission and funding since the account was opened.</summary>
    public long RealisedPnl { get; private set; }

    /// <summary>What spot trades brought, less what they took away.</summary>
    public long Exchanged { get; private set; }

    public long TransferIn { get; set; }

    public long TransferOut { get; set; }

    /// <summary>What left the venue, fees included.</summary>
    public long Withdrawn { get; set; }

    /// <summary>What is asked to be withdrawn and was not confirmed, fees included.</summary>
    public long PendingDebit { get; set; }

    public long Balance => Amount + RealisedPnl;

    /// <summary>The balance without what trading made of it.</summary>
    public long Amount => Deposited + Exchanged + TransferIn - TransferOut - Withdrawn - PendingDebit;

    /// <summary>When the money was deposited.</summary>
    public DateTimeOffset Opened { get; private set; } = opened;

    /// <summary>When the margin last changed.</summary>
    public DateTimeOffset Timestamp { get; set; } = opened;

    public void Deposit(long amount) => Deposited += amount;

    public void Realise(long amount) => RealisedPnl += amount;

    public void Exchange(long amount) => Exchanged += amount;

    public void Pass(StateStream state)
    {
        Deposited = state.Pass(Deposited);
        RealisedPnl = state.Pass(RealisedPnl);
        Exchanged = state.Pass(Exchanged);
        TransferIn = state.Pass(TransferIn);
        TransferOut = state.Pass(TransferOut);
        Withdrawn = state.Pass(Withdrawn);
        PendingDebit = state.Pass(PendingDebit);
        Opened = state.Pass(Opened);
        Timestamp = state.Pass(Timestamp);
    }
}

/// <summary>
/// Owns one participant's orders, holdings and wallets. Background traders are accounts like others, only that nobody reads their
/// history, so none is kept (<see cref="KeepsHistory"/>). Closed orders and executions are kept up to a bound, the oldest forgotten
/// first.
/// </summary>
internal sealed class Account(long number, string name, bool keepsHistory)
{
    public const int OrdersKept = 20_000;
    public const int ExecutionsKept = 50_000;

    private readonly Dictionary<string, VenueOrder> _latestByClientId = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, VenueOrder> _byId = [];

    public long Number { get; } = number;

    public string Name { get; } = name;

    public bool KeepsHistory { get; } = keepsHistory;

    /// <summary>Whether margin is asked of it: the venue's own fund has to take what others cannot hold.</summary>
    public bool IsMargined { get; set; } = true;

    public List<Wallet> Wallets { get; } = [];

    /// <summary>One an instrument, in the order of the listing.</summary>
    public List<Holding> Holdings { get; } = [];

    /// <summary>The margin of each holding, side by side because they are always added up together.</summary>
    public MarginHolding[] Margins { get; set; } = [];

    /// <summary>Open and remembered closed orders, oldest first.</summary>
    public List<VenueOrder> Orders { get; } = [];

    public List<Execution> Executions { get; } = [];

    /// <summary>When the dead man's switch cancels everything; null while it is disarmed.</summary>
    public DateTimeOffset? CancelAllAt { get; set; }

    public Wallet Wallet(Currency currency) => Wallets.First(wallet => wallet.Currency.Currency == currency);

    public void Remember(VenueOrder order)
    {
        if (!KeepsHistory) return;
        if (Orders.Count >= OrdersKept) Forget();
        Orders.Add(order);
        _byId.Add(order.Id, order);
        Index(order);
    }

    /// <summary>Makes the order known by the client identifier that it has now.</summary>
    public void Index(VenueOrder order)
    {
        if (order.ClientId.Length > 0) _latestByClientId[order.ClientId] = order;
    }

    public VenueOrder? Find(Guid id) => _byId.GetValueOrDefault(id);

    /// <summary>The latest order that was given this client identifier, open or closed.</summary>
    public VenueOrder? Find(string clientId) => _latestByClientId.GetValueOrDefault(clientId);

    public void Remember(Execution execution)
    {
        if (!KeepsHistory) return;
        // A tenth at once, so that the cost of moving the rest is spread.
        if (Executions.Count >= ExecutionsKept) Executions.RemoveRange(0, ExecutionsKept / 10);
        Executions.Add(execution);
    }

    /// <summary>Every order that something of it names.</summary>
    public IEnumerable<VenueOrder> Known() => Orders.Concat(Holdings.SelectMany(holding => holding.Orders.Open)).Concat(Executions.Select(execution => execution.Order));

    /// <summary>Passes what it has; its orders have been passed.</summary>
    public void Pass(StateStream state)
    {
        CancelAllAt = state.Pass(CancelAllAt);
        foreach (var wallet in Wallets) wallet.Pass(state);
        foreach (var holding in Holdings) holding.Pass(state);
        state.List(Orders, order => state.Pass(order));
        state.List(Executions, execution => Execution.Pass(state, execution));
        if (state.IsReading) Orders.ForEach(order => _byId.Add(order.Id, order));
        // Which order a client's identifier means cannot be told from the orders: an amendment makes an older one the latest.
        var latest = _latestByClientId.OrderBy(entry => entry.Key, StringComparer.Ordinal).ToList();
        state.List(latest, entry => KeyValuePair.Create(state.Pass(entry.Key ?? ""), state.Pass(entry.Value)));
        foreach (var (id, order) in latest) _latestByClientId[id] = order;
    }

    private void Forget()
    {
        var excess = OrdersKept / 10;
        Orders.RemoveAll(order =>
        {
            if (order.IsOpen || excess <= 0) return false;
            excess--;
            _byId.Remove(order.Id);
            if (_latestByClientId.GetValueOrDefault(order.ClientId) == order) _latestByClientId.Remove(order.ClientId);
            return true;
        });
    }
}
