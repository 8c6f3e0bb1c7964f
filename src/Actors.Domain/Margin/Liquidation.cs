using Actors.Domain.Instruments;
using Actors.Domain.Positions;

namespace Actors.Domain.Margin;

/// <summary>The next thing to do with a position that may be short of maintenance.</summary>
public enum LiquidationAction
{
    /// <summary>Equity meets maintenance.</summary>
    None = 0,

    /// <summary>Cancel the account's open orders in the symbol: their margin may be enough.</summary>
    CancelOrders = 1,

    /// <summary>Lower the chosen risk limit: the position already fits a lower tier, which asks for less.</summary>
    LowerRiskLimit = 2,

    /// <summary>Close a part, all at once or not at all, at the bankruptcy price or better, so that the rest fits the next lower tier.</summary>
    Reduce = 3,

    /// <summary>Take the whole position over at the bankruptcy price.</summary>
    TakeOver = 4,
}

/// <summary>
/// One step of a liquidation. <see cref="Change"/> is the signed quantity to trade, zero where there is none; <see cref="Bankruptcy"/> the worst
/// price of it; <see cref="RiskLimit"/> the limit that holds afterwards, zero where it does not change or is automatic.
/// </summary>
public readonly record struct LiquidationDecision(LiquidationAction Action, Quantity Change = default, Price Bankruptcy = default, long RiskLimit = 0);

/// <summary>What a takeover leaves: the account's position, what the liquidation engine holds now, and the fee the account paid, in minor units.</summary>
public readonly record struct Takeover(Position Account, Position Engine, long Fee);

/// <summary>
/// The venue's liquidation as pure decisions, one step at a time: the caller carries a step out, brings the holding and the balance up to date and
/// asks again. After the venue's published description; under <see cref="MarginEngine.Shared"/> all cross positions of an account fall due together.
/// </summary>
public static class Liquidation
{
    /// <summary>
    /// The next step for one holding. <paramref name="available"/> as in <see cref="LiquidationPrice.Of"/>; <paramref name="reductionFailed"/> when the
    /// last <see cref="LiquidationAction.Reduce"/> found no one to trade with.
    /// </summary>
    public static LiquidationDecision Decide(
        in MarginHolding holding, long available, MarginEngine engine = MarginEngine.Separate, bool reductionFailed = false)
    {
        if (!LiquidationPrice.IsDue(holding, available, engine)) return default;
        if (!holding.Orders.IsEmpty) return new LiquidationDecision(LiquidationAction.CancelOrders);
        var bankruptcy = BankruptcyOf(holding, available, engine);
        var tier = holding.Tier;
        var whole = new LiquidationDecision(LiquidationAction.TakeOver, -holding.Position.Quantity, bankruptcy);
        if (tier.Steps == 0 || reductionFailed) return whole;
        var limit = holding.Terms.Tiers.Tier(tier.Steps - 1).Limit;
        var chosen = holding.RiskLimit > 0 ? limit : 0;
        if (holding.Cost < limit) return new LiquidationDecision(LiquidationAction.LowerRiskLimit, default, default, chosen);
        var closing = ClosingBelow(holding, limit);
        return closing >= Math.Abs(holding.Quantity)
            ? whole
            : new LiquidationDecision(LiquidationAction.Reduce, new Quantity(-Math.Sign(holding.Quantity) * closing), bankruptcy, chosen);
    }

    /// <summary>
    /// Moves the whole position to the liquidation engine at the bankruptcy price. The account pays the taker fee that was reserved for it: that the
    /// venue keeps it is our reading. What the account loses and what the engine, the fee's taker and the account hold afterwards sum to zero.
    /// </summary>
    public static Takeover TakeOver(in MarginHolding holding, Price bankruptcy)
    {
        var instrument = holding.Terms.Instrument;
        var taken = holding.Position.Quantity;
        var cost = ContractValue.Cost(instrument, taken, bankruptcy);
        var fee = holding.Terms.TakerFee.Floor(Math.Abs(cost));
        return new Takeover(holding.Position.Fill(-taken, -cost, fee), Position.Flat.Fill(taken, cost, 0), fee);
    }

    private static Price BankruptcyOf(in MarginHolding holding, long available, MarginEngine engine)
    {
        var price = LiquidationPrice.Of(holding, available, engine).Bankruptcy;
        return holding.Quantity > 0 ? holding.Terms.Instrument.Tick.Ceiling(price) : holding.Terms.Instrument.Tick.Floor(price);
    }

    /// <summary>The fewest whole lots to close so that the cost that stays is below the limit.</summary>
    private static long ClosingBelow(in MarginHolding holding, long limit)
    {
        var size = Math.Abs(holding.Quantity);
        var lot = holding.Terms.Instrument.LotSize.Contracts;
        // The cost released is truncated, so that at least this much must be released exactly.
        var contracts = Exact.Ceiling((Int128)(holding.Cost - limit + 1) * size, holding.Cost);
        return (long)Int128.Min(size, Exact.Ceiling(contracts, lot) * lot);
    }
}
