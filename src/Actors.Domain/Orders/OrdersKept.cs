using Actors.Domain.Sessions;

namespace Actors.Domain.Orders;

/// <summary>
/// An <see cref="OrderLedger"/> at one moment. Live orders by identifier; finished ones in the order in which they finished, at most
/// <see cref="OrderLedger.FinishedMax"/>; executions oldest first, at most <see cref="OrderLedger.ExecutionsMax"/>.
/// </summary>
public sealed record OrdersKept(
    long Sequence,
    DateTimeOffset? LastFillAt,
    DateTimeOffset? ExecutionsReconciledUntil,
    IReadOnlyList<Order> Live,
    IReadOnlyList<Order> Finished,
    IReadOnlyList<string> Executions) : StateKept;
