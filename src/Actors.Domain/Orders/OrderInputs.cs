using Actors.Domain.Port;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Domain.Orders;

/// <summary>Risk let an intent pass.</summary>
public sealed record IntentPassed(Intent Intent) : Input;

/// <summary>The answer to a placement.</summary>
public sealed record PlaceAnswered(ClientOrderId Id, OrderEntryOutcome Outcome) : Input;

/// <summary>The answer to an amendment or a cancellation.</summary>
public sealed record ChangeAnswered(ClientOrderId Id, OrderEntryOutcome Outcome) : Input;

/// <summary>
/// The answer to a query for one order; null: the venue did not have it when it was asked. That proves its loss only where it was asked late enough for every
/// request to be over.
/// </summary>
public sealed record LookupAnswered(ClientOrderId Id, OrderReport? Report, DateTimeOffset AskedAt) : Input;

/// <summary>Executions that had been asked for because the venue had counted more fills than we have.</summary>
public sealed record ExecutionsAnswered(IReadOnlyList<ExecutionReport> Executions) : Input;

/// <summary>An order's state as a frame told it.</summary>
public sealed record ReportTold(OrderReport Report) : Input;

/// <summary>The venue's executions and open orders, to be compared with ours; orders that changed after they were asked for are not judged by them.</summary>
public sealed record VenueCompared(DateTimeOffset AskedAt, IReadOnlyList<ExecutionReport> Executions, IReadOnlyList<OrderReport> OpenOrders) : Input;

/// <summary>The comparison is over, positions too: every execution until then is counted.</summary>
public sealed record ComparisonSettled(DateTimeOffset Until) : Input;

/// <summary>Every live order is to be cancelled, from now on until none is left.</summary>
public sealed record CancelAllAsked(string Reason) : Input;

/// <summary>What is still open was gone through because time went by.</summary>
public sealed record ChaseDue : Input;

/// <summary>The gateway began anew: what was on its way is not known.</summary>
public sealed record GatewayForgot : Input;
