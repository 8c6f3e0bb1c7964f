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
    private long _number = FirstAccount;

    private BackgroundMarket(Exchange exchange) => _exchange = exchange;

    /// <summary>Brings the traders in; in a cascade the index, too, falls and comes back from now on.</summary>
    public static void Start(Exchange exchange, MarketActivity activity)
    {
        if (activity == MarketActivity.None) return;
        var market = new BackgroundMarket(exchange);
        foreach (var instrument in exchange.Instruments)
        {
            if (instrument.Listing.Activity > 0) market.Fill(instrument, MarketPace.Of(activity).For(instrument.Listing.Activity));
        }

        if (activity != MarketActivity.Cascade) return;
        exchange.Prices.Source = new CascadeIndex(exchange.Prices.Source, exchange.Now, exchange.Random.Fork());
        foreach (var instrument in exchange.Instruments) market.Endanger(instrument);
    }

    private void Fill(ListedInstrument instrument, MarketPace pace)
    {
        for (var i = 0; i < MakersPerInstrument; i++)
        {
            var maker = new MarketMaker(_exchange, Open("maker", instrument), pace, _exchange.Random.Fork());
            maker.QuoteAll();
            _exchange.Repeat(maker.Act);
        }

        _exchange.Repeat(new Taker(_exchange, Open("taker", instrument), pace, _exchange.Random.Fork()).Act);
        _exchange.Repeat(new MomentumTrader(_exchange, Open("follower", instrument), pace, _exchange.Random.Fork()).Act);
    }

    private void Endanger(ListedInstrument instrument)
    {
        var isLeveraged = instrument.Definition is { MarkMethod: MarkMethod.FairPrice, Kind: ContractKind.Inverse or ContractKind.Linear or ContractKind.Quanto };
        if (!isLeveraged || instrument.Listing.Activity == 0) return;
        var count = Math.Max(1, (int)(LeveragedPerInstrument * instrument.Listing.Activity));
        for (var i = 0; i < count; i++)
        {
            var holding = _exchange.Open(_number++, "gambler", false, _ => 0).Holdings[instrument.Index];
            _exchange.Repeat(new LeveragedTrader(_exchange, holding, _exchange.Random.Fork()).Act);
        }
    }

    private Holding Open(string name, ListedInstrument instrument) =>
        _exchange.Open(_number++, name, false, Deposit).Holdings[instrument.Index];

    private static long Deposit(ListedCurrency currency) => currency.TraderDeposit;
}
