using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.Domain.Tests;

/// <summary>Instruments and messages that the tests are written in.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Instrument Inverse = SampleInstruments.Inverse;

    public static readonly Instrument Linear = Inverse with
    {
        Symbol = new Symbol("ETHUSDT"),
        Kind = ContractKind.Linear,
        Settlement = new Currency("USDt"),
        Underlying = "ETH",
        Quote = "USDT",
        Tick = TickSize.From(0.05m),
        LotSize = new Quantity(1000),
        Multiplier = 10,
    };

    public static OrderTerms Terms(string id = "s-grid-1", Side side = Side.Buy, long quantity = 1000, long ticks = 100_000) =>
        new(new ClientOrderId(id), Inverse.Symbol, side, new Quantity(quantity), OrderType.Limit, new Price(ticks), Flags: OrderFlags.PostOnly);

    public static OrderReport Report(OrderTerms terms, VenueOrderStatus status, long filled = 0, decimal? price = null, long? quantity = null, int atSecond = 1) => new(
        "v-" + terms.Id,
        terms.Id,
        terms.Symbol,
        terms.Side,
        terms.Type,
        new Quantity(quantity ?? terms.Quantity.Contracts),
        price ?? Inverse.Tick.ToDecimal(terms.Price!.Value),
        status,
        new Quantity(filled),
        new Quantity((quantity ?? terms.Quantity.Contracts) - filled),
        null,
        "text",
        Noon.AddSeconds(atSecond));

    public static ExecutionReport Fill(OrderTerms terms, string executionId, long quantity, VenueOrderStatus status = VenueOrderStatus.PartiallyFilled) => new(
        executionId,
        ExecutionKind.Trade,
        "v-" + terms.Id,
        terms.Id,
        terms.Symbol,
        terms.Side,
        new Quantity(quantity),
        Inverse.Tick.ToDecimal(terms.Price!.Value),
        Inverse.Settlement,
        ContractValue.Cost(Inverse, Quantity.Signed(terms.Side, new Quantity(quantity)), terms.Price.Value),
        1,
        0.00075m,
        true,
        status,
        default,
        default,
        "",
        Noon.AddSeconds(2));
}
