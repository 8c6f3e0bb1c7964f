using System.Numerics;
using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Tests.Exact;

namespace Actors.Domain.Tests.Margin;

/// <summary>
/// Margin once more, written from its definitions in unbounded fractions: rounded where a definition rounds, and nowhere else. It takes the raw
/// facts of a holding (quantity, cost, mark, leverage, orders, limits, rates) and none of what the fast code derives from them.
/// </summary>
internal static class NaiveMargin
{
    public sealed record Line(BigInteger Initial, BigInteger Commission, BigInteger Maintenance, BigInteger Margin, BigInteger Profit, BigInteger Orders, BigInteger OpenCost, BigInteger Value);

    public sealed record Sum(BigInteger Balance, BigInteger Orders, BigInteger Positions, BigInteger Risk, BigInteger Available);

    public static BigInteger Value(Instrument instrument, long quantity, Rational price)
    {
        Rational multiplier = instrument.Multiplier;
        if (instrument.Kind != ContractKind.Inverse) return (multiplier * price * quantity).Nearest();
        Rational lot = instrument.LotSize.Contracts;
        Rational ofOneLot = (multiplier * lot / price).Nearest();
        return (ofOneLot * quantity / lot).Nearest();
    }

    public static Line Of(in MarginHolding holding)
    {
        var instrument = holding.Terms.Instrument;
        var cost = BigInteger.Abs(holding.Position.UnrealisedCost);
        var open = GrossOpenCost(holding);
        var (initialRate, maintenanceRate) = Rates(holding, cost + open);
        Rational fee = Math.Max(0, instrument.TakerFeeRate);
        var orders = open.IsZero ? 0 : ((Rational)open * initialRate).Ceiling();
        orders += ((((Rational)open * 2) + orders) * fee).Ceiling() + Premium(holding);
        if (holding.Quantity == 0) return new Line(0, 0, 0, 0, 0, orders, open, 0);
        var value = Signed(holding) * Value(instrument, Math.Abs(holding.Quantity), holding.Mark);
        var profit = value - holding.Position.UnrealisedCost;
        var initial = ((Rational)cost * initialRate).Ceiling();
        var commission = (((Rational)cost + initial) * fee).Ceiling();
        var maintenance = ((Rational)cost * (maintenanceRate + Funding(holding))).Ceiling() + commission;
        var cross = holding.Leverage != 0 ? holding.Transferred : BigInteger.Max(0, -profit);
        return new Line(initial, commission, maintenance, initial + commission + cross, profit, orders, open, BigInteger.Abs(value));
    }

    public static Sum Of(long wallet, IEnumerable<MarginHolding> holdings, MarginEngine engine)
    {
        BigInteger balance = wallet, orders = 0, positions = 0, risk = 0;
        foreach (var holding in holdings)
        {
            var line = Of(holding);
            balance += line.Profit;
            orders += line.Orders;
            positions += engine == MarginEngine.Shared && holding.Leverage == 0 ? line.Maintenance : line.Margin + line.Profit;
            risk += line.Value + line.OpenCost;
        }

        return new Sum(balance, orders, positions, risk, balance - orders - positions);
    }

    /// <summary>
    /// Whether a position is short. Isolated: margin and profit below maintenance. Cross, separate: the same with the free balance added. Cross,
    /// shared: nothing is available any more.
    /// </summary>
    public static bool IsDue(long wallet, IReadOnlyList<MarginHolding> holdings, int index, MarginEngine engine)
    {
        var holding = holdings[index];
        var line = Of(holding);
        if (holding.Leverage != 0) return line.Margin + line.Profit < line.Maintenance;
        var available = Of(wallet, holdings, engine).Available;
        return engine == MarginEngine.Shared ? available < 0 : line.Margin + available + line.Profit < line.Maintenance;
    }

    /// <summary>The shown liquidation (or, without maintenance, bankruptcy) price of an isolated position without transferred margin.</summary>
    public static Rational Shown(in MarginHolding holding, bool bankruptcy)
    {
        var instrument = holding.Terms.Instrument;
        Rational cost = Math.Abs(holding.Position.UnrealisedCost);
        Rational size = Math.Abs(holding.Quantity);
        var (initial, maintenance) = Rates(holding, BigInteger.Abs(holding.Position.UnrealisedCost));
        var rate = bankruptcy ? initial : initial - maintenance - Funding(holding);
        var isLong = holding.Quantity > 0;
        Rational tick = instrument.Tick.Value;
        Rational price;
        if (instrument.Kind == ContractKind.Inverse)
        {
            Rational lot = instrument.LotSize.Contracts;
            var ofOneLot = cost * lot / size * (isLong ? 1 + rate : 1 - rate);
            price = (Rational)instrument.Multiplier * lot / (isLong ? ofOneLot.Floor() : ofOneLot.Ceiling());
        }
        else
        {
            price = cost / size / instrument.Multiplier * (isLong ? 1 - rate : 1 + rate);
        }

        return (isLong ? (price / tick).Ceiling() : (price / tick).Floor()) * tick;
    }

    private static int Signed(in MarginHolding holding) => Math.Sign(holding.Quantity) * (holding.Terms.Instrument.Kind == ContractKind.Inverse ? -1 : 1);

    private static Rational Funding(in MarginHolding holding)
    {
        var rate = new Rational(holding.FundingRate.Numerator, holding.FundingRate.Denominator);
        return rate.Numerator.Sign == Math.Sign(holding.Quantity) ? rate.Abs() : 0;
    }

    private static (Rational Initial, Rational Maintenance) Rates(in MarginHolding holding, BigInteger atRisk)
    {
        var instrument = holding.Terms.Instrument;
        Rational initial = instrument.InitialMarginRate, maintenance = instrument.MaintenanceMarginRate, step = instrument.MaintenanceMarginRate;
        if (instrument.RiskStep > 0)
        {
            // One step at a time, as a table is read.
            BigInteger limit = instrument.RiskLimit;
            while (initial < 1 && (holding.RiskLimit > 0 ? limit < holding.RiskLimit : limit <= atRisk))
            {
                limit += instrument.RiskStep;
                initial += step;
                maintenance += step;
            }
        }

        Rational one = 1;
        initial = initial < one ? initial : one;
        Rational wanted = holding.Leverage == 0 ? 0 : one / holding.Leverage;
        return (initial > wanted ? initial : wanted, maintenance < one ? maintenance : one);
    }

    private static BigInteger GrossOpenCost(in MarginHolding holding)
    {
        var orders = holding.Orders;
        BigInteger buys = Math.Max(0, orders.BuyQuantity - Math.Max(0, -holding.Quantity)), sells = Math.Max(0, orders.SellQuantity - Math.Max(0, holding.Quantity));
        Rational buyEach = buys.IsZero ? 0 : new Rational((new Rational(orders.BuyCost, orders.BuyQuantity) * buys).Ceiling(), buys);
        Rational sellEach = sells.IsZero ? 0 : new Rational((new Rational(orders.SellCost, orders.SellQuantity) * sells).Ceiling(), sells);
        var common = BigInteger.Min(buys, sells);
        return ((buyEach > sellEach ? buyEach : sellEach) * common).Ceiling() + (buyEach * (buys - common)).Ceiling() + (sellEach * (sells - common)).Ceiling();
    }

    private static BigInteger Premium(in MarginHolding holding)
    {
        var orders = holding.Orders;
        var buys = Math.Max(0, orders.BuyQuantity - Math.Max(0, -holding.Quantity));
        var sells = Math.Max(0, orders.SellQuantity - Math.Max(0, holding.Quantity));
        var ofBuys = buys == 0 ? 0 : (new Rational(orders.BuyPremium, orders.BuyQuantity) * buys).Ceiling();
        var ofSells = sells == 0 ? 0 : (new Rational(orders.SellPremium, orders.SellQuantity) * sells).Ceiling();
        return ofBuys + ofSells;
    }
}
