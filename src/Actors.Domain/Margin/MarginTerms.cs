using Actors.Domain.Instruments;

namespace Actors.Domain.Margin;

/// <summary>What margin needs to know of an instrument, made once from its definition. Immutable; shared by every account.</summary>
public sealed record MarginTerms
{
    public required Instrument Instrument { get; init; }

    public required RiskTiers Tiers { get; init; }

    /// <summary>Charged when a position is closed into the book; never negative, because nobody may count on a rebate.</summary>
    public required Fraction TakerFee { get; init; }

    /// <summary>
    /// The most that one contract can ever pay, in minor units, where positions are fully funded; null where they are margined. A fully funded
    /// position has its whole possible loss locked from the start and cannot be liquidated.
    /// </summary>
    public long? PayoutMax { get; init; }

    /// <summary>Whether the contract may trade at zero and below (calendar spreads), so that its liquidation price may too.</summary>
    public bool PricesMayBeNegative { get; init; }

    /// <summary>False for spot: an exchange of balances leaves no position and locks no margin.</summary>
    public bool IsMargined => Instrument.Kind != ContractKind.Spot;

    /// <summary>The highest leverage that the base tier allows.</summary>
    public decimal LeverageMax => Instrument.InitialMarginRate == 0 ? 1 : 1 / Instrument.InitialMarginRate;

    /// <summary>
    /// The terms that an instrument's definition implies. Prediction contracts have no leverage: they are funded in full, with a payout of at most
    /// the highest price.
    /// </summary>
    public static MarginTerms From(Instrument instrument) => new()
    {
        Instrument = instrument,
        Tiers = new RiskTiers(instrument.RiskLimit, instrument.RiskStep, instrument.InitialMarginRate, instrument.MaintenanceMarginRate),
        TakerFee = Fraction.From(Math.Max(0, instrument.TakerFeeRate)),
        PayoutMax = instrument.Kind == ContractKind.Prediction ? (long)decimal.Ceiling(instrument.Multiplier * instrument.PriceMax / instrument.Divisor) : null,
        PricesMayBeNegative = instrument.PriceMin < 0,
    };
}
