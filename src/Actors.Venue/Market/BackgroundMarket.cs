using Actors.Domain.Instruments;
using Actors.Venue.Clearing;
using Actors.Venue.Listing;
using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>
/// Fills the market with seeded traders, each an account like any other: makers that keep ladders around the fair value and lean against what
/// they hold, takers that hit in bursts, toward the fair value when a quote is stale, followers of the trend, and in a cascade those who hold
/// more than they can afford. They run inside the exchange's schedule, so that a run under a virtual clock repeats itself.
/// </summary>
internal sealed class BackgroundMarket
{
    private const long FirstAccount = 900_001;
    private const int MakersPerInstrument = 2;

    /// <summary>Where an instrument is fully active; elsewhere its part of them, and one at least.</summary>
    private const int LeveragedPerInstrument = 12;

    private readonly Exchange _exchange;
    private readonly SeededRandom _random;
    private readonly IIndexSource _index;
    private readonly List<Account> _accounts = [];
    private long _number;
    private bool _stopped;

    private BackgroundMarket(Exchange exchange, SeededRandom random, long firstNumber)
    {
        (_exchange, _random, _number) = (exchange, random, firstNumber);
        _index = exchange.Prices.Source;
    }

    /// <summary>Brings the traders in; in a cascade the index, too, falls and comes back from now on.</summary>
    public static BackgroundMarket Start(Exchange exchange, MarketActivity activity) =>
        new BackgroundMarket(exchange, exchange.Random, FirstAccount).Begin(activity);

    /// <summary>
    /// Sends these traders home, their orders canceled and their positions with them, and brings others in, of their own seed.
    /// </summary>
    public BackgroundMarket ChangeTo(MarketActivity activity, long seed)
    {
        _stopped = true;
        _exchange.Prices.Source = _index;
        foreach (var account in _accounts)
        {
            foreach (var holding in account.Holdings) _exchange.Orders.CancelEach([.. holding.Orders.Open], "The market changed.");
        }

        return new BackgroundMarket(_exchange, new SeededRandom(seed), _number).Begin(activity);
    }

    private BackgroundMarket Begin(MarketActivity activity)
    {
        if (activity == MarketActivity.None) return this;
        foreach (var instrument in _exchange.Instruments)
        {
            if (instrument.Listing.Activity > 0) Fill(instrument, MarketPace.Of(activity).For(instrument.Listing.Activity));
        }

        if (activity != MarketActivity.Cascade) return this;
        _exchange.Prices.Source = new CascadeIndex(_exchange.Prices.Source, _exchange.Now, _random.Fork());
        foreach (var instrument in _exchange.Instruments) Endanger(instrument);
        return this;
    }

    private void Fill(ListedInstrument instrument, MarketPace pace)
    {
        for (var i = 0; i < MakersPerInstrument; i++)
        {
            var maker = new MarketMaker(_exchange, Open("maker", instrument), pace, _random.Fork());
            maker.QuoteAll();
            Repeat(maker.Act);
        }

        Repeat(new Taker(_exchange, Open("taker", instrument), pace, _random.Fork()).Act);
        Repeat(new MomentumTrader(_exchange, Open("follower", instrument), pace, _random.Fork()).Act);
    }

    private void Endanger(ListedInstrument instrument)
    {
        var isLeveraged = instrument.Definition is { MarkMethod: MarkMethod.FairPrice, Kind: ContractKind.Inverse or ContractKind.Linear or ContractKind.Quanto };
        if (!isLeveraged || instrument.Listing.Activity == 0) return;
        var count = Math.Max(1, (int)(LeveragedPerInstrument * instrument.Listing.Activity));
        for (var i = 0; i < count; i++)
        {
            var holding = Open("gambler", instrument, static _ => 0);
            Repeat(new LeveragedTrader(_exchange, holding, _random.Fork()).Act);
        }
    }

    private void Repeat(Func<TimeSpan?> act) => _exchange.Repeat(() => _stopped ? null : act());

    private Holding Open(string name, ListedInstrument instrument, Func<ListedCurrency, long>? deposit = null)
    {
        var account = _exchange.Open(_number++, name, false, deposit ?? (static currency => currency.TraderDeposit));
        _accounts.Add(account);
        return account.Holdings[instrument.Index];
    }
}
