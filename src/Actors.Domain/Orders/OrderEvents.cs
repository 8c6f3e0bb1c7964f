using Actors.Domain.Instruments;

namespace Actors.Domain.Orders;

/// <summary>
/// Something that happened to an order, journaled before it has any effect. Events are facts in the past tense; <see cref="Order"/> is what they add up to.
/// </summary>
public abstract record OrderEvent(ClientOrderId Id);

/// <summary>Risk approved it and it is about to be sent.</summary>
public sealed record OrderSubmitted(OrderTerms Terms, OrderOrigin Origin) : OrderEvent(Terms.Id);

public sealed record OrderAcknowledged(ClientOrderId Id, string VenueOrderId, DateTimeOffset VenueTime) : OrderEvent(Id);

/// <summary>A fill, once for each execution identifier. Price in quote units; cost and commission in minor units of settlement.</summary>
public sealed record OrderFilled(
    ClientOrderId Id, string ExecutionId, Quantity Quantity, decimal Price, long Cost, long Commission, DateTimeOffset VenueTime) : OrderEvent(Id);

public sealed record OrderAmendRequested(ClientOrderId Id, Price? Price, Quantity? Quantity, Price? StopPrice = null, long? PegOffsetTicks = null) : OrderEvent(Id);

/// <summary>The venue has the order at this price and total quantity now.</summary>
public sealed record OrderAmended(ClientOrderId Id, Price? Price, Quantity Quantity, DateTimeOffset VenueTime) : OrderEvent(Id);

public sealed record OrderCancelRequested(ClientOrderId Id) : OrderEvent(Id);

/// <summary>An amendment or a cancellation was refused, or its request never reached the venue; the order is as it was.</summary>
public sealed record OrderChangeRefused(ClientOrderId Id, string Reason) : OrderEvent(Id);

public sealed record OrderCancelled(ClientOrderId Id, string Reason) : OrderEvent(Id);

public sealed record OrderExpired(ClientOrderId Id, string Reason) : OrderEvent(Id);

public sealed record OrderRejected(ClientOrderId Id, string Reason) : OrderEvent(Id);

public sealed record OrderOutcomeUnknown(ClientOrderId Id, string Reason) : OrderEvent(Id);

public sealed record OrderLost(ClientOrderId Id) : OrderEvent(Id);

/// <summary>A report that this order's state does not allow (a fill of a rejected order, say): kept for the audit, and the order unchanged.</summary>
public sealed record OrderTransitionRefused(ClientOrderId Id, OrderState State, string Report) : OrderEvent(Id);

/// <summary>
/// Engine and venue were compared: every execution up to this moment is counted. After a restart only later ones have to be asked for. Concerns no single order.
/// </summary>
public sealed record ExecutionsReconciled(DateTimeOffset Until) : OrderEvent(default(ClientOrderId));
