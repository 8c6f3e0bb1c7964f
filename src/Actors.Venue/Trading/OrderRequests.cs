using Actors.Domain.Instruments;
using Actors.Domain.Orders;

namespace Actors.Venue.Trading;

/// <summary>
/// An order as asked for, before any check of its content. Quantities in contracts, unsigned; prices in quote units. Null where the
/// client said nothing.
/// </summary>
internal sealed record NewOrder(
    string Symbol,
    Side? Side,
    long? Quantity,
    decimal? Price,
    VenueOrderType Type,
    TimeInForce? TimeInForce,
    ExecutionInstructions Instructions,
    string ClientId,
    string Text)
{
    /// <summary>The most that is displayed at once; zero hides the order.</summary>
    public long? DisplayQuantity { get; init; }

    /// <summary>The trigger price.</summary>
    public decimal? StopPrice { get; init; }

    public PegPriceType Peg { get; init; }

    /// <summary>Distance from the price that the order is pegged to, signed.</summary>
    public decimal? PegOffset { get; init; }

    /// <summary>Names the group of a contingent order; empty for none.</summary>
    public string LinkId { get; init; } = "";

    public ContingencyType Contingency { get; init; }
}

/// <summary>A change to an open order, in the units of <see cref="NewOrder"/>; null leaves a term as it is.</summary>
internal sealed record OrderAmendment(
    long? Quantity = null,
    decimal? Price = null,
    long? Leaves = null,
    string? NewClientId = null,
    string? Text = null,
    decimal? StopPrice = null,
    decimal? PegOffset = null);

/// <summary>The order after a request, or why the request was refused: an HTTP status and the venue's words.</summary>
internal readonly record struct OrderOutcome(VenueOrder? Order, Refusal? Refusal)
{
    public static implicit operator OrderOutcome(VenueOrder order) => new(order, null);

    public static implicit operator OrderOutcome(Refusal refusal) => new(null, refusal);
}

/// <summary>Why a request was not executed.</summary>
internal sealed record Refusal(int Status, string Message)
{
    public static Refusal Invalid(string message) => new(400, message);
}
