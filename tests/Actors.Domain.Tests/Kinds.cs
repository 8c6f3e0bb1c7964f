using Actors.Domain.Instruments;

namespace Actors.Domain.Tests;

/// <summary>One instrument of every kind, with the grids and multipliers of published rows (2021 to 2026).</summary>
internal static class Kinds
{
    public static readonly Instrument Inverse = Samples.Inverse;

    /// <summary>XBTUSD as it was until early 2021: one contract a lot.</summary>
    public static readonly Instrument InverseByContract = Samples.Inverse with { LotSize = new Quantity(1) };

    public static readonly Instrument InverseFuture = Samples.Inverse with { Symbol = new Symbol("XBTZ21"), Expiry = Samples.Noon.AddDays(30), SettlementFeeRate = 0.0005m };

    public static readonly Instrument Linear = Samples.Linear with { ContractsPerUnderlying = 100_000 };

    /// <summary>ETHU21: one ether a contract, settled in satoshi.</summary>
    public static readonly Instrument LinearFuture = Samples.Inverse with
    {
        Symbol = new Symbol("ETHU21"),
        Kind = ContractKind.Linear,
        Tick = TickSize.From(0.00001m),
        LotSize = new Quantity(1),
        ContractsPerUnderlying = 1,
        Expiry = Samples.Noon.AddDays(30),
    };

    public static readonly Instrument Quanto = Samples.Inverse with
    {
        Symbol = new Symbol("ETHUSD"),
        Kind = ContractKind.Quanto,
        Tick = TickSize.From(0.05m),
        LotSize = new Quantity(1),
        Multiplier = 100,
    };

    public static readonly Instrument Spot = Samples.Linear with
    {
        Symbol = new Symbol("XBT_USDT"),
        Kind = ContractKind.Spot,
        Tick = TickSize.From(0.5m),
        Multiplier = 1,
        Divisor = 100,
        ContractsPerUnderlying = 100_000_000,
    };

    public static readonly Instrument Prediction = Samples.Linear with
    {
        Symbol = new Symbol("P_EVENTZ26"),
        Kind = ContractKind.Prediction,
        Tick = TickSize.From(0.01m),
        LotSize = new Quantity(1),
        Multiplier = 1_000_000,
        PriceMax = 100,
        InitialMarginRate = 1,
        Expiry = Samples.Noon.AddDays(30),
        MarkMethod = MarkMethod.LastPrice,
    };

    public static readonly Instrument Spread = Samples.Inverse with
    {
        Symbol = new Symbol("XBTM26-XBTU26"),
        Kind = ContractKind.CalendarSpread,
        Multiplier = 1,
        PriceMin = -1_000_000,
        Expiry = Samples.Noon.AddDays(30),
    };

    /// <summary>What is held as a position: all but spot.</summary>
    public static readonly Instrument[] Held = [Inverse, InverseByContract, InverseFuture, Linear, LinearFuture, Quanto, Prediction, Spread];

    public static readonly Instrument[] All = [.. Held, Spot];

    /// <summary>A price on the grid where the kind trades: a range of some per cent, a spread on both sides of zero.</summary>
    public static decimal Price(Instrument instrument, Random random) => instrument.Kind switch
    {
        ContractKind.Prediction => instrument.Tick.ToDecimal(new Price(random.Next(1, 10_000))),
        ContractKind.CalendarSpread => instrument.Tick.ToDecimal(new Price(random.Next(-30_000, 5_000))),
        ContractKind.Linear when instrument.Settlement.Code == "XBt" => instrument.Tick.ToDecimal(new Price(random.Next(5_000, 8_000))),
        ContractKind.Linear or ContractKind.Quanto => instrument.Tick.ToDecimal(new Price(random.Next(30_000, 60_000))),
        _ => instrument.Tick.ToDecimal(new Price(random.Next(12_000, 150_000))),
    };

    public static Quantity Lots(Instrument instrument, Random random, int most = 500) => new(instrument.LotSize.Contracts * random.Next(1, most));
}
