using Actors.Domain.Instruments;

namespace Actors.Domain.Strategies;

/// <summary>What a strategy is told once, from configuration. <see cref="Id"/> is 1 to 8 lower-case letters or digits: it is part of every client order id.</summary>
public abstract record StrategyParameters(string Id, Symbol Symbol);

/// <summary>
/// A ladder of <see cref="Levels"/> orders a side, <see cref="StepTicks"/> apart around an anchor; a fill is answered by an order one step the other way.
/// Quantity in contracts a level; no order that could take the position beyond ±<see cref="PositionMax"/> is wanted.
/// </summary>
public sealed record GridParameters(string Id, Symbol Symbol, int Levels, long StepTicks, Quantity Quantity, Quantity PositionMax)
    : StrategyParameters(Id, Symbol);

/// <summary>
/// One bid and one ask, <see cref="HalfSpreadTicks"/> away from the middle, shifted against the position by up to <see cref="SkewTicks"/> at
/// <see cref="PositionMax"/>, moved only when more than <see cref="RequoteTicks"/> off.
/// </summary>
public sealed record QuotingParameters(
    string Id,
    Symbol Symbol,
    Quantity Quantity,
    long HalfSpreadTicks,
    long RequoteTicks,
    long SkewTicks,
    Quantity PositionMax)
    : StrategyParameters(Id, Symbol);
