using Actors.Domain.Instruments;

namespace Actors.Domain.Strategies;

/// <summary>
/// A ladder around an anchor. Line k lies k steps above the anchor. One line, the gap, holds no order: lines below it want to buy, lines above it want to
/// sell. The gap is where the inventory says: each level bought moves it one line down, each level sold one line up, so a buy is answered by a sell one
/// step higher, and lines that the market jumped over are not counted as traded. The largest position bounds the lines.
/// </summary>
public sealed class GridStrategy(GridParameters parameters) : IStrategy
{
    public StrategyParameters Parameters => parameters;

    public long ToleranceTicks => 0;

    public Price? AnchorWanted(StrategyMemory memory, StrategyContext context) =>
        memory.Anchor is null && context.Top is { Bid: { } bid, Ask: { } ask } ? new Price((bid.Price.Ticks + ask.Price.Ticks) / 2) : null;

    public IReadOnlyList<DesiredOrder> Desired(StrategyMemory memory, StrategyContext context)
    {
        if (memory.Anchor is not { } anchor || context.Top is not { Bid: { } bid, Ask: { } ask }) return [];
        var lineMax = (int)Math.Min(parameters.PositionMax.Contracts / parameters.Quantity.Contracts, int.MaxValue);
        var gap = (int)Math.Clamp(-memory.Inventory.Contracts / parameters.Quantity.Contracts, -lineMax, lineMax);
        var desired = new List<DesiredOrder>(2 * parameters.Levels);
        for (var distance = 1; distance <= parameters.Levels; distance++)
        {
            Want(Side.Buy, gap - distance);
            Want(Side.Sell, gap + distance);
        }

        return desired;

        void Want(Side side, int line)
        {
            var price = anchor.Plus(line * parameters.StepTicks);
            // A line that the market has passed would trade at once as a taker: it waits until the market is back.
            var passed = side == Side.Buy ? price >= ask.Price : price <= bid.Price;
            if (Math.Abs(line) <= lineMax && price.Ticks > 0 && !passed) desired.Add(new DesiredOrder(line, side, price, parameters.Quantity));
        }
    }
}
