using Actors.Venue.Clearing;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>
/// What a client may ask of a position's margin. Amounts in minor units of settlement; a leverage of zero is cross margin. Each returns null
/// when it was done.
/// </summary>
internal interface IMarginDesk
{
    Refusal? SetLeverage(Holding holding, decimal leverage);

    Refusal? SetIsolated(Holding holding, bool isIsolated);

    Refusal? SetRiskLimit(Holding holding, long riskLimit);

    /// <summary>Moves margin to an isolated position, or away from it when negative.</summary>
    Refusal? Transfer(Holding holding, long amount);
}

/// <summary>
/// The desk of an exchange whose positions are all on cross margin at their instrument's base rates: what is so already is granted, all else
/// refused in words.
/// </summary>
internal sealed class CrossMarginDesk : IMarginDesk
{
    public Refusal? SetLeverage(Holding holding, decimal leverage) => leverage == 0 ? null : NotHere("isolated margin; leverage 0 is cross margin");

    public Refusal? SetIsolated(Holding holding, bool isIsolated) => isIsolated ? NotHere("isolated margin") : null;

    public Refusal? SetRiskLimit(Holding holding, long riskLimit) =>
        riskLimit == holding.Instrument.Definition.RiskLimit ? null : NotHere("a risk limit other than the instrument's own");

    public Refusal? Transfer(Holding holding, long amount) => NotHere("isolated margin");

    private static Refusal NotHere(string what) => Refusal.Invalid($"Not available on this venue yet: {what}");
}
