using Actors.Domain.Margin;
using Actors.Venue.Clearing;
using Actors.Venue.Listing;
using Actors.Venue.Market;
using Actors.Venue.Matching;

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

    private readonly Schedule _schedule = new();
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

    /// <summary>The background traders; null before they were brought in, and where a recorded session takes their place.</summary>
    public BackgroundMarket? Market { get; set; }

    /// <summary>When something happens without an input; null for never.</summary>
    public DateTimeOffset? NextDue => _schedule.Next;

    public ListedInstrument? Find(string symbol) =>
        Instruments.FirstOrDefault(instrument => string.Equals(instrument.Symbol, symbol, StringComparison.OrdinalIgnoreCase));

    /// <summary>Opens an account with a deposit in every currency, in minor units.</summary>
    public Account Open(long number, string name, bool keepsHistory, Func<ListedCurrency, long> deposit)
    {
        var account = new Account(number, name, keepsHistory);
        foreach (var currency in Currencies)
        {
            var wallet = new Wallet(account, currency) { Opened = Now, Timestamp = Now };
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

    public void At(DateTimeOffset due, Action task) => _schedule.At(due, task);

    /// <summary>Runs <paramref name="task"/> now and again after the time that it returns each time; null ends it.</summary>
    public void Repeat(Func<TimeSpan?> task) => At(Now, () => Repeated(Now, task));

    /// <summary>Does everything that was due up to <paramref name="now"/>, each at its own moment. Time never goes back.</summary>
    public void Advance(DateTimeOffset now)
    {
        now = ToMilliseconds(now);
        while (_schedule.TryTake(now, out var due, out var task))
        {
            if (due > Now) Now = due < now - LagMax ? now : due;
            task();
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

    private void Repeated(DateTimeOffset due, Func<TimeSpan?> task)
    {
        if (task() is not { } wait) return;
        var next = due + wait;
        if (next < Now) next = Now + wait;
        At(next, () => Repeated(next, task));
    }

    private static int Scale(VenueListing listing, InstrumentListing row) =>
        listing.Currencies.First(currency => currency.Code == row.SettlementCurrency).Scale;

    private static DateTimeOffset ToMilliseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
