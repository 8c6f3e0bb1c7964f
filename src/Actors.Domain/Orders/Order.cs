using Actors.Domain.Instruments;

namespace Actors.Domain.Orders;

/// <summary>Where an order is in its life.</summary>
public enum OrderState
{
    /// <summary>Journaled; being sent or sent; the venue has not answered.</summary>
    Submitted = 1,

    /// <summary>The venue has it, filled in part or not at all.</summary>
    Working = 2,

    /// <summary>Sent, and the outcome is not known. Counted as working in every limit until the venue tells.</summary>
    Unknown = 3,
    Filled = 4,
    Cancelled = 5,
    Rejected = 6,
    Expired = 7,

    /// <summary>The venue was asked and never had it.</summary>
    Lost = 8,
}

/// <summary>A change that was asked for and not answered yet.</summary>
public enum PendingChange
{
    None = 0,
    Amend = 1,
    Cancel = 2,
}

/// <summary>Whose order it is: the strategy, and the place in that strategy's own plan that the order fills.</summary>
public readonly record struct OrderOrigin(string StrategyId, int Slot);

/// <summary>
/// One order with its whole state. Quantity and price are the present ones, after amendments. <see cref="VenueTime"/> is the venue's time of
/// the newest report applied: an older report says nothing about price and quantity. <see cref="FinishedSequence"/> is the ledger's sequence
/// number at which it ended, zero before.
/// </summary>
public sealed record Order(
    OrderTerms Terms,
    OrderOrigin Origin,
    OrderState State,
    PendingChange Pending,
    Quantity Quantity,
    Price? Price,
    Quantity Filled,
    string? VenueOrderId,
    string? Reason,
    DateTimeOffset UpdatedAt,
    DateTimeOffset VenueTime,
    long FinishedSequence)
{
    public ClientOrderId Id => Terms.Id;

    /// <summary>When it was journaled, before it was sent; null where only the newest change is known.</summary>
    public DateTimeOffset? SubmittedAt { get; init; }

    /// <summary>From when on the venue can have had it: what a query has to be how much younger than, to prove that it was lost.</summary>
    public DateTimeOffset SentAfter => SubmittedAt ?? UpdatedAt;

    public bool IsFinished => State is OrderState.Filled or OrderState.Cancelled or OrderState.Rejected or OrderState.Expired or OrderState.Lost;

    /// <summary>Contracts that may still trade; zero when finished.</summary>
    public Quantity Leaves => IsFinished ? Quantity.Zero : Quantity - Quantity.Min(Filled, Quantity);
}
