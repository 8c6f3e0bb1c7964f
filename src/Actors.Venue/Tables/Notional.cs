using Actors.Domain.Instruments;
using Actors.Venue.Trading;
using ContractNotional = Actors.Domain.Instruments.Notional;

namespace Actors.Venue.Tables;

/// <summary>What contracts of a listed instrument are worth in the underlying (home) and in the quote currency (foreign), unsigned, in whole units.</summary>
internal static class Notional
{
    /// <summary>
    /// Of contracts worth <paramref name="value"/> minor units of settlement, at the price that value implies and, for a quanto, at the
    /// present rate of its settlement. Zero before a quanto's index is known.
    /// </summary>
    public static (decimal Home, decimal Foreign) Of(ListedInstrument instrument, long quantity, long value)
    {
        var definition = instrument.Definition;
        if (value == 0 || (definition.Kind == ContractKind.Quanto && instrument.SettlementPerQuote is null)) return (0, 0);
        // Of a quanto alone the price matters: what is paid for the contracts of one point.
        var price = definition.Kind == ContractKind.Quanto ? value / ((decimal)definition.Multiplier * quantity) : 0;
        var notional = ContractNotional.Of(definition, new Quantity(quantity), value, price, instrument.SettlementScale, instrument.SettlementPerQuote);
        return (notional.Home, notional.Foreign);
    }
}
