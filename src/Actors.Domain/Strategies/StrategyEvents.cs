using Actors.Domain.Instruments;

namespace Actors.Domain.Strategies;

/// <summary>Something a strategy did or took note of; journaled before its effect.</summary>
public abstract record StrategyEvent;

/// <summary>The strategy fixed the price that its ladder hangs on.</summary>
public sealed record StrategyAnchored(Price Anchor) : StrategyEvent;

/// <summary>
/// An order of the strategy ended with contracts traded: <see cref="Change"/> is what that did to the position, signed. <see cref="Sequence"/> is the order
/// ledger's number of that moment, so that none is taken twice.
/// </summary>
public sealed record SlotFilled(int Slot, Quantity Change, long Sequence) : StrategyEvent;

/// <summary>What the strategy wanted, and the highest counter it has used for a client order id in this session.</summary>
public sealed record IntentsDecided(IReadOnlyList<Intent> Intents, string SessionId, long Counter) : StrategyEvent;
