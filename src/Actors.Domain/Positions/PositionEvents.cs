using Actors.Domain.Instruments;

namespace Actors.Domain.Positions;

/// <summary>Something that changed a position; journaled.</summary>
public abstract record PositionEvent;

/// <summary>A fill, once for each execution. Quantity signed; price in quote units; cost and commission in minor units.</summary>
public sealed record PositionFilled(
    string ExecutionId, Quantity Change, decimal Price, long Cost, long Commission, DateTimeOffset VenueTime) : PositionEvent;

/// <summary>A payment without a trade (funding): positive was paid, negative received, in minor units.</summary>
public sealed record PositionCharged(string ExecutionId, string Kind, long Amount, DateTimeOffset VenueTime) : PositionEvent;

/// <summary>The venue's position was taken over because ours differed, or because the account was seen for the first time.</summary>
public sealed record PositionAdopted(Quantity Quantity, long UnrealisedCost, string Reason) : PositionEvent;
