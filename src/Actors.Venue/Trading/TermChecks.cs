using Actors.Domain.Instruments;

namespace Actors.Venue.Trading;

/// <summary>
/// The rules for single terms of an order, new or amended, with the venue's words for breaking them. Where the venue's words are not
/// known a comment says that they are ours.
/// </summary>
internal static class TermChecks
{
    /// <summary>Characters of a client's identifier.</summary>
    public const int ClientIdMax = 36;

    /// <summary>Why an instrument cannot be traded now.</summary>
    public static Refusal? RefuseState(ListedInstrument instrument) => instrument.Definition.State switch
    {
        InstrumentState.Open => null,
        InstrumentState.Unlisted => Refusal.Invalid("Instrument not listed for trading yet"),
        InstrumentState.Settled => Refusal.Invalid("Instrument expired"),
        _ => Refusal.Invalid("Market is not open"),
    };

    /// <summary>
    /// A client's identifier is bounded, and no two open orders of an account have the same; it may be used again once its order ended.
    /// </summary>
    public static Refusal? RefuseClientId(Clearing.Account account, string clientId, VenueOrder? own)
    {
        // The bound is the venue's, the words are ours.
        if (clientId.Length > ClientIdMax) return Refusal.Invalid($"Invalid clOrdID: expected at most {ClientIdMax} characters");
        if (clientId.Length == 0 || account.Find(clientId) is not { IsOpen: true } other || other == own) return null;
        // An order that was amended to another identifier is still found by its first.
        return other.ClientId == clientId ? Refusal.Invalid("Duplicate clOrdID") : null;
    }

    public static Refusal? RefuseQuantity(Instrument definition, long quantity)
    {
        if (quantity <= 0 || quantity > definition.OrderQuantityMax.Contracts) return Refusal.Invalid("Invalid orderQty");
        return quantity % definition.LotSize.Contracts == 0
            ? null
            : Refusal.Invalid($"Order quantity must be a multiple of lot size: {definition.LotSize}");
    }

    /// <summary>An order's own price: positive, on the grid, within the instrument's bounds.</summary>
    public static Refusal? RefusePrice(ListedInstrument instrument, decimal? price, out long? ticks)
    {
        if (RefuseGrid(instrument.Definition, price, "Invalid price", "Invalid price tickSize", out ticks) is { } refusal) return refusal;
        if (price > instrument.LimitUpPrice) return Refusal.Invalid("Price greater than limitUpPrice");
        return price < instrument.LimitDownPrice ? Refusal.Invalid("Price less than limitDownPrice") : null;
    }

    public static Refusal? RefuseStop(Instrument definition, decimal? price, out long? ticks) =>
        RefuseGrid(definition, price, "Invalid stopPx for ordType", "Invalid stopPx tickSize", out ticks);

    /// <summary>
    /// The sign of a trailing offset says on which side of the market the trigger is; it is below for a stop-sell and a buy-if-touched.
    /// </summary>
    public static Refusal? RefuseOffset(Instrument definition, PegPriceType peg, decimal? offset, bool triggersAbove)
    {
        if (peg == PegPriceType.None)
            return offset is null ? null : Refusal.Invalid("Invalid pegOffsetValue for pegPriceType");
        if (peg == PegPriceType.TrailingStopPeg && (offset is null or 0 || offset > 0 != triggersAbove))
            return Refusal.Invalid("Invalid pegOffsetValue for pegPriceType");
        return definition.Tick.TryToPrice(offset ?? 0, out _) ? null : Refusal.Invalid("Invalid pegOffsetValue tickSize");
    }

    /// <summary>
    /// The price that a peg makes now: the near or the far touch and the offset. Refused when that side of the book displays nothing.
    /// </summary>
    public static Refusal? RefusePegged(ListedInstrument instrument, Side side, PegPriceType peg, decimal? offset, out long? ticks)
    {
        ticks = null;
        var touch = instrument.BestPrice(peg == PegPriceType.PrimaryPeg ? side : side.Opposite());
        // Our words: what the venue says of an empty book was never published.
        return touch is null ? Refusal.Invalid("Invalid price: nothing to peg to") : RefusePrice(instrument, touch + (offset ?? 0), out ticks);
    }

    private static Refusal? RefuseGrid(Instrument definition, decimal? price, string words, string gridWords, out long? ticks)
    {
        ticks = null;
        if (price is not > 0 || price > definition.PriceMax) return Refusal.Invalid(words);
        if (!definition.Tick.TryToPrice(price.Value, out var onGrid)) return Refusal.Invalid(gridWords);
        ticks = onGrid.Ticks;
        return null;
    }
}
