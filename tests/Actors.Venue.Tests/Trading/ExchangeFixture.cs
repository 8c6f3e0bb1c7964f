using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Clearing;
using Actors.Venue.Listing;
using Actors.Venue.Matching;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Trading;

/// <summary>An exchange without wire, on a virtual clock, that records what it tells.</summary>
internal sealed class ExchangeFixture : IExchangeObserver
{
    public static readonly DateTimeOffset Start = new(2026, 10, 1, 12, 0, 0, TimeSpan.Zero);

    public ExchangeFixture(long seed = 1)
    {
        Exchange = new Exchange(ListingFile.Read(ListingPath, Start), seed, Start, this);
        Alice = Exchange.Open(1, "alice", true, currency => currency.DemoDeposit);
        Bob = Exchange.Open(2, "bob", true, currency => currency.DemoDeposit);
    }

    public static string ListingPath { get; } = FindListing();

    public Exchange Exchange { get; }

    public Account Alice { get; }

    public Account Bob { get; }

    /// <summary>Everything told, one line an event.</summary>
    public List<string> Told { get; } = [];

    /// <summary>Side of the taker, contracts and price in ticks of each trade.</summary>
    public List<(Side Taker, long Quantity, long Ticks)> Tape { get; } = [];

    /// <summary>Called with each execution of alice's and bob's, right after it happened.</summary>
    public Action<Execution>? OnExecution { get; set; }

    /// <summary>The instrument of most cases: lots of 100, ticks of a half, a mark of 96500 at the start.</summary>
    public ListedInstrument Bitcoin => Exchange.Instruments[0];

    public OrderOutcome Place(
        Account account,
        string symbol,
        Side? side,
        long? quantity,
        decimal? price,
        TimeInForce? timeInForce = null,
        ExecutionInstructions instructions = ExecutionInstructions.None,
        string clientId = "",
        Func<NewOrder, NewOrder>? change = null)
    {
        var type = price is null ? VenueOrderType.Market : VenueOrderType.Limit;
        var request = new NewOrder(symbol, side, quantity, price, type, timeInForce, instructions, clientId, "");
        return Exchange.Orders.Place(account, change?.Invoke(request) ?? request);
    }

    public VenueOrder Accepted(
        Account account,
        string symbol,
        Side? side,
        long? quantity,
        decimal? price,
        TimeInForce? timeInForce = null,
        ExecutionInstructions instructions = ExecutionInstructions.None,
        Func<NewOrder, NewOrder>? change = null)
    {
        var outcome = Place(account, symbol, side, quantity, price, timeInForce, instructions, change: change);
        Assert.Null(outcome.Refusal);
        return outcome.Order!;
    }

    /// <summary>Places an order of alice's that waits for its trigger.</summary>
    public VenueOrder Stop(
        VenueOrderType type,
        Side side,
        long? quantity,
        decimal stop,
        decimal? price = null,
        ExecutionInstructions instructions = ExecutionInstructions.None,
        Func<NewOrder, NewOrder>? change = null) =>
        Accepted(Alice, "XBTUSD", side, quantity, price, null, instructions, request =>
        {
            var waiting = request with { Type = type, StopPrice = stop };
            return change?.Invoke(waiting) ?? waiting;
        });

    /// <summary>Sets index and mark of bitcoin to the same price, as when nothing is left until the next funding.</summary>
    public void Mark(decimal price)
    {
        Bitcoin.IndexPrice = price;
        Bitcoin.MarkPrice = price;
        Exchange.Clearing.Remark(Bitcoin);
        Exchange.Orders.PriceChanged(Bitcoin);
    }

    /// <summary>Trades a hundred contracts between two strangers at a price, with no order left.</summary>
    public void Trade(decimal price)
    {
        var (one, other) = (Stranger(900), Stranger(901));
        Accepted(one, "XBTUSD", Side.Sell, 100, price);
        Accepted(other, "XBTUSD", Side.Buy, 100, price, TimeInForce.ImmediateOrCancel);
    }

    /// <summary>Gives alice a position of bitcoin contracts, negative for a short one.</summary>
    public void GivePosition(long contracts, decimal price = 50_000m)
    {
        var side = contracts > 0 ? Side.Buy : Side.Sell;
        Accepted(Stranger(900), "XBTUSD", side.Opposite(), Math.Abs(contracts), price);
        Accepted(Alice, "XBTUSD", side, Math.Abs(contracts), price, TimeInForce.ImmediateOrCancel);
    }

    public Account Stranger(long number) =>
        Exchange.Accounts.Find(account => account.Number == number) ?? Exchange.Open(number, "stranger", false, currency => currency.TraderDeposit);

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
            Assert.True(wallets + unrealised + currency.Fees + currency.Withdrawn == currency.Deposits, $"{currency.Currency} is not conserved: {what}");
        }
    }

    /// <summary>Fails when a holding reserves anything else than what its working orders need.</summary>
    public void AssertReserved(string what)
    {
        foreach (var holding in Exchange.Accounts.SelectMany(account => account.Holdings))
        {
            var working = holding.Orders.Open.Where(order => order is { IsWorking: true, PriceTicks: not null }).ToList();
            foreach (var side in (Side[])[Side.Buy, Side.Sell])
            {
                var own = working.Where(order => order.Side == side).ToList();
                var quantity = side == Side.Buy ? holding.OpenBuyQuantity : holding.OpenSellQuantity;
                var cost = side == Side.Buy ? holding.OpenBuyCost : holding.OpenSellCost;
                Assert.True(quantity == own.Sum(order => order.Leaves), $"{side} quantity reserved in {holding.Instrument.Symbol}: {what}");
                var worth = own.Sum(order => ContractValue.Value(holding.Instrument.Definition, new Quantity(order.Leaves), new Price(order.PriceTicks!.Value)));
                Assert.True(cost == worth, $"{side} cost reserved in {holding.Instrument.Symbol}: {what}");
            }
        }
    }

    void IExchangeObserver.OrderAdded(VenueOrder order) => Tell($"order+ {order.Id} {order.Status}");

    void IExchangeObserver.OrderChanged(VenueOrder order) => Tell($"order {order.Id} {order.Status} {order.Leaves} {order.IsWorking}");

    void IExchangeObserver.Executed(Execution execution)
    {
        OnExecution?.Invoke(execution);
        Tell($"execution {execution.Id} {execution.Kind} {execution.Fill}");
    }

    void IExchangeObserver.HoldingChanged(Holding holding) => Tell($"position {holding.Account.Number} {holding.Position}");

    void IExchangeObserver.MarginChanged(Wallet wallet) => Tell($"margin {wallet.Account.Number} {WalletMargin.Of(wallet)}");

    void IExchangeObserver.Moved(TransactionRow row) => Tell($"moved {row.Id} {row.Kind} {row.Status} {row.Amount} {row.Balance}");

    void IExchangeObserver.Traded(Trade trade)
    {
        Tape.Add((trade.Taker, trade.Quantity, trade.Instrument.Definition.Tick.ToPrice(trade.Price).Ticks));
        Tell($"trade {trade.Id} {trade.Taker} {trade.Quantity} {trade.Price} {trade.TickDirection}");
    }

    void IExchangeObserver.BookChanged(ListedInstrument instrument, List<LevelChange> changes) => Tell($"book {instrument.Symbol} {string.Join(' ', changes)}");

    void IExchangeObserver.Quoted(QuoteRow quote) => Tell($"quote {quote.Instrument.Symbol} {quote.BidPrice} {quote.AskPrice}");

    void IExchangeObserver.InstrumentChanged(ListedInstrument instrument) => Tell($"instrument {instrument.Symbol} {instrument.MarkPrice}");

    void IExchangeObserver.Funded(FundingRow funding) => Tell($"funding {funding.Instrument.Symbol} {funding.Rate}");

    void IExchangeObserver.Settled(SettlementRow settlement) => Tell($"settlement {settlement.Instrument.Symbol} {settlement.Price}");

    void IExchangeObserver.Insured(InsuranceRow insurance) => Tell($"insurance {insurance.Currency} {insurance.Balance}");

    void IExchangeObserver.Liquidated(LiquidationRow liquidation) => Tell($"liquidation {liquidation.OrderId} {liquidation.Leaves}");

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
