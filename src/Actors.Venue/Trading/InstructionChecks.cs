using Actors.Domain.Instruments;
using Actors.Domain.Orders;

namespace Actors.Venue.Trading;

/// <summary>Which types, instructions, times in force, pegs and links go together. All words are the venue's published ones.</summary>
internal static class InstructionChecks
{
    private const ExecutionInstructions NotForSpot =
        OrderTerms.Reducing | ExecutionInstructions.IndexPrice | ExecutionInstructions.LastWithinMark;

    public static Refusal? Refuse(ListedInstrument instrument, NewOrder request)
    {
        var words = Instructions(request) ?? Peg(request) ?? Contingency(request);
        if (words is null && instrument.Definition.Kind == ContractKind.Spot && (request.Instructions & NotForSpot) != 0) words = "Invalid execInst";
        return words is null ? null : Refusal.Invalid(words);
    }

    private static string? Instructions(NewOrder request)
    {
        var instructions = request.Instructions;
        if (instructions.HasFlag(ExecutionInstructions.AllOrNone))
            return request.DisplayQuantity == 0 ? "Unsupported execInst" : "Invalid displayQty for execInst";
        if (instructions.HasFlag(ExecutionInstructions.ParticipateDoNotInitiate))
        {
            if (!request.Type.HasPrice() && request.Type != VenueOrderType.Pegged) return "Invalid ordType for execInst";
            if (request.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill)
                return "Invalid ordType or timeInForce for execInst";
        }

        var triggers = instructions & OrderTerms.TriggerPrices;
        if (int.PopCount((int)triggers) > 1) return "Invalid execInst";
        if (instructions.HasFlag(ExecutionInstructions.LastWithinMark) && triggers != ExecutionInstructions.LastPrice)
            return "Invalid execInst";
        if (triggers != 0 && !request.Type.Waits()) return "Invalid ordType for execInst";
        return instructions.HasFlag(ExecutionInstructions.Fixed) && request.Type != VenueOrderType.Pegged ? "Invalid ordType for execInst" : null;
    }

    private static string? Peg(NewOrder request)
    {
        if (request.Peg is PegPriceType.LastPeg or PegPriceType.MidPricePeg) return "Unsupported pegPriceType";
        var fits = request.Peg switch
        {
            PegPriceType.TrailingStopPeg => request.Type.Waits(),
            PegPriceType.None => request.Type != VenueOrderType.Pegged,
            _ => request.Type == VenueOrderType.Pegged,
        };
        if (!fits) return "Invalid pegPriceType for ordType";
        return request.Type == VenueOrderType.Pegged && !request.Instructions.HasFlag(ExecutionInstructions.Fixed) ? "Invalid execInst" : null;
    }

    private static string? Contingency(NewOrder request)
    {
        // The bound is that of client identifiers.
        if (request.LinkId.Length > TermChecks.ClientIdMax) return "Invalid clOrdLinkID for contingencyType";
        return request.Contingency != ContingencyType.None && request.LinkId.Length == 0 ? "Invalid clOrdLinkID for contingencyType" : null;
    }
}
