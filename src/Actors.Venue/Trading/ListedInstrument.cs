using Actors.Domain.Funding;
using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Venue.Listing;
using Actors.Venue.Matching;
using Actors.Venue.Snapshots;

namespace Actors.Venue.Trading;

/// <summary>
/// Owns one instrument's book, prices and tape. Prices in quote units, volumes in contracts, turnover in minor units of settlement.
/// </summary>
internal sealed class ListedInstrument
{
    public const int TradesKept = 10_000;
    public const int QuotesKept = 10_000;

    public ListedInstrument(InstrumentListing listing, int settlementScale, int index, Func<long> nextLevelId)
    {
        Listing = listing;
        SettlementScale = settlementScale;
        Definition = listing.ToInstrument();
        Terms = MarginTerms.From(Definition);
        Index = index;
        Book = new MatchingBook<VenueOrder>(nextLevelId);
        IndexPrice = listing.IndexStart;
        MarkPrice = listing.IndexStart;
    }

    /// <summary>Its dates change when it is listed again; the rest never does.</summary>
    public InstrumentListing Listing { get; private set; }

    /// <summary>Its state is set by <see cref="OrderEntry.SetState"/>, its expiry by <see cref="Relist"/>; the rest never changes.</summary>
    public Instrument Definition { get; private set; }

    /// <summary>What margin needs to know of it.</summary>
    public MarginTerms Terms { get; }

    /// <summary>Orders are taken while it is open.</summary>
    public InstrumentState State => Definition.State;

    /// <summary>Minor units of settlement are 10^-scale of its asset.</summary>
    public int SettlementScale { get; }

    /// <summary>Of a quanto: minor units of settlement per unit of quote, a whole number that follows the index; null before the first.</summary>
    public long? SettlementPerQuote { get; set; }

    /// <summary>Place in the listing.</summary>
    public int Index { get; }

    public string Symbol => Listing.Symbol;

    public MatchingBook<VenueOrder> Book { get; }

    /// <summary>The orders that wait for a price.</summary>
    public TriggerBook Triggers { get; } = new();

    public decimal IndexPrice { get; set; }

    public decimal MarkPrice { get; set; }

    public decimal FairBasis { get; set; }

    /// <summary>No order may name a higher price; null for no bound but the instrument's greatest.</summary>
    public decimal? LimitUpPrice { get; set; }

    /// <summary>No order may name a lower price; null for no bound.</summary>
    public decimal? LimitDownPrice { get; set; }

    public decimal? LastPrice { get; private set; }

    public string LastTickDirection { get; private set; } = "ZeroPlusTick";

    public long Volume { get; private set; }

    public long Turnover { get; private set; }

    public decimal? HighPrice { get; private set; }

    public decimal? LowPrice { get; private set; }

    /// <summary>Sum of all long positions.</summary>
    public long OpenInterest { get; set; }

    /// <summary>The rates of funding, and when the next is paid; null where there is none.</summary>
    public FundingCycle? Funding { get; set; }

    /// <summary>What the contract settled at; null before.</summary>
    public decimal? SettledPrice { get; set; }

    /// <summary>The index over the last half hour before it settles.</summary>
    public TimeWeightedAverage SettlementAverage { get; set; }

    public DateTimeOffset? FundingTime { get; set; }

    public DateTimeOffset Timestamp { get; set; }

    /// <summary>The last trades, oldest first.</summary>
    public List<Trade> Trades { get; } = [];

    /// <summary>The last best bids and offers, oldest first.</summary>
    public List<QuoteRow> Quotes { get; } = [];

    public decimal Decimal(long ticks) => Definition.Tick.ToDecimal(new Price(ticks));

    public void SetState(InstrumentState state) => Definition = Definition with { State = state };

    /// <summary>Becomes the next contract of its symbol: with other dates, and nothing traded yet. Its tape and its quotes stay.</summary>
    public void Relist(DateTimeOffset listed, DateTimeOffset expiry)
    {
        Date(listed, expiry);
        (SettledPrice, SettlementAverage) = (null, default);
        (LastPrice, HighPrice, LowPrice, Volume, Turnover) = (null, null, null, 0, 0);
    }

    /// <summary>
    /// The price that <paramref name="trigger"/> names, one of mark, index and last. Before the first trade the mark stands for the last
    /// price.
    /// </summary>
    public decimal ReferencePrice(ExecutionInstructions trigger) => trigger switch
    {
        ExecutionInstructions.IndexPrice => IndexPrice,
        ExecutionInstructions.LastPrice => LastPrice ?? MarkPrice,
        _ => MarkPrice,
    };

    /// <summary>The best displayed price of a side; null when it displays nothing.</summary>
    public decimal? BestPrice(Side side) => Book.Best(side) is { } ticks ? Decimal(ticks) : null;

    /// <summary>Puts a trade on the tape.</summary>
    public Trade Print(Guid id, Side taker, long quantity, long priceTicks, long value, DateTimeOffset time)
    {
        var price = Decimal(priceTicks);
        LastTickDirection = Direction(price);
        LastPrice = price;
        Volume += quantity;
        Turnover += value;
        HighPrice = HighPrice is { } high ? Math.Max(high, price) : price;
        LowPrice = LowPrice is { } low ? Math.Min(low, price) : price;
        Timestamp = time;
        var trade = new Trade(this, id, taker, quantity, price, value, LastTickDirection, time);
        if (Trades.Count >= TradesKept) Trades.RemoveRange(0, TradesKept / 10);
        Trades.Add(trade);
        return trade;
    }

    /// <summary>The best bid and offer now; null when it is the last one published.</summary>
    public QuoteRow? NewQuote(DateTimeOffset time)
    {
        var last = Quotes.Count == 0 ? null : Quotes[^1];
        var (bid, bidSize) = Top(Side.Buy);
        var (ask, askSize) = Top(Side.Sell);
        if (last is null ? bid is null && ask is null : last.BidPrice == bid && last.BidSize == bidSize && last.AskPrice == ask && last.AskSize == askSize)
        {
            return null;
        }

        var quote = new QuoteRow(this, bid, bidSize, ask, askSize, time);
        if (Quotes.Count >= QuotesKept) Quotes.RemoveRange(0, QuotesKept / 10);
        Quotes.Add(quote);
        return quote;
    }

    /// <summary>Passes all but the open orders; its book comes with them.</summary>
    public void Pass(StateStream state)
    {
        Date(state.Pass(Listing.Listed), state.Pass(Listing.Expiry));
        SetState(state.Pass(State));
        SettlementPerQuote = state.Pass(SettlementPerQuote);
        IndexPrice = state.Pass(IndexPrice);
        MarkPrice = state.Pass(MarkPrice);
        FairBasis = state.Pass(FairBasis);
        LimitUpPrice = state.Pass(LimitUpPrice);
        LimitDownPrice = state.Pass(LimitDownPrice);
        LastPrice = state.Pass(LastPrice);
        LastTickDirection = state.Pass(LastTickDirection);
        Volume = state.Pass(Volume);
        Turnover = state.Pass(Turnover);
        HighPrice = state.Pass(HighPrice);
        LowPrice = state.Pass(LowPrice);
        OpenInterest = state.Pass(OpenInterest);
        Funding = state.Pass(Funding);
        SettledPrice = state.Pass(SettledPrice);
        SettlementAverage = state.Pass(SettlementAverage);
        FundingTime = state.Pass(FundingTime);
        Timestamp = state.Pass(Timestamp);
        state.List(Trades, trade => Trade.Pass(state, trade));
        state.List(Quotes, quote => QuoteRow.Pass(state, quote));
    }

    private void Date(DateTimeOffset listed, DateTimeOffset? expiry)
    {
        Listing = Listing with { Listed = listed, Expiry = expiry };
        Definition = Definition with { Expiry = expiry };
    }

    private (decimal? Price, long? Size) Top(Side side)
    {
        if (Book.Best(side) is null) return (null, null);
        var level = Book.Level(side, 0);
        return (Decimal(level.PriceTicks), level.Size);
    }

    private string Direction(decimal price)
    {
        if (LastPrice is not { } last) return "PlusTick";
        if (price > last) return "PlusTick";
        if (price < last) return "MinusTick";
        return LastTickDirection is "PlusTick" or "ZeroPlusTick" ? "ZeroPlusTick" : "ZeroMinusTick";
    }
}
