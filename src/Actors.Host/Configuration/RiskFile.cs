using Actors.Domain.Risk;

namespace Actors.Host.Configuration;

/// <summary><c>risk.json</c>: how much may be lost.</summary>
internal static class RiskFile
{
    public const string Name = "risk.json";

    private const int OpenOrdersMax = 10_000;
    private const int OrdersPerSecondMax = 1_000;

    public static RiskLimits Read(ConfigurationNode file)
    {
        var rate = (int)file.Required("ordersPerSecondMax").Integer(1, OrdersPerSecondMax);
        var instruments = new List<InstrumentLimits>();
        foreach (var node in file.Required("instruments").Items())
        {
            var limits = Instrument(node);
            node.RefuseOtherKeys();
            if (instruments.Exists(other => other.Symbol == limits.Symbol)) throw node.Required("symbol").Wrong($"{limits.Symbol} has limits already; one set an instrument");
            instruments.Add(limits);
        }

        file.RefuseOtherKeys();
        return new RiskLimits { OrdersPerSecondMax = rate, Instruments = instruments };
    }

    private static InstrumentLimits Instrument(ConfigurationNode node) => new()
    {
        Symbol = node.Required("symbol").Symbol(),
        OrderQuantityMax = node.Required("orderQuantityMax").Quantity(),
        PositionMax = node.Required("positionMax").Quantity(),
        OpenOrdersMax = (int)node.Required("openOrdersMax").Integer(1, OpenOrdersMax),
        PriceDistanceMax = node.Required("priceDistanceMax").Fraction(1),
    };
}
