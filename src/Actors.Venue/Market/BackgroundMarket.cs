using Actors.Domain.Instruments;
using Actors.Venue.Clearing;
using Actors.Venue.Listing;
using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>
/// Fills the market with seeded traders, each an account like any other: makers that keep ladders around the fair value and lean against what
/// they hold, takers that hit in bursts, toward the fair value when a quote is stale, followers of the trend, and in a cascade those who hold
/// more than they can afford. They run inside the exchange's schedule, so that a run under a virtual clock repeats itself.
/// </summary>
internal sealed class BackgroundMarket
{
    /// <summary>Where the traders' account numbers begin.</summary>
    public const long FirstAccount = 900_001;

    private const int MakersPerInstrument = 2;

    /// <summary>Where an instrument is fully active; elsewhere its part of them, and one at least.</summary>
    private const int LeveragedPerInstrument = 12;

    private readonly Exchange _exchange;
    private readonly IIndexSource _index;
    private readonly List<Account> _accounts = [];
    private readonly List<ITrader> _traders = [];
    private readonly MarketActivity _activity;
    private readonly long _first;
    private bool _isRestored;

    private BackgroundMarket(Exchange exchange, MarketActivity activity, long firstNumber)
    {
        (_exchange, _activity, _first) = (exchange, activity, firstNumber);
        _index = exchange.Prices.Source;
        // What traders that went home still had to do falls to nobody.
        exchange.OnRepeated(ExchangeTask.Trader, number => number < firstNumber ? null : _traders[(int)(number - firstNumber)].Act());
    }

    /// <summary>Brings the traders in; in a cascade the index, too, falls and comes back from now on.</summary>
    public static BackgroundMarket Start(Exchange exchange, MarketActivity activity) =>
        new BackgroundMarket(exchange, activity, FirstAccount).Begin(exchange.Random);

    /// <summary>
    /// Sends these traders home, their orders canceled and their positions with them, and brings others in, of their own seed.
    /// </summary>
    public BackgroundMarket ChangeTo(MarketActivity activity, long seed)
    {
        _exchange.Prices.Source = _index;
        foreach (var account in _accounts)
        {
            foreach (var holding in account.Holdings) _exchange.Orders.CancelEach([.. holding.Orders.Open], "The market changed.");
        }

        return new BackgroundMarket(_exchange, activity, _first + _accounts.Count).Begin(new SeededRandom(seed));
    }

    /// <summary>Passes the traders; when reading, into a new market whose accounts are there already.</summary>
    public static BackgroundMarket? Pass(StateStream state, BackgroundMarket? market)
    {
        if (!state.Pass(market is not null)) return null;
        var (activity, first) = (state.Pass(market?._activity ?? default), state.Pass(market?._first ?? 0));
        market ??= new BackgroundMarket(state.Exchange, activity, first) { _isRestored = true }.Begin(new SeededRandom(0));
        foreach (var trader in market._traders) trader.Pass(state);
        market._isRestored = false;
        return market;
    }

    private BackgroundMarket Begin(SeededRandom random)
    {
        if (_activity == MarketActivity.None) return this;
        foreach (var instrument in _exchange.Instruments)
        {
            if (instrument.Listing.Activity > 0) Fill(instrument, MarketPace.Of(_activity).For(instrument.Listing.Activity), random);
        }

        if (_activity != MarketActivity.Cascade) return this;
        _exchange.Prices.Source = new CascadeIndex(_exchange.Prices.Source, _exchange.Now, random.Fork());
        foreach (var instrument in _exchange.Instruments) Endanger(instrument, random);
        return this;
    }

    private void Fill(ListedInstrument instrument, MarketPace pace, SeededRandom random)
    {
        for (var i = 0; i < MakersPerInstrument; i++)
        {
            var maker = new MarketMaker(_exchange, Open("maker", instrument), pace, random.Fork());
            if (!_isRestored) maker.QuoteAll();
            Enter(maker);
        }

        Enter(new Taker(_exchange, Open("taker", instrument), pace, random.Fork()));
        Enter(new MomentumTrader(_exchange, Open("follower", instrument), pace, random.Fork()));
    }

    private void Endanger(ListedInstrument instrument, SeededRandom random)
    {
        var isLeveraged = instrument.Definition is { MarkMethod: MarkMethod.FairPrice, Kind: ContractKind.Inverse or ContractKind.Linear or ContractKind.Quanto };
        if (!isLeveraged || instrument.Listing.Activity == 0) return;
        var count = Math.Max(1, (int)(LeveragedPerInstrument * instrument.Listing.Activity));
        for (var i = 0; i < count; i++)
        {
            var holding = Open("gambler", instrument, static _ => 0);
            Enter(new LeveragedTrader(_exchange, holding, random.Fork()));
        }
    }

    private void Enter(ITrader trader)
    {
        _traders.Add(trader);
        if (!_isRestored) _exchange.At(_exchange.Now, ExchangeTask.Trader, _first + _traders.Count - 1);
    }

    private Holding Open(string name, ListedInstrument instrument, Func<ListedCurrency, long>? deposit = null)
    {
        var number = _first + _accounts.Count;
        var account = _isRestored
            ? _exchange.Accounts.First(account => account.Number == number)
            : _exchange.Open(number, name, false, deposit ?? (static currency => currency.TraderDeposit));
        _accounts.Add(account);
        return account.Holdings[instrument.Index];
    }
}
