using Actors.Domain.Instruments;
using Actors.Domain.Orders;

namespace Actors.Benchmarks;

/// <summary>The instrument and the orders that the benchmarks share.</summary>
internal static class Inputs
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Instrument Inverse = new()
    {
        Symbol = new Symbol("XBTUSD"),
        Kind = ContractKind.Inverse,
        Settlement = new Currency("XBt"),
        Underlying = "XBT",
        Quote = "USD",
        Tick = TickSize.From(0.1m),
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

    public static OrderTerms Terms(int number) => new(
        new ClientOrderId($"7f3a91c2-grid-{number:00000}"),
        Inverse.Symbol,
        number % 2 == 0 ? Side.Buy : Side.Sell,
        new Quantity(1_000),
        OrderType.Limit,
        new Price(500_000 + (number % 2 == 0 ? -number : number)),
        Flags: OrderFlags.PostOnly);
}
