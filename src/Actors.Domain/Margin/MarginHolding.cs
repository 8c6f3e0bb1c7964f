using Actors.Domain.Instruments;
using Actors.Domain.Positions;

namespace Actors.Domain.Margin;

/// <summary>
/// One account's position in one instrument with everything its margin depends on. A value: callers keep arrays of it and change an element with
/// the methods below, each of which returns the holding after the change. Money is in minor units of the instrument's settlement currency.
/// </summary>
public readonly record struct MarginHolding
{
    private readonly Fraction _leverageRate;

    public MarginHolding(MarginTerms terms)
    {
        Terms = terms;
        Position = Position.Flat;
    }

    public MarginTerms Terms { get; }

    public Position Position { get; private init; }

    public OpenOrders Orders { get; private init; }

    /// <summary>In quote units; zero until the first mark, and then no position may be held.</summary>
    public decimal Mark { get; private init; }

    /// <summary>The position's value at mark with the sign of its cost.</summary>
    public long MarkValue { get; private init; }

    /// <summary>The owner's leverage; zero is cross margin.</summary>
    public decimal Leverage { get; private init; }

    /// <summary>Margin that the owner moved into an isolated position beyond its initial margin; zero under cross.</summary>
    public long Transferred { get; private init; }

    /// <summary>The risk limit that the owner chose; zero is automatic, by the value at risk.</summary>
    public long RiskLimit { get; private init; }

    /// <summary>The rate of the next funding, positive when longs pay.</summary>
    public Fraction FundingRate { get; private init; }

    public bool IsIsolated => Leverage != 0;

    public long Quantity => Position.Quantity.Contracts;

    /// <summary>What the contracts held were bought or sold for, without sign.</summary>
    public long Cost => Math.Abs(Position.UnrealisedCost);

    public long UnrealisedPnl => MarkValue - Position.UnrealisedCost;

    /// <summary>What open orders are charged for; fully funded sells are charged what they may lose instead of their value.</summary>
    public long GrossOpenCost => OrderMargin.GrossOpenCost(Quantity, Terms.PayoutMax is { } payout && Orders.SellQuantity != 0
        ? Orders with { SellCost = (payout * Orders.SellQuantity) - Orders.SellCost }
        : Orders);

    /// <summary>
    /// The tier that holds now. Automatic tiers count the cost and not the value at mark: a choice of ours, so that no price move by itself raises
    /// a requirement; how the venue's automatic limits count is not published.
    /// </summary>
    public RiskTier Tier => TierWith(GrossOpenCost);

    /// <summary>The rates required: initial is the higher of the leverage's and the tier's.</summary>
    public (Fraction Initial, Fraction Maintenance) Rates => RatesWith(GrossOpenCost);

    /// <summary>What the position pays of its cost at the next funding; zero when it receives.</summary>
    public Fraction FundingPaid => FundingRate.Numerator == 0 || FundingRate.Numerator > 0 != Quantity > 0
        ? Fraction.Zero
        : new Fraction(Math.Abs(FundingRate.Numerator), FundingRate.Denominator);

    /// <summary>Margin of the open orders, with the premium of those through the mark.</summary>
    public long OpenOrderMargin => OrderMarginWith(GrossOpenCost);

    /// <summary>
    /// After a fill; signs as <see cref="Position.Fill"/>. Margin that was moved into a position is given back when the position is closed or turned.
    /// </summary>
    public MarginHolding Fill(Quantity change, long cost, long commission)
    {
        var position = Position.Fill(change, cost, commission);
        return With(position, Mark) with { Transferred = Math.Sign(position.Quantity.Contracts) == Math.Sign(Quantity) ? Transferred : 0 };
    }

    /// <summary>With another position, as one that is taken over from a snapshot.</summary>
    public MarginHolding WithPosition(Position position) => With(position, Mark);

    /// <summary>At another mark, in quote units; must be positive for inverse contracts.</summary>
    public MarginHolding WithMark(decimal mark) => With(Position, mark);

    public MarginHolding WithOrders(OpenOrders orders) => this with { Orders = orders };

    /// <summary>With isolated margin at a leverage, or zero for cross. Throws <see cref="ArgumentOutOfRangeException"/> when negative.</summary>
    public MarginHolding WithLeverage(decimal leverage)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leverage);
        return new MarginHolding(this, leverage == 0 ? Fraction.Zero : Fraction.Inverse(leverage))
        {
            Leverage = leverage,
            Transferred = leverage == 0 ? 0 : Transferred,
        };
    }

    /// <summary>
    /// After margin was moved in (positive) or out (negative). Throws <see cref="InvalidOperationException"/> for a cross or flat holding and when
    /// more is taken out than <see cref="Removable"/>.
    /// </summary>
    public MarginHolding Transfer(long amount)
    {
        if (!IsIsolated || Quantity == 0) throw new InvalidOperationException("margin is moved into and out of isolated positions only");
        if (-amount > Removable) throw new InvalidOperationException($"{Removable} may be taken out, not {-amount}");
        return this with { Transferred = Transferred + amount };
    }

    /// <summary>
    /// What may be taken out of an isolated position: no more than was moved in, and no more than leaves its equity at the initial margin. The
    /// venue's own bound is not published.
    /// </summary>
    public long Removable
    {
        get
        {
            if (!IsIsolated) return 0;
            var margin = PositionMargin.Of(this);
            return Math.Clamp(margin.Equity - margin.Initial - margin.Commission, 0, Transferred);
        }
    }

    /// <summary>With a chosen risk limit in minor units, or zero for automatic.</summary>
    public MarginHolding WithRiskLimit(long riskLimit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(riskLimit);
        return this with { RiskLimit = riskLimit };
    }

    /// <summary>With the rate of the next funding, positive when longs pay.</summary>
    public MarginHolding WithFundingRate(decimal rate) => this with { FundingRate = Fraction.From(rate) };

    // The gross open cost enters into all of these: a caller that needs several of them computes it once.
    internal RiskTier TierWith(long grossOpenCost) => RiskLimit > 0 ? Terms.Tiers.Chosen(RiskLimit) : Terms.Tiers.At(Cost + grossOpenCost);

    internal (Fraction Initial, Fraction Maintenance) RatesWith(long grossOpenCost)
    {
        var tier = TierWith(grossOpenCost);
        return (IsIsolated ? Fraction.Max(_leverageRate, tier.InitialRate) : tier.InitialRate, tier.MaintenanceRate);
    }

    internal long OrderMarginWith(long grossOpenCost)
    {
        if (Orders.IsEmpty || !Terms.IsMargined) return 0;
        var rate = Terms.PayoutMax is null ? RatesWith(grossOpenCost).Initial : Fraction.One;
        return OrderMargin.Of(grossOpenCost, rate, Terms.TakerFee) + OrderMargin.Premium(Quantity, Orders);
    }

    private MarginHolding(in MarginHolding other, Fraction leverageRate)
    {
        this = other;
        _leverageRate = leverageRate;
    }

    private MarginHolding With(Position position, decimal mark) => this with
    {
        Position = position,
        Mark = mark,
        MarkValue = position.Quantity.IsZero ? 0 : ContractValue.Cost(Terms.Instrument, position.Quantity, mark),
    };
}
