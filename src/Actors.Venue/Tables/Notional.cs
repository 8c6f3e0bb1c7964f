using Actors.Domain.Instruments;
using Actors.Venue.Trading;

namespace Actors.Venue.Tables;

/// <summary>What contracts are worth in the underlying (home) and in the quote currency (foreign), unsigned, in whole units.</summary>
internal static class Notional
{
    public static (decimal Home, decimal Foreign) Of(ListedInstrument instrument, long quantity, long value)
    {
        var settled = value / Unit(instrument.SettlementScale);
        return instrument.Definition.Kind == ContractKind.Inverse
            ? (settled, quantity)
            : (quantity / (decimal)(instrument.Definition.ContractsPerUnderlying ?? 1), settled);
    }

    private static decimal Unit(int scale) => scale == 0 ? 1 : 10 * Unit(scale - 1);
}
