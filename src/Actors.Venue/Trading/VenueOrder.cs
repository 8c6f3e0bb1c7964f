using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Clearing;
using Actors.Venue.Matching;
using Actors.Venue.Snapshots;

namespace Actors.Venue.Trading;

/// <summary>
/// One order as the venue keeps it, from acceptance to its end. Quantities in contracts, prices in ticks, offsets in quote units.
/// </summary>
internal sealed class VenueOrder
{
    public required Guid Id { get; init; }

    /// <summary>Rises with each order of the exchange: the order of arrival.</summary>
    public required long Sequence { get; init; }

    public required Holding Holding { get; init; }

    /// <summary>Empty when the client gave none. An amend may change it.</summary>
    public required string ClientId { get; set; }

    public required Side Side { get; init; }

    public required VenueOrderType Type { get; init; }

    public required TimeInForce TimeInForce { get; init; }

    public required ExecutionInstructions Instructions { get; init; }

    /// <summary>Zero while a closing order without a quantity waits: it takes that of the position when it triggers.</summary>
    public required long Quantity { get; set; }

    /// <summary>Null when the order trades at any price.</summary>
    public required long? PriceTicks { get; set; }

    public required string Text { get; set; }

    public required DateTimeOffset Timestamp { get; set; }

    /// <summary>The most that is displayed at once; null displays all, zero nothing.</summary>
    public long? DisplayQuantity { get; init; }

    /// <summary>The trigger price; null for an order that has none.</summary>
    public long? StopTicks { get; set; }

    public PegPriceType Peg { get; init; }

    public decimal? PegOffset { get; set; }

    /// <summary>The reference price that a trailing trigger was last set from.</summary>
    public decimal TrailedFrom { get; set; }

    public string LinkId { get; init; } = "";

    public ContingencyType Contingency { get; init; }

    /// <summary>The order that must be filled before this one becomes active; null when none.</summary>
    public VenueOrder? Parent { get; set; }

    public long Leaves { get; set; }

    public long Filled { get; private set; }

    public VenueOrderStatus Status { get; private set; } = VenueOrderStatus.New;

    public OrderTrigger Triggered { get; set; }

    public string RejectReason { get; private set; } = "";

    /// <summary>Whether the order rests in the book or is matching now.</summary>
    public bool IsWorking { get; set; }

    /// <summary>The book's handle while the order rests; negative otherwise.</summary>
    public int Handle { get; set; } = -1;

    /// <summary>What the holding counts for this order now.</summary>
    public long ReservedQuantity { get; set; }

    public long ReservedCost { get; set; }

    /// <summary>Mean price of the fills in quote units: of contracts for linear kinds, of value for inverse kinds.</summary>
    public decimal? AveragePrice { get; private set; }

    public Account Account => Holding.Account;

    public ListedInstrument Instrument => Holding.Instrument;

    public bool IsOpen => Status is VenueOrderStatus.New or VenueOrderStatus.PartiallyFilled;

    /// <summary>Whether the order is waiting for its trigger price; false while it still waits for its parent.</summary>
    public bool IsArmed { get; set; }

    /// <summary>Whether it may only make the position smaller.</summary>
    public bool Reduces => (Instructions & OrderTerms.Reducing) != 0;

    public decimal? Price => PriceTicks is { } ticks ? Instrument.Decimal(ticks) : null;

    public decimal? StopPrice => StopTicks is { } ticks ? Instrument.Decimal(ticks) : null;

    /// <summary>
    /// The worst price in ticks that it may trade at. The venue also stops a market order at its account's bankruptcy price, which
    /// nothing computes yet.
    /// </summary>
    public long LimitTicks => PriceTicks ?? (Side == Side.Buy ? long.MaxValue : long.MinValue);

    /// <summary>The most that the book displays of it at once.</summary>
    public long Peak => DisplayQuantity ?? MatchingBook<VenueOrder>.AllDisplayed;

    public bool Has(ExecutionInstructions instruction) => (Instructions & instruction) == instruction;

    /// <summary>Takes a fill; more than what is left throws, for it would break the venue's first promise.</summary>
    public void Fill(long quantity, decimal price, DateTimeOffset time)
    {
        if (quantity <= 0 || quantity > Leaves)
            throw new InvalidOperationException($"a fill of {quantity} does not fit an order with {Leaves} left");
        AveragePrice = Average(quantity, price);
        Filled += quantity;
        Leaves -= quantity;
        Timestamp = time;
        Status = Leaves == 0 ? VenueOrderStatus.Filled : VenueOrderStatus.PartiallyFilled;
        if (Leaves == 0) End();
    }

    /// <summary>Makes a filled order live again with more to fill; the caller opens it in its holding.</summary>
    public void Revive() => Status = VenueOrderStatus.PartiallyFilled;

    /// <summary>Sets what is open of it; the total follows.</summary>
    public void Resize(long leaves)
    {
        Leaves = leaves;
        Quantity = Filled + leaves;
    }

    /// <summary>Ends the order without filling it; the reason is put before the client's own text.</summary>
    public void Cancel(string reason, DateTimeOffset time)
    {
        Status = VenueOrderStatus.Canceled;
        Close($"Canceled: {reason}", time);
    }

    /// <summary>Ends an order that was accepted and cannot be executed.</summary>
    public void Reject(string reason, DateTimeOffset time)
    {
        Status = VenueOrderStatus.Rejected;
        RejectReason = reason;
        Close($"Rejected: {reason}", time);
    }

    /// <summary>Puts what happened to the order before the client's own text.</summary>
    public void Note(string what) => Text = Text.Length == 0 ? what : $"{what}\n{Text}";

    /// <summary>Passes an order with all that is its own; the one that was passed when writing. Its place in a book is the book's.</summary>
    public static VenueOrder Pass(StateStream state, VenueOrder? order) => new()
    {
        Holding = state.Pass(order?.Holding),
        Id = state.Pass(order?.Id ?? default),
        Sequence = state.Pass(order?.Sequence ?? 0),
        ClientId = state.Pass(order?.ClientId ?? ""),
        Side = state.Pass(order?.Side ?? default),
        Type = state.Pass(order?.Type ?? default),
        TimeInForce = state.Pass(order?.TimeInForce ?? default),
        Instructions = state.Pass(order?.Instructions ?? default),
        Quantity = state.Pass(order?.Quantity ?? 0),
        PriceTicks = state.Pass(order?.PriceTicks),
        Text = state.Pass(order?.Text ?? ""),
        Timestamp = state.Pass(order?.Timestamp ?? default),
        DisplayQuantity = state.Pass(order?.DisplayQuantity),
        StopTicks = state.Pass(order?.StopTicks),
        Peg = state.Pass(order?.Peg ?? default),
        PegOffset = state.Pass(order?.PegOffset),
        TrailedFrom = state.Pass(order?.TrailedFrom ?? 0),
        LinkId = state.Pass(order?.LinkId ?? ""),
        Contingency = state.Pass(order?.Contingency ?? default),
        Leaves = state.Pass(order?.Leaves ?? 0),
        Filled = state.Pass(order?.Filled ?? 0),
        Status = state.Pass(order?.Status ?? default),
        Triggered = state.Pass(order?.Triggered ?? default),
        RejectReason = state.Pass(order?.RejectReason ?? ""),
        IsWorking = state.Pass(order?.IsWorking ?? false),
        ReservedQuantity = state.Pass(order?.ReservedQuantity ?? 0),
        ReservedCost = state.Pass(order?.ReservedCost ?? 0),
        AveragePrice = state.Pass(order?.AveragePrice),
        IsArmed = state.Pass(order?.IsArmed ?? false),
    };

    private void Close(string what, DateTimeOffset time)
    {
        Leaves = 0;
        Note(what);
        Timestamp = time;
        End();
    }

    private void End()
    {
        IsWorking = false;
        IsArmed = false;
        Parent = null;
        Handle = -1;
        Holding.Orders.Remove(this);
    }

    private decimal Average(long quantity, decimal price)
    {
        if (AveragePrice is not { } before || before == price) return price;
        var total = Filled + quantity;
        return Instrument.Definition.Kind == ContractKind.Inverse
            ? decimal.Round(total / ((Filled / before) + (quantity / price)), 4)
            : decimal.Round(((before * Filled) + (price * quantity)) / total, 4);
    }
}
