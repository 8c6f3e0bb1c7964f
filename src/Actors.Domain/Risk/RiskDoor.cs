using System.Globalization;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Strategies;

namespace Actors.Domain.Risk;

/// <summary>What risk says to an intent.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    public sealed record Approved(ApprovedIntent Intent) : Verdict;

    /// <summary>Names the limit, the value and the bound.</summary>
    public sealed record Refused(string Reason) : Verdict;
}

/// <summary>An intent that passed the door. Only <see cref="RiskDoor"/> can make one, and nothing else is ever sent.</summary>
public sealed class ApprovedIntent
{
    internal ApprovedIntent(Intent intent) => Intent = intent;

    public Intent Intent { get; }
}

/// <summary>The only door from an intent to an order.</summary>
public static class RiskDoor
{
    /// <summary>
    /// Judges an intent and, when it is approved, reserves its headroom. A cancellation always passes: it can only make the account safer.
    /// </summary>
    public static Verdict Judge(RiskState state, Intent intent, DateTimeOffset now)
    {
        if (intent is CancelIntent) return new Verdict.Approved(new ApprovedIntent(intent));
        if (Refusal(state, intent, now) is { } reason) return new Verdict.Refused(reason);
        state.Reserve(intent, now);
        return new Verdict.Approved(new ApprovedIntent(intent));
    }

    private static string? Refusal(RiskState state, Intent intent, DateTimeOffset now)
    {
        if (state.ClosedGates.Count > 0)
        {
            // By gate and not by when it closed: a door that was recovered names the same.
            var (gate, reason) = state.ClosedGates.MinBy(static one => one.Key);
            return $"door closed ({gate}): {reason}";
        }

        if (state.Find(intent.Symbol) is not { } risk) return $"no limits for {intent.Symbol}";
        if (risk.Book != BookStatus.Live) return $"book of {intent.Symbol} is {risk.Book}";
        if (state.ApprovedLastSecond(now) >= state.Limits.OrdersPerSecondMax)
            return $"ordersPerSecond would pass its bound {state.Limits.OrdersPerSecondMax}";
        return intent switch
        {
            PlaceIntent place => RefusePlace(risk, place.Terms),
            AmendIntent amend => RefuseAmend(risk, amend),
            _ => $"no rule judges {intent.GetType().Name}",
        };
    }

    private static string? RefusePlace(InstrumentRisk risk, OrderTerms terms)
    {
        if (risk.Instrument.State != InstrumentState.Open) return $"{terms.Symbol} is {risk.Instrument.State}";
        if (risk.Open.Count >= risk.Limits.OpenOrdersMax) return $"openOrders {risk.Open.Count + 1} of {terms.Symbol} is above its bound {risk.Limits.OpenOrdersMax}";
        return OrderRules.Refuse(terms, risk.Instrument, risk.Position)
            ?? RefuseQuantity(risk, terms.Id, terms.Side, terms.Quantity)
            ?? (terms.Price is { } price ? RefusePrice(risk, price) : null);
    }

    private static string? RefuseAmend(InstrumentRisk risk, AmendIntent amend)
    {
        if (!risk.Open.TryGetValue(amend.Id, out var open)) return $"order {amend.Id} is not open";
        if (open.Order is not { } order) return $"order {amend.Id} is approved and has not been submitted yet";
        return OrderRules.RefuseAmend(order, amend.Change, risk.Instrument)
            ?? (amend.Quantity is { } quantity ? RefuseQuantity(risk, amend.Id, open.Side, quantity) : null)
            ?? (amend.Price is { } price ? RefusePrice(risk, price) : null);
    }

    private static string? RefuseQuantity(InstrumentRisk risk, ClientOrderId id, Side side, Quantity quantity)
    {
        if (risk.Instrument.RefuseQuantity(quantity) is { } refusal) return refusal;
        if (quantity > risk.Limits.OrderQuantityMax) return $"orderQuantity {quantity} of {risk.Instrument.Symbol} is above its bound {risk.Limits.OrderQuantityMax}";
        var position = risk.PositionIfFilled(side, id) + Quantity.Signed(side, quantity);
        return position.Absolute > risk.Limits.PositionMax && position.Absolute > risk.Position.Absolute
            ? $"position {position} of {risk.Instrument.Symbol}, all open orders filled, is above its bound {risk.Limits.PositionMax}"
            : null;
    }

    private static string? RefusePrice(InstrumentRisk risk, Price price)
    {
        var decimals = risk.Instrument.Tick.ToDecimal(price);
        if (decimals <= 0 || decimals > risk.Instrument.PriceMax) return Words($"price {decimals} is outside 0 to {risk.Instrument.PriceMax}");
        if (risk.Mark is not { } mark || mark <= 0) return $"no mark price of {risk.Instrument.Symbol} yet";
        var distance = Math.Abs(decimals - mark) / mark;
        return distance > risk.Limits.PriceDistanceMax
            ? Words($"priceDistance {decimal.Round(distance, 4)} of {decimals} from mark {mark} is above its bound {risk.Limits.PriceDistanceMax}")
            : null;
    }

    private static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
