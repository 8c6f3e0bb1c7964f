using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Clearing;
using Actors.Venue.Listing;
using Actors.Venue.Matching;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Trading;

/// <summary>An exchange without wire, on a virtual clock, that records what it tells.</summary>
internal sealed class ExchangeFixture : IExchangeObserver
{
    public static readonly DateTimeOffset Start = new(2026, 10, 1, 12, 0, 0, TimeSpan.Zero);

    public ExchangeFixture(long seed = 1)
    {
        Exchange = new Exchange(ListingFile.Read(ListingPath), seed, Start, this);
        Alice = Exchange.Open(1, "alice", true, currency => currency.DemoDeposit);
        Bob = Exchange.Open(2, "bob", true, currency => currency.DemoDeposit);
    }

    public static string ListingPath { get; } = FindListing();

    public Exchange Exchange { get; }

    public Account Alice { get; }

    public Account Bob { get; }

    /// <summary>Everything told, one line an event.</summary>
    public List<string> Told { get; } = [];

    public OrderOutcome Place(Account account, string symbol, Side side, long quantity, decimal? price, TimeInForce timeInForce = TimeInForce.GoodTillCancel, OrderFlags flags = OrderFlags.None, string clientId = "") =>
        Exchange.Orders.Place(account, new NewOrder(symbol, side, quantity, price, price is null ? OrderType.Market : OrderType.Limit, timeInForce, flags, clientId, ""));

    public VenueOrder Accepted(Account account, string symbol, Side side, long quantity, decimal? price, TimeInForce timeInForce = TimeInForce.GoodTillCancel, OrderFlags flags = OrderFlags.None)
    {
        var outcome = Place(account, symbol, side, quantity, price, timeInForce, flags);
        Assert.Null(outcome.Refusal);
        return outcome.Order!;
    }

    /// <summary>Lets the market run to a moment after the start, in steps that a living venue would have.</summary>
    public void RunTo(TimeSpan elapsed)
    {
        while (Exchange.Now < Start + elapsed) Exchange.Advance(Exchange.Now.AddMilliseconds(50));
    }

    /// <summary>Fails when a book is crossed, positions do not sum to zero, or money was made or lost; the message holds <paramref name="what"/>.</summary>
    public void AssertSound(string what)
    {
        foreach (var instrument in Exchange.Instruments)
        {
            var holdings = Exchange.Accounts.Select(account => account.Holdings[instrument.Index]).ToList();
            Assert.True(instrument.Book.Best(Side.Buy) is not { } bid || instrument.Book.Best(Side.Sell) is not { } ask || bid < ask, $"{instrument.Symbol} is crossed: {what}");
            Assert.True(holdings.Sum(holding => holding.Position.Quantity.Contracts) == 0, $"positions of {instrument.Symbol} do not sum to zero: {what}");
            Assert.True(holdings.Sum(holding => Math.Max(0, holding.Position.Quantity.Contracts)) == instrument.OpenInterest, $"open interest: {what}");
        }

        foreach (var currency in Exchange.Currencies)
        {
            var wallets = Exchange.Accounts.Sum(account => account.Wallet(currency.Currency).Balance);
            var unrealised = Exchange.Accounts.SelectMany(account => account.Holdings)
                .Where(holding => holding.Instrument.Definition.Settlement == currency.Currency).Sum(holding => holding.UnrealisedPnl);
            Assert.True(wallets + unrealised + currency.Fees == currency.Deposits, $"{currency.Currency} is not conserved: {what}");
        }
    }

    void IExchangeObserver.OrderAdded(VenueOrder order) => Tell($"order+ {order.Id} {order.Status}");

    void IExchangeObserver.OrderChanged(VenueOrder order) => Tell($"order {order.Id} {order.Status} {order.Leaves} {order.IsWorking}");

    void IExchangeObserver.Executed(Execution execution) => Tell($"execution {execution.Id} {execution.Kind} {execution.Fill}");

    void IExchangeObserver.HoldingChanged(Holding holding) => Tell($"position {holding.Account.Number} {holding.Position}");

    void IExchangeObserver.MarginChanged(Wallet wallet) => Tell($"margin {wallet.Account.Number} {MarginRules.Of(wallet)}");

    void IExchangeObserver.Traded(Trade trade) => Tell($"trade {trade.Id} {trade.Taker} {trade.Quantity} {trade.Price} {trade.TickDirection}");

    void IExchangeObserver.BookChanged(ListedInstrument instrument, List<LevelChange> changes) => Tell($"book {instrument.Symbol} {string.Join(' ', changes)}");

    void IExchangeObserver.Quoted(QuoteRow quote) => Tell($"quote {quote.Instrument.Symbol} {quote.BidPrice} {quote.AskPrice}");

    void IExchangeObserver.InstrumentChanged(ListedInstrument instrument) => Tell($"instrument {instrument.Symbol} {instrument.MarkPrice}");

    void IExchangeObserver.Flush()
    {
    }

    private void Tell(string what) => Told.Add(string.Create(CultureInfo.InvariantCulture, $"{Exchange?.Now:O} {what}"));

    private static string FindListing()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Actors.sln"))) directory = Path.GetDirectoryName(directory)!;
        return Path.Combine(directory, "config", "venue-instruments.json");
    }
}
