namespace Actors.Domain.Instruments;

/// <summary>
/// Value, cost and commission of contracts, exact integers of the settlement currency's minor unit.
/// The rules were recomputed on published trades of the first dialect (2018 to 2024); inverse value is rounded per lot.
/// A result outside ±2^63-1 throws <see cref="OverflowException"/>; whoever takes quantities and prices from outside refuses them first
/// (<see cref="Instrument.RefuseQuantity"/>, <see cref="Instrument.RefusePrice"/>).
/// <para>
/// Uncertain, and in this file alone: the value of a <see cref="ContractKind.CalendarSpread"/>. Its rows say multiplier 1 and not inverse, which
/// would make it a linear contract of one minor unit per point; that is computed here. The one published row's turnover (1482159 for 800
/// contracts around -13400) does not follow from it, so neither profit nor margin of a spread can be relied on.
/// </para>
/// </summary>
public static class ContractValue
{
    /// <summary>Unsigned value of <paramref name="quantity"/> contracts at an order price, in minor units.</summary>
    public static long Value(Instrument instrument, Quantity quantity, Price price) =>
        Value(instrument, quantity, (Int128)price.Ticks * instrument.Tick.Mantissa, PowersOfTen.Integer(instrument.Tick.Scale));

    /// <summary>Unsigned value at a price that need not lie on the grid (a mark or an index), in minor units.</summary>
    public static long Value(Instrument instrument, Quantity quantity, decimal price)
    {
        // Trailing zeros only make the fraction longer: 18 digits after the point are more than any venue prints.
        var scaled = decimal.Round(price, Math.Min((int)price.Scale, PowersOfTen.ExponentMax), MidpointRounding.ToEven);
        var scale = Math.Min((int)scaled.Scale, PowersOfTen.ExponentMax);
        return Value(instrument, quantity, (Int128)(scaled * PowersOfTen.Decimal(scale)), PowersOfTen.Integer(scale));
    }

    /// <summary>
    /// Signed cost of holding <paramref name="position"/> contracts bought or sold at <paramref name="price"/>: for linear kinds a long costs
    /// plus its value, for inverse kinds minus. With this sign, value at mark minus cost is the profit of every kind.
    /// </summary>
    public static long Cost(Instrument instrument, Quantity position, Price price) =>
        CostSign(instrument, position) * Value(instrument, position.Absolute, price);

    /// <summary>As <see cref="Cost(Instrument, Quantity, Price)"/>, at a price off the grid.</summary>
    public static long Cost(Instrument instrument, Quantity position, decimal price) =>
        CostSign(instrument, position) * Value(instrument, position.Absolute, price);

    /// <summary>Commission on a traded value, truncated toward zero: positive is paid, negative is a rebate. Minor units.</summary>
    public static long Commission(long value, decimal rate) => (long)decimal.Truncate(Math.Abs(value) * rate);

    private static int CostSign(Instrument instrument, Quantity position) =>
        Math.Sign(position.Contracts) * (instrument.Kind == ContractKind.Inverse ? -1 : 1);

    private static long Value(Instrument instrument, Quantity quantity, Int128 numerator, Int128 denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quantity.Contracts);
        if (quantity.IsZero) return 0;
        if (instrument.Kind == ContractKind.Inverse)
        {
            if (numerator <= 0) throw new ArgumentOutOfRangeException(nameof(numerator), "an inverse contract has no value at a price of zero or less");
            var lot = instrument.LotSize.Contracts;
            var perLot = RoundHalfUp((Int128)instrument.Multiplier * lot * denominator, numerator);
            return (long)RoundHalfUp(perLot * quantity.Contracts, lot);
        }

        var value = (Int128)instrument.Multiplier * numerator * quantity.Contracts;
        // Every captured linear and quanto value is whole; a spot pair's need not be, and how the venue rounds that was never captured.
        denominator *= instrument.Divisor;
        // A spread may trade below zero: its value there is negative, and a long costs less than nothing.
        return (long)(value < 0 ? -RoundHalfUp(-value, denominator) : RoundHalfUp(value, denominator));
    }

    private static Int128 RoundHalfUp(Int128 numerator, Int128 denominator) => ((numerator * 2) + denominator) / (denominator * 2);
}
