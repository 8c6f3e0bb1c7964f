using Actors.Domain.Instruments;
using Actors.Domain.Orders;

namespace Actors.Benchmarks;

/// <summary>The instrument and the orders that the benchmarks share.</summary>
internal static class Inputs
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Instrument Inverse = SampleInstruments.Inverse with { Tick = TickSize.From(0.1m) };

    public static OrderTerms Terms(int number) => new(
        new ClientOrderId($"7f3a91c2-grid-{number:00000}"),
        Inverse.Symbol,
        number % 2 == 0 ? Side.Buy : Side.Sell,
        new Quantity(1_000),
        OrderType.Limit,
        new Price(500_000 + (number % 2 == 0 ? -number : number)),
        Flags: OrderFlags.PostOnly);
}
