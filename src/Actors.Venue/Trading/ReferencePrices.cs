using Actors.Domain.Funding;
using Actors.Domain.Instruments;
using Actors.Venue.Clearing;

namespace Actors.Venue.Trading;

/// <summary>
/// Moves the index of every instrument once a second, and the mark with it: index plus the fair basis that the next funding or the expiry
/// implies, or the last price where that is the instrument's mark.
/// </summary>
internal sealed class ReferencePrices
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Exchange _exchange;

    public ReferencePrices(Exchange exchange)
    {
        _exchange = exchange;
        Source = new IndexWalk(exchange.Instruments, exchange.Random.Fork());
        exchange.OnRepeated(ExchangeTask.Prices, _ =>
        {
            Source.MoveTo(exchange.Now);
            Move();
            return Interval;
        });
    }

    /// <summary>Where the index comes from; to be chosen before <see cref="Start"/>. A seeded walk unless it is.</summary>
    public IIndexSource Source { get; set; }

    /// <summary>Sets the first marks and lets them move from then on.</summary>
    public void Start()
    {
        Move();
        _exchange.At(_exchange.Now + Interval, ExchangeTask.Prices);
    }

    /// <summary>What an instrument is worth to its background makers: the mark, and the hidden index of what is marked at its last price.</summary>
    public decimal FairValue(ListedInstrument instrument) =>
        instrument.Definition.MarkMethod == MarkMethod.LastPrice ? Source.Price(instrument) : instrument.MarkPrice;

    /// <summary>Sets index and mark of an instrument now.</summary>
    public void SetIndex(ListedInstrument instrument, decimal index)
    {
        if (instrument.Definition.MarkMethod == MarkMethod.LastPrice)
        {
            // Its true value is nobody's to see: index and mark are the last price, and the start before the first trade.
            instrument.MarkPrice = instrument.IndexPrice = FairPrice.LastPriceMark(instrument.LastPrice, instrument.MarkPrice);
        }
        else
        {
            instrument.IndexPrice = index;
            instrument.FairBasis = Basis(instrument);
            instrument.MarkPrice = index + instrument.FairBasis;
        }

        if (instrument.Listing.SettlementIndexSymbol is { } settlement) instrument.SettlementPerQuote = SettlementPerQuote(instrument, settlement);
        instrument.Timestamp = _exchange.Now;
        _exchange.Clearing.Remark(instrument);
        _exchange.Observer.InstrumentChanged(instrument);
    }

    private void Move()
    {
        foreach (var instrument in _exchange.Instruments)
        {
            // The prices of what has settled stand.
            if (instrument.State != InstrumentState.Settled) SetIndex(instrument, Source.Price(instrument));
        }

        foreach (var account in _exchange.Accounts)
        {
            if (!account.KeepsHistory) continue;
            foreach (var holding in account.Holdings)
            {
                if (!holding.Position.Quantity.IsZero) _exchange.Clearing.Touch(holding);
            }
        }

        _exchange.Flush();
        _exchange.Liquidation.Check();
        _exchange.Orders.Trail();
        foreach (var instrument in _exchange.Instruments) _exchange.Orders.PriceChanged(instrument);
    }

    private decimal Basis(ListedInstrument instrument)
    {
        var decimals = instrument.Listing.IndexDecimals;
        if (instrument is { Listing.BasisRate: { } yearly, Definition.Expiry: { } expiry })
            return FairPrice.BasisOfFuture(instrument.IndexPrice, yearly, _exchange.Now, expiry, decimals);
        if (instrument is not { Listing.FundingRate: { } listed, Definition.FundingInterval: { } interval }) return 0;
        var next = instrument.Funding?.NextAt ?? FundingClock.Next(_exchange.Now, interval);
        instrument.FundingTime = next;
        return FairPrice.BasisOfPerpetual(instrument.IndexPrice, instrument.Funding?.Rate ?? listed, _exchange.Now, next, interval, decimals);
    }

    /// <summary>A whole number, as the venue publishes it: minor units of the settlement over the price of its asset.</summary>
    private long SettlementPerQuote(ListedInstrument instrument, string settlementIndex)
    {
        var price = Source.Price(_exchange.Instruments.First(other => other.Listing.IndexSymbol == settlementIndex));
        return (long)decimal.Round(1 / (price * new decimal(1, 0, 0, false, (byte)instrument.SettlementScale)), MidpointRounding.AwayFromZero);
    }
}
