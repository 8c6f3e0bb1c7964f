using Actors.Domain.Margin;
using Actors.Venue.Clearing;
using Actors.Venue.Listing;
using Actors.Venue.Market;
using Actors.Venue.Matching;
using Actors.Venue.Snapshots;

namespace Actors.Venue.Trading;

/// <summary>
/// Owns the whole state of the venue: instruments, books, accounts and their money. Not thread-safe: whoever holds it calls it from one
/// thread, in the order in which requests arrived. Time and randomness come from outside, so that the same seed and the same inputs at
/// the same moments give the same run, identifiers included.
/// </summary>
internal sealed class Exchange
{
    // A process that was suspended must not replay hours of market: tasks that are later than this run once and go on from now.
    public static readonly TimeSpan LagMax = TimeSpan.FromSeconds(5);

    private readonly Action<ScheduledTask>?[] _duties = new Action<ScheduledTask>?[Enum.GetValues<ExchangeTask>().Length + 1];
    private readonly List<LevelChange> _changes = [];
    private readonly SortedSet<int> _batched = [];
    private bool _isBatch;

    public Exchange(VenueListing listing, long seed, DateTimeOffset start, IExchangeObserver observer)
    {
        Now = ToMilliseconds(start);
        Started = Now;
        Observer = observer;
        Random = new SeededRandom(seed);
        Identifiers = new Identifiers(unchecked((seed * 1_000_003) ^ Now.Ticks));
        Currencies = [.. listing.Currencies.Select(currency => new ListedCurrencyState(currency))];
        Instruments = [.. listing.Instruments.Select((row, index) => new ListedInstrument(row, Scale(listing, row), index, Identifiers.NextLevel))];
        Clearing = new Clearinghouse(this);
        Orders = new OrderEntry(this);
        Switch = new DeadMansSwitch(this);
        Prices = new ReferencePrices(this);
        Funding = new FundingClock(this);
        Settlement = new SettlementClock(this);
        Liquidation = new LiquidationDesk(this);
        Wallets = new WalletDesk(this);
    }

    public DateTimeOffset Started { get; }

    /// <summary>The moment of the input or task being worked on, whole milliseconds.</summary>
    public DateTimeOffset Now { get; private set; }

    public IExchangeObserver Observer { get; }

    public SeededRandom Random { get; }

    public Identifiers Identifiers { get; }

    public IReadOnlyList<ListedCurrencyState> Currencies { get; }

    public IReadOnlyList<ListedInstrument> Instruments { get; }

    public List<Account> Accounts { get; } = [];

    public Clearinghouse Clearing { get; }

    public OrderEntry Orders { get; }

    public DeadMansSwitch Switch { get; }

    public ReferencePrices Prices { get; }

    public FundingClock Funding { get; }

    public SettlementClock Settlement { get; }

    public LiquidationDesk Liquidation { get; }

    public WalletDesk Wallets { get; }

    /// <summary>The background traders; null before they were brought in, and where a recorded session takes their place.</summary>
    public BackgroundMarket? Market { get; set; }

    /// <summary>What is still to be done.</summary>
    public Schedule Schedule { get; } = new();

    /// <summary>Tasks that were done since the exchange was made: a measure of the work that it was to come here.</summary>
    public long TasksDone { get; private set; }

    /// <summary>When something happens without an input; null for never.</summary>
    public DateTimeOffset? NextDue => Schedule.Next;

    public ListedInstrument? Find(string symbol) =>
        Instruments.FirstOrDefault(instrument => string.Equals(instrument.Symbol, symbol, StringComparison.OrdinalIgnoreCase));

    /// <summary>Opens an account with a deposit in every currency, in minor units.</summary>
    public Account Open(long number, string name, bool keepsHistory, Func<ListedCurrency, long> deposit)
    {
        var account = new Account(number, name, keepsHistory);
        foreach (var currency in Currencies)
        {
            var wallet = new Wallet(account, currency, Now);
            var amount = deposit(currency.Listing);
            wallet.Deposit(amount);
            currency.Deposits += amount;
            account.Wallets.Add(wallet);
        }

        account.Margins = [.. Instruments.Select(instrument => new MarginHolding(instrument.Terms).WithMark(instrument.MarkPrice))];
        account.Holdings.AddRange(Instruments.Select(instrument => new Holding(account, instrument) { Timestamp = Now }));
        Accounts.Add(account);
        return account;
    }

    /// <summary>Sets the first prices and starts everything that goes on by itself, but for the background market.</summary>
    public void Start()
    {
        Funding.Start();
        Settlement.Start();
        Prices.Start();
        Liquidation.Start();
    }

    /// <summary>Says what a task does; whoever asks for it with <see cref="At"/> has said so before.</summary>
    public void On(ExchangeTask task, Action<ScheduledTask> duty) => _duties[(int)task] = duty;

    /// <summary>Says what a task does that comes again after the time that it returns each time; null ends it.</summary>
    public void OnRepeated(ExchangeTask task, Func<long, TimeSpan?> duty) => On(task, scheduled =>
    {
        if (duty(scheduled.Number) is not { } wait) return;
        var next = scheduled.Due + wait;
        At(next < Now ? Now + wait : next, task, scheduled.Number);
    });

    /// <summary>Asks for a task at a moment; one that has passed is now.</summary>
    public void At(DateTimeOffset due, ExchangeTask task, long number = 0) => Schedule.Add(new ScheduledTask(task, number, due));

    /// <summary>Does everything that was due up to <paramref name="now"/>, each at its own moment. Time never goes back.</summary>
    public void Advance(DateTimeOffset now)
    {
        now = ToMilliseconds(now);
        while (Schedule.TryTake(now, out var task))
        {
            if (task.Due > Now) Now = task.Due < now - LagMax ? now : task.Due;
            TasksDone++;
            (_duties[(int)task.Task] ?? throw new InvalidOperationException($"nobody does {task.Task}"))(task);
        }

        if (now > Now) Now = now;
    }

    /// <summary>Tells the observer what changed in a book since the last time, and its new best bid and offer.</summary>
    public void PublishBook(ListedInstrument instrument)
    {
        if (_isBatch)
        {
            _batched.Add(instrument.Index);
            return;
        }

        instrument.Book.Publish(_changes);
        if (_changes.Count == 0) return;
        Observer.BookChanged(instrument, _changes);
        if (instrument.NewQuote(Now) is { } quote) Observer.Quoted(quote);
    }

    /// <summary>Ends what belongs together, unless a batch goes on.</summary>
    public void Flush()
    {
        if (!_isBatch) Observer.Flush();
    }

    /// <summary>Runs several changes as one instant: levels are published once each, after the last.</summary>
    public void Batch(Action changes)
    {
        _isBatch = true;
        changes();
        _isBatch = false;
        foreach (var index in _batched) PublishBook(Instruments[index]);
        _batched.Clear();
        Flush();
    }

    /// <summary>
    /// Passes the whole state. When reading, this exchange is new: it was not started, and has the accounts that it was opened with.
    /// </summary>
    public void Pass(StateStream state)
    {
        Now = state.Pass(Now);
        TasksDone = state.Pass(TasksDone);
        Random.Pass(state);
        Identifiers.Pass(state);
        foreach (var currency in Currencies) currency.Pass(state);
        PassAccounts(state);
        state.Orders(Accounts.SelectMany(account => account.Known()).Concat(Liquidation.Known()));
        state.End("orders");
        foreach (var instrument in Instruments)
        {
            instrument.Pass(state);
            instrument.Book.Pass(state, state.Pass, static (order, handle) => order.Handle = handle);
        }

        foreach (var account in Accounts) account.Pass(state);
        state.End("accounts");
        if (state.IsReading) Arm();
        Orders.Pass(state);
        Liquidation.Pass(state);
        Wallets.Pass(state);
        Market = BackgroundMarket.Pass(state, Market);
        Prices.Source.Pass(state);
        PassSchedule(state);
        state.End("exchange");
    }

    /// <summary>Opens accounts that came later than the first ones.</summary>
    private void PassAccounts(StateStream state)
    {
        var count = state.Count(Accounts.Count);
        for (var i = 0; i < count; i++)
        {
            var known = i < Accounts.Count ? Accounts[i] : null;
            var (number, name, keepsHistory) = (state.Pass(known?.Number ?? 0), state.Pass(known?.Name ?? ""), state.Pass(known?.KeepsHistory ?? false));
            if (known is null) Open(number, name, keepsHistory, static _ => 0);
            else if (known.Number != number) throw new InvalidDataException($"expected account {known.Number}, found {number}");
        }
    }

    /// <summary>Puts the orders that wait for a price back where they wait.</summary>
    private void Arm()
    {
        foreach (var order in Accounts.SelectMany(account => account.Holdings).SelectMany(holding => holding.Orders.Open))
        {
            if (order.IsArmed) order.Instrument.Triggers.Add(order);
        }
    }

    private void PassSchedule(StateStream state)
    {
        var waiting = Schedule.Waiting.ToList();
        state.List(waiting, task => new ScheduledTask(state.Pass(task.Task), state.Pass(task.Number), state.Pass(task.Due)));
        if (!state.IsReading) return;
        Schedule.Clear();
        foreach (var task in waiting) Schedule.Add(task);
    }

    private static int Scale(VenueListing listing, InstrumentListing row) =>
        listing.Currencies.First(currency => currency.Code == row.SettlementCurrency).Scale;

    private static DateTimeOffset ToMilliseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
