using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>How often and how much the background traders act. Waits are milliseconds, drawn evenly between the two bounds.</summary>
internal sealed record MarketPace(
    int MakerWaitMin,
    int MakerWaitMax,
    int OrdersPerTurn,
    int Depth,
    int StepTicks,
    int TakerWaitMin,
    int TakerWaitMax,
    int BurstMax)
{
    public static readonly MarketPace Quiet = new(400, 900, 3, 8, 4, 500, 1_500, 3);

    public static readonly MarketPace Busy = new(25, 55, 3, 25, 2, 40, 160, 4);

    public static readonly MarketPace Storm = new(1, 3, 3, 25, 2, 4, 16, 4);

    /// <summary>The pace of a market that has one.</summary>
    public static MarketPace Of(MarketActivity activity) => activity switch
    {
        MarketActivity.Quiet => Quiet,
        MarketActivity.Busy or MarketActivity.Cascade => Busy,
        MarketActivity.Storm => Storm,
        _ => throw new ArgumentOutOfRangeException(nameof(activity), activity, "it has no traders"),
    };

    /// <summary>The same slowed down to a part of it, above 0 and at most 1.</summary>
    public MarketPace For(decimal activity) => this with
    {
        MakerWaitMin = (int)(MakerWaitMin / activity),
        MakerWaitMax = (int)(MakerWaitMax / activity),
        TakerWaitMin = (int)(TakerWaitMin / activity),
        TakerWaitMax = (int)(TakerWaitMax / activity),
    };

    public TimeSpan MakerWait(SeededRandom random) => TimeSpan.FromMilliseconds(random.Between(MakerWaitMin, MakerWaitMax));

    public TimeSpan TakerWait(SeededRandom random) => TimeSpan.FromMilliseconds(random.Between(TakerWaitMin, TakerWaitMax));
}
