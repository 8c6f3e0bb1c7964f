using System.Collections.Immutable;

namespace Actors.Domain.Accounts;

/// <summary>What a fee table is for.</summary>
public enum FeeClass
{
    /// <summary>Perpetuals and dated futures.</summary>
    Contract = 1,

    /// <summary>Futures on what is not listed anywhere yet.</summary>
    PreLaunch = 2,

    Prediction = 3,

    Spot = 4,
}

/// <summary>
/// The first dialect's published fee tables by date. Levels of the token discount are not among them: no complete table could be had
/// (it began at one per cent and was said to reach 15); whoever has one passes it to <see cref="FeeSchedule.DiscountOf"/>.
/// After 2023 rates were per account, and an instrument's row shows 0.0005 for both sides: ask the venue.
/// </summary>
public static class FeeHistory
{
    private static readonly ImmutableArray<(DateTimeOffset From, FeeSchedule Schedule)> Contracts =
    [
        (Day(2016, 1, 1), new FeeSchedule([Tier(0, -0.00025m, 0.00075m)])),
        (Day(2021, 8, 18), new FeeSchedule(
        [
            Tier(0, -0.0001m, 0.0005m), Tier(5, -0.0001m, 0.0004m), Tier(10, -0.0001m, 0.00035m), Tier(25, -0.0001m, 0.0003m), Tier(50, -0.0001m, 0.00025m),
        ])),
        (Day(2023, 1, 17), new FeeSchedule(
        [
            Tier(0, 0.0002m, 0.00075m), Tier(1, 0.0001m, 0.0005m), Tier(5, 0, 0.0004m), Tier(10, 0, 0.00035m), Tier(25, 0, 0.0003m), Tier(50, 0, 0.00025m),
            Tier(100, -0.00003m, 0.00024m), Tier(250, -0.00005m, 0.00023m), Tier(500, -0.00008m, 0.00022m), Tier(1000, -0.0001m, 0.000175m),
        ])
        {
            TakerMin = 0.000175m,
        }),
    ];

    private static readonly FeeSchedule PreLaunch = new([Tier(0, -0.000175m, 0.0025m)]);
    private static readonly FeeSchedule Prediction = new([Tier(0, 0, 0.0025m)]);
    private static readonly FeeSchedule Spot = new([Tier(0, 0, 0)]);

    /// <summary>
    /// The table in force at an instant; the oldest before it. Pre-launch, prediction and spot tables are known undated (spot: 2022 to 2023).
    /// </summary>
    public static FeeSchedule At(DateTimeOffset at, FeeClass feeClass = FeeClass.Contract) => feeClass switch
    {
        FeeClass.Contract => Contracts.LastOrDefault(table => table.From <= at, Contracts[0]).Schedule,
        FeeClass.PreLaunch => PreLaunch,
        FeeClass.Prediction => Prediction,
        FeeClass.Spot => Spot,
        _ => throw new ArgumentOutOfRangeException(nameof(feeClass), feeClass, "no such class of fees"),
    };

    private static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    private static FeeTier Tier(decimal millions, decimal maker, decimal taker) => new(millions * 1_000_000, new FeeRates(maker, taker));
}
