using Actors.Domain.Books;
using Actors.Domain.Instruments;

namespace Actors.Domain.Strategies;

/// <summary>
/// What a strategy remembers between decisions and over restarts. <see cref="Inventory"/> is what its own orders have added up to, in contracts,
/// whatever else the account holds.
/// </summary>
public sealed record StrategyMemory(Price? Anchor, Quantity Inventory, long LastSequence)
{
    public static readonly StrategyMemory Empty = new(null, Quantity.Zero, 0);

    public StrategyMemory Apply(StrategyEvent happened) => happened switch
    {
        StrategyAnchored anchored => this with { Anchor = anchored.Anchor },
        SlotFilled filled when filled.Sequence > LastSequence => this with { Inventory = Inventory + filled.Change, LastSequence = filled.Sequence },
        _ => this,
    };
}

/// <summary>What a strategy sees when it decides.</summary>
public readonly record struct StrategyContext(BookTop Top, Quantity Position);

/// <summary>An order that a strategy wants to be working, in a slot of its plan.</summary>
public readonly record struct DesiredOrder(int Slot, Side Side, Price Price, Quantity Quantity);

/// <summary>A pure strategy: from what it remembers and sees to the orders it wants to be working. It knows no clock, no venue and no other strategy.</summary>
public interface IStrategy
{
    StrategyParameters Parameters { get; }

    /// <summary>A price that differs by no more than this many ticks is left where it is, so as not to lose its place in the queue.</summary>
    long ToleranceTicks { get; }

    /// <summary>The anchor to fix before orders can be wanted; null when there is nothing to fix.</summary>
    Price? AnchorWanted(StrategyMemory memory, StrategyContext context);

    IReadOnlyList<DesiredOrder> Desired(StrategyMemory memory, StrategyContext context);
}

/// <summary>Makes the strategy that a parameter record describes.</summary>
public static class StrategyFactory
{
    /// <summary>Throws <see cref="ArgumentException"/> for a kind of parameters that no strategy takes.</summary>
    public static IStrategy Create(StrategyParameters parameters) => parameters switch
    {
        GridParameters grid => new GridStrategy(grid),
        QuotingParameters quoting => new QuotingStrategy(quoting),
        _ => throw new ArgumentException($"no strategy takes {parameters.GetType().Name}", nameof(parameters)),
    };
}
