using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Positions;

namespace Actors.Domain.Tests.Margin;

/// <summary>One instrument of each kind that margin is computed for, with the figures of published instrument rows.</summary>
internal static class MarginSamples
{
    /// <summary>The inverse perpetual as it was until early 2021: lots of one contract.</summary>
    public static readonly MarginTerms InverseLot1 = MarginTerms.From(Samples.Inverse with { Symbol = new Symbol("XBTUSD1"), LotSize = new Quantity(1) });

    public static readonly MarginTerms InverseLot100 = MarginTerms.From(Samples.Inverse);

    public static readonly MarginTerms Linear = MarginTerms.From(Samples.Linear with { MaintenanceMarginRate = 0.01m, InitialMarginRate = 0.02m });

    /// <summary>A linear future settled in bitcoin, on a grid of 1e-5.</summary>
    public static readonly MarginTerms Future = MarginTerms.From(Samples.Inverse with
    {
        Symbol = new Symbol("ETHU21"),
        Kind = ContractKind.Linear,
        Underlying = "ETH",
        Quote = "XBT",
        Tick = TickSize.From(0.00001m),
        LotSize = new Quantity(1),
        InitialMarginRate = 0.02m,
        MaintenanceMarginRate = 0.01m,
        RiskLimit = 5_000_000_000,
        RiskStep = 5_000_000_000,
        Expiry = new DateTimeOffset(2021, 9, 24, 12, 0, 0, TimeSpan.Zero),
    });

    public static readonly MarginTerms Quanto = MarginTerms.From(Samples.Inverse with
    {
        Symbol = new Symbol("ETHUSD"),
        Kind = ContractKind.Quanto,
        Underlying = "ETH",
        Tick = TickSize.From(0.05m),
        LotSize = new Quantity(1),
        Multiplier = 100,
        InitialMarginRate = 0.02m,
        MaintenanceMarginRate = 0.01m,
        RiskLimit = 5_000_000_000,
        RiskStep = 5_000_000_000,
    });

    /// <summary>A calendar spread, which trades on both sides of zero.</summary>
    public static readonly MarginTerms Spread = MarginTerms.From(Samples.Inverse with
    {
        Symbol = new Symbol("XBTM26-XBTU26"),
        Kind = ContractKind.Linear,
        LotSize = new Quantity(1),
        Multiplier = 1,
    }) with
    { PricesMayBeNegative = true };

    /// <summary>Pays 0 to 100; no leverage.</summary>
    public static readonly MarginTerms Prediction = MarginTerms.From(Samples.Linear with
    {
        Symbol = new Symbol("PREDICTION"),
        Kind = ContractKind.Prediction,
        Tick = TickSize.From(0.01m),
        LotSize = new Quantity(1),
        Multiplier = 10_000,
        InitialMarginRate = 1m,
        MaintenanceMarginRate = 0m,
        PriceMax = 100m,
    });

    public static readonly MarginTerms Spot = MarginTerms.From(Samples.Linear with { Symbol = new Symbol("XBT_USDT"), Kind = ContractKind.Spot });

    /// <summary>
    /// The table of the venue's support page until February 2025, when it was lowered to about two per cent for the main currencies (that table was
    /// not published in full).
    /// </summary>
    public static readonly Haircuts HaircutsUntilFebruary2025 = new(
    [
        Cut("XBt", "Gwei", 0.05m), Cut("XBt", "USDc", 0.05m), Cut("XBt", "USDt", 0.05m),
        Cut("USDt", "XBt", 0.05m), Cut("USDt", "Gwei", 0.05m), Cut("USDt", "USDc", 0.02m),
    ]);

    public static readonly MarginTerms[] Perpetuals = [InverseLot1, InverseLot100, Linear, Quanto, Future];

    /// <summary>A price that the instrument of these terms used to trade at, in ticks.</summary>
    public static long UsualTicks(MarginTerms terms) => terms.Instrument.Symbol.Value switch
    {
        "XBTUSD1" => 14_000,
        "XBTUSD" => 64_000,
        "ETHUSDT" or "ETHUSD" => 40_000,
        "ETHU21" => 6_200,
        _ => 5_000,
    };

    /// <summary>A holding that was opened with one fill, at the mark of that fill.</summary>
    public static MarginHolding Held(MarginTerms terms, long quantity, Price entry, decimal leverage = 0)
    {
        var cost = ContractValue.Cost(terms.Instrument, new Quantity(quantity), entry);
        return new MarginHolding(terms)
            .WithLeverage(leverage)
            .WithMark(terms.Instrument.Tick.ToDecimal(entry))
            .Fill(new Quantity(quantity), cost, 0);
    }

    /// <summary>A holding made from the cost of several fills at seeded prices near <paramref name="ticks"/>.</summary>
    public static MarginHolding Random(Random random, MarginTerms terms, decimal leverage = 0, long? ticks = null)
    {
        var usual = ticks ?? UsualTicks(terms);
        var lot = terms.Instrument.LotSize.Contracts;
        var sign = random.Next(2) == 0 ? 1 : -1;
        var position = Position.Flat;
        for (var fill = random.Next(1, 4); fill > 0; fill--)
        {
            var change = new Quantity(sign * lot * random.Next(1, 200));
            var price = new Price((usual * random.Next(950, 1050) / 1000) + random.Next(10));
            position = position.Fill(change, ContractValue.Cost(terms.Instrument, change, price), 0);
        }

        var mark = terms.Instrument.Tick.ToDecimal(new Price(usual * random.Next(970, 1030) / 1000)) + (terms.Instrument.Tick.Value * random.Next(100) / 100);
        return new MarginHolding(terms)
            .WithLeverage(leverage)
            .WithMark(mark)
            .WithFundingRate(random.Next(-40, 40) / 100_000m)
            .WithPosition(position);
    }

    private static Haircut Cut(string settlement, string collateral, decimal fraction) => new(new Currency(settlement), new Currency(collateral), fraction);
}
