namespace Actors.Domain.Instruments;

/// <summary>The side of an order, a level or a taker.</summary>
public enum Side
{
    Buy = 1,
    Sell = 2,
}

/// <summary>Arithmetic on sides.</summary>
public static class SideExtensions
{
    /// <summary>+1 for a buy, -1 for a sell.</summary>
    public static int Sign(this Side side) => side == Side.Buy ? 1 : -1;

    /// <summary>The side a counterparty is on.</summary>
    public static Side Opposite(this Side side) => side == Side.Buy ? Side.Sell : Side.Buy;
}
