using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Host.Verbs;

namespace Actors.Host.Tests.Support;

/// <summary>Reports of an account: 10,000 XBTUSD bought at 50,000, which is 0.2 XBT, isolated at leverage 10, with one XBT in the wallet.</summary>
internal static class SampleAccount
{
    public static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly Currency Satoshi = new("XBt");

    public static readonly Currency Tether = new("USDt");

    public static readonly Instrument Inverse = SampleInstruments.Inverse with { MakerFeeRate = -0.0001m, TakerFeeRate = 0.0005m };

    public static readonly Instrument Linear = Inverse with { Symbol = new Symbol("XBTUSDT"), Kind = ContractKind.Linear, Settlement = Tether, Quote = "USDT", Multiplier = 1 };

    public static readonly Instrument Spot = Inverse with { Symbol = new Symbol("XBT_USDT"), Kind = ContractKind.Spot, Settlement = Tether, Quote = "USDT", Multiplier = 1, Divisor = 100 };

    public static readonly Instrument Prediction = Linear with { Symbol = new Symbol("PRAIN"), Kind = ContractKind.Prediction, PriceMax = 100, InitialMarginRate = 1, MaintenanceMarginRate = 0 };

    public static readonly PositionReport Isolated = Position(Inverse, 10_000, -20_000_000) with { Leverage = 10, IsCross = false };

    public static readonly MarginReport Wallet = new(Satoshi, 100_000_000, 0, 97_989_000, 0, 0, 0, 0, At);

    public static readonly AccountReports Reports = new([Listed(Inverse)], [Isolated], [], [Wallet]);

    public static InstrumentReport Listed(Instrument instrument, decimal? mark = 50_000m, decimal? funding = null) => new(instrument, mark, null, null, funding, null, At);

    public static PositionReport Position(Instrument instrument, long quantity, long cost) => new(
        instrument.Symbol, instrument.Settlement, new Quantity(quantity), null, null, null, cost, 0, 0, 100m, true, At);

    public static OrderReport Order(Instrument instrument, Side side, long leaves, decimal? price, OrderType type = OrderType.Limit, bool? working = true) => new(
        "o-1", new ClientOrderId("c-1"), instrument.Symbol, side, type, new Quantity(2 * leaves), price, VenueOrderStatus.PartiallyFilled, new Quantity(leaves), new Quantity(leaves), null, "", At)
    {
        IsWorking = working,
    };
}
