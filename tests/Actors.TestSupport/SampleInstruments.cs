using Actors.Domain.Instruments;

namespace Actors.TestSupport;

/// <summary>Instruments that tests and loads are written in; what matters to one of them it says itself.</summary>
public static class SampleInstruments
{
    /// <summary>An inverse perpetual as the first dialect's oldest.</summary>
    public static readonly Instrument Inverse = new()
    {
        Symbol = new Symbol("XBTUSD"),
        Kind = ContractKind.Inverse,
        Settlement = new Currency("XBt"),
        Underlying = "XBT",
        Quote = "USD",
        Tick = TickSize.From(0.5m),
        LotSize = new Quantity(100),
        Multiplier = 100_000_000,
        OrderQuantityMax = new Quantity(10_000_000),
        PriceMax = 1_000_000m,
        InitialMarginRate = 0.01m,
        MaintenanceMarginRate = 0.005m,
        MakerFeeRate = -0.00025m,
        TakerFeeRate = 0.00075m,
        RiskLimit = 20_000_000_000,
        RiskStep = 15_000_000_000,
        State = InstrumentState.Open,
    };

    /// <summary>A linear contract of no particular venue, in lots of one.</summary>
    public static readonly Instrument Linear = Inverse with
    {
        Symbol = new Symbol("UUSD"),
        Kind = ContractKind.Linear,
        Settlement = new Currency("USDt"),
        Underlying = "U",
        LotSize = new Quantity(1),
        Multiplier = 1_000,
        OrderQuantityMax = new Quantity(1_000_000),
        MakerFeeRate = 0m,
        TakerFeeRate = 0.001m,
        RiskLimit = 1_000_000_000,
        RiskStep = 1_000_000_000,
    };
}
