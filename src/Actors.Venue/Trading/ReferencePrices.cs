namespace Actors.Venue.Trading;

/// <summary>
/// Moves the index of every instrument once a second, a seeded walk in whole units of its last decimal, and
/// the mark with it: index plus the fair basis that the next funding or the expiry implies.
/// </summary>
internal sealed class ReferencePrices(Exchange exchange)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FundingInterval = TimeSpan.FromHours(8);

    private readonly Dictionary<string, long> _anchors = new(StringComparer.Ordinal);

    /// <summary>Sets the first marks and starts the walk.</summary>
    public void Start()
    {
        Move(walk: false);
        exchange.At(exchange.Now + Interval, () => exchange.Repeat(() =>
        {
            Move(walk: true);
            return Interval;
        }));
    }

    private void Move(bool walk)
    {
        var indices = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var instrument in exchange.Instruments)
        {
            // Instruments on the same index see the same price.
            if (!indices.TryGetValue(instrument.Listing.IndexSymbol, out var index))
            {
                index = walk ? Step(instrument) : instrument.IndexPrice;
                indices.Add(instrument.Listing.IndexSymbol, index);
            }

            SetIndex(instrument, index);
        }

        foreach (var account in exchange.Accounts)
        {
            if (!account.KeepsHistory) continue;
            foreach (var holding in account.Holdings)
            {
                if (!holding.Position.Quantity.IsZero) exchange.Clearing.Touch(holding);
            }
        }

        exchange.Flush();
        exchange.Liquidation.Check();
        exchange.Orders.Trail();
        foreach (var instrument in exchange.Instruments) exchange.Orders.PriceChanged(instrument);
    }

    /// <summary>Sets index and mark of an instrument now.</summary>
    public void SetIndex(ListedInstrument instrument, decimal index)
    {
        instrument.IndexPrice = index;
        instrument.FairBasis = decimal.Round(Basis(instrument), instrument.Listing.IndexDecimals);
        instrument.MarkPrice = index + instrument.FairBasis;
        instrument.Timestamp = exchange.Now;
        exchange.Clearing.Remark(instrument);
        exchange.Observer.InstrumentChanged(instrument);
    }

    /// <summary>
    /// A slow anchor wanders a fifth of a basis point a second, a thousandth of the way home; the index swings around it by one and a
    /// half basis points a second, a third of the way back: prices go somewhere, and come back often enough to fill both sides of a
    /// ladder.
    /// </summary>
    private decimal Step(ListedInstrument instrument)
    {
        var unit = PowerOfTen(instrument.Listing.IndexDecimals);
        var units = (long)(instrument.IndexPrice * unit);
        var start = (long)(instrument.Listing.IndexStart * unit);
        var anchor = _anchors.GetValueOrDefault(instrument.Listing.IndexSymbol, start);
        anchor += exchange.Random.Bell(Math.Max(1, anchor / 60_000)) + ((start - anchor) / 1_000);
        _anchors[instrument.Listing.IndexSymbol] = anchor;
        units += exchange.Random.Bell(Math.Max(1, units / 8_000)) + ((anchor - units) / 3);
        return Math.Max(1, units) / (decimal)unit;
    }

    private decimal Basis(ListedInstrument instrument)
    {
        if (instrument.Listing.BasisRate is { } yearly && instrument.Definition.Expiry is { } expiry)
        {
            return instrument.IndexPrice * yearly * Math.Max(0, (decimal)(expiry - exchange.Now).Ticks / TimeSpan.FromDays(365).Ticks);
        }

        instrument.FundingTime = instrument.Funding?.NextAt ?? NextFunding();
        var minute = exchange.Now.Ticks - (exchange.Now.Ticks % TimeSpan.TicksPerMinute);
        var left = instrument.FundingTime.Value.Ticks - minute;
        return instrument.IndexPrice * (instrument.Funding?.Rate ?? instrument.Listing.FundingRate ?? 0) * left / FundingInterval.Ticks;
    }

    /// <summary>Funding is at 04:00, 12:00 and 20:00 UTC.</summary>
    private DateTimeOffset NextFunding()
    {
        var offset = TimeSpan.FromHours(4).Ticks;
        var intervals = ((exchange.Now.UtcTicks - offset) / FundingInterval.Ticks) + 1;
        return new DateTimeOffset((intervals * FundingInterval.Ticks) + offset, TimeSpan.Zero);
    }

    private static long PowerOfTen(int exponent) => exponent == 0 ? 1 : 10 * PowerOfTen(exponent - 1);
}
