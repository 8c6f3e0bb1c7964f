using Actors.Domain.Instruments;

namespace Actors.Domain.Strategies;

/// <summary>
/// One bid and one ask around the middle of the book, both shifted against the position in proportion to it, so that inventory is worked off.
/// At the largest position only the reducing side is quoted. Slot 0 is the bid, slot 1 the ask.
/// </summary>
public sealed class QuotingStrategy(QuotingParameters parameters) : IStrategy
{
    private const int BidSlot = 0;
    private const int AskSlot = 1;

    public StrategyParameters Parameters => parameters;

    public long ToleranceTicks => parameters.RequoteTicks;

    public Price? AnchorWanted(StrategyMemory memory, StrategyContext context) => null;

    public IReadOnlyList<DesiredOrder> Desired(StrategyMemory memory, StrategyContext context)
    {
        if (context.Top is not { Bid: { } bid, Ask: { } ask }) return [];
        var skew = (long)((Int128)context.Position.Contracts * parameters.SkewTicks / parameters.PositionMax.Contracts);
        var twiceMiddle = bid.Price.Ticks + ask.Price.Ticks;
        // Floor for the bid and ceiling for the ask keep the pair symmetrical around a middle that lies between two ticks.
        var buy = Math.Min(FloorHalf(twiceMiddle) - parameters.HalfSpreadTicks - skew, ask.Price.Ticks - 1);
        var sell = Math.Max(-FloorHalf(-twiceMiddle) + parameters.HalfSpreadTicks - skew, bid.Price.Ticks + 1);
        var desired = new List<DesiredOrder>(2);
        if (context.Position + parameters.Quantity <= parameters.PositionMax && buy > 0)
            desired.Add(new DesiredOrder(BidSlot, Side.Buy, new Price(buy), parameters.Quantity));
        if (context.Position - parameters.Quantity >= -parameters.PositionMax)
            desired.Add(new DesiredOrder(AskSlot, Side.Sell, new Price(sell), parameters.Quantity));
        return desired;
    }

    private static long FloorHalf(long twice) => twice >> 1;
}
