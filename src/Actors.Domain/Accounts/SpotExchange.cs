using Actors.Domain.Instruments;

namespace Actors.Domain.Accounts;

/// <summary>
/// What a spot trade moves, in minor units: signed changes of the underlying and of the quote wallet, the fee included in the latter. That the fee
/// is taken in the quote currency is our choice: while rows could be captured spot was free of charge.
/// </summary>
public readonly record struct SpotExchange(long Underlying, long Quote, long Fee)
{
    /// <summary>
    /// The exchange of a fill. <paramref name="underlyingScale"/> is the decimals of the underlying's minor unit. Throws
    /// <see cref="ArgumentException"/> when the instrument is no spot pair or the contracts are no whole number of minor units.
    /// </summary>
    public static SpotExchange Of(Instrument instrument, Quantity change, decimal price, decimal feeRate, int underlyingScale)
    {
        if (instrument is not { Kind: ContractKind.Spot, ContractsPerUnderlying: > 0 and var contracts })
            throw new ArgumentException($"{instrument.Symbol} is no spot pair", nameof(instrument));
        var scaled = (Int128)change.Contracts * PowersOfTen.Integer(underlyingScale);
        if (scaled % contracts != 0) throw new ArgumentException($"{change} contracts of {instrument.Symbol} are no whole number of minor units", nameof(change));
        var value = ContractValue.Value(instrument, change.Absolute, price);
        var fee = ContractValue.Commission(value, feeRate);
        return new SpotExchange((long)(scaled / contracts), (-Math.Sign(change.Contracts) * value) - fee, fee);
    }
}
