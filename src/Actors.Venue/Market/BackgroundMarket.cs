using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>How often and how much the background traders act. Waits are drawn evenly between the two bounds.</summary>
internal sealed record MarketPace(
    int MakerWaitMin,
    int MakerWaitMax,
    int OrdersPerTurn,
    int Depth,
    int StepTicks,
    int TakerWaitMin,
    int TakerWaitMax,
    int BurstMax)
{
    public static readonly MarketPace Quiet = new(400, 900, 3, 8, 4, 500, 1_500, 3);

    public static readonly MarketPace Busy = new(25, 55, 3, 25, 2, 40, 160, 4);
}

/// <summary>
/// Fills the market with seeded traders, each an account like any other: makers that keep ladders around the mark and lean against what
/// they hold, and takers that hit in bursts, toward the mark when a quote is stale. They run inside the exchange's schedule, so that a
/// run under a virtual clock repeats itself.
/// </summary>
internal static class BackgroundMarket
{
    private const long FirstAccount = 900_001;
    private const int MakersPerInstrument = 2;

    public static void Start(Exchange exchange, MarketActivity activity)
    {
        if (activity == MarketActivity.None) return;
        var pace = activity == MarketActivity.Busy ? MarketPace.Busy : MarketPace.Quiet;
        var number = FirstAccount;
        foreach (var instrument in exchange.Instruments)
        {
            for (var i = 0; i < MakersPerInstrument; i++)
            {
                var account = exchange.Open(number++, "maker", false, currency => currency.TraderDeposit);
                var maker = new MarketMaker(exchange, account.Holdings[instrument.Index], pace, exchange.Random.Fork());
                maker.QuoteAll();
                exchange.Repeat(maker.Act);
            }

            var taking = exchange.Open(number++, "taker", false, currency => currency.TraderDeposit);
            exchange.Repeat(new Taker(exchange, taking.Holdings[instrument.Index], pace, exchange.Random.Fork()).Act);
        }
    }
}
