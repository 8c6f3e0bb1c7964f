namespace Actors.Domain.Instruments;

/// <summary>
/// What contracts are worth in whole units of the underlying (home) and of the quote currency (foreign): unsigned on trades; on executions and
/// positions home has the sign of the position and foreign the opposite. Recomputed on published trades and bars of 2021 to 2023.
/// </summary>
public readonly record struct Notional(decimal Home, decimal Foreign)
{
    /// <summary>The notional of a position or of a side, from the unsigned one.</summary>
    public Notional Signed(int sign) => new(sign * Home, -sign * Foreign);

    /// <summary>
    /// The unsigned notional of <paramref name="quantity"/> contracts worth <paramref name="value"/> minor units at <paramref name="price"/>.
    /// <paramref name="settlementScale"/> is the decimals of the settlement currency's minor unit (0 to 18);
    /// <paramref name="settlementPerQuote"/>, for quantos alone, the settlement's minor units per unit of quote at that moment (the venue
    /// publishes a whole number, refreshed with the index). Throws <see cref="ArgumentException"/> when a quanto comes without it.
    /// </summary>
    public static Notional Of(Instrument instrument, Quantity quantity, long value, decimal price, int settlementScale, long? settlementPerQuote = null)
    {
        var settled = value / PowersOfTen.Decimal(settlementScale);
        switch (instrument.Kind)
        {
            case ContractKind.Inverse:
                return new Notional(settled, quantity.Absolute.Contracts);
            case ContractKind.Quanto:
                if (settlementPerQuote is not > 0) throw new ArgumentException($"{instrument.Symbol}: a quanto's notional needs the rate of its settlement", nameof(settlementPerQuote));
                var foreign = (decimal)value / settlementPerQuote.Value;
                return new Notional(foreign / price, foreign);
            default:
                return new Notional((decimal)quantity.Absolute.Contracts / (instrument.ContractsPerUnderlying ?? 1), settled);
        }
    }
}
