using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Orders;
using Actors.Domain.Positions;
using Actors.Domain.Strategies;

namespace Actors.Domain.Risk;

/// <summary>An order that may still trade: its side, the contracts left, and itself as last told; null while it is only approved.</summary>
public readonly record struct OpenExposure(Side Side, Quantity Leaves, Order? Order = null)
{
    public string? StrategyId { get; init; }

    /// <summary>Whether the venue lets it make a position smaller and nothing else.</summary>
    public bool OnlyReduces { get; init; }

    /// <summary>Whether it is being amended to a size that is not known, since before the door or the orders began: nothing may count on its leaves.</summary>
    public bool IsUncertain { get; init; }

    /// <summary>The size that an approved amendment asks for, while the orders have not told that they took it; null else.</summary>
    public Quantity? Granted { get; init; }

    /// <summary>Whether it was approved before the orders told of all they have, and they did not tell of it.</summary>
    public bool IsUnproved { get; init; }

    /// <summary>Whether the orders have not told what was approved last: the order itself, or more of it.</summary>
    internal bool IsUntold => Order is null || Leaves > Order.Leaves;

    public static OpenExposure Of(Order order, Quantity leaves) => new(order.Terms.Side, leaves, order)
    {
        StrategyId = order.Origin.StrategyId,
        OnlyReduces = Reduces(order.Terms),
    };

    internal static OpenExposure Of(PlaceIntent place) => new(place.Terms.Side, place.Terms.Quantity)
    {
        StrategyId = place.StrategyId,
        OnlyReduces = Reduces(place.Terms),
    };

    internal static bool Reduces(OrderTerms terms) => (terms.Flags & (OrderFlags.ReduceOnly | OrderFlags.Close)) != 0;
}

/// <summary>A fill that the position has not counted yet: what its order still counts for.</summary>
internal readonly record struct AwaitedFill(OpenExposure Exposure, DateTimeOffset At);

/// <summary>What the door knows of one instrument.</summary>
public sealed class InstrumentRisk(Instrument instrument)
{
    private readonly MarginTerms _terms = MarginTerms.From(instrument);
    /// <summary>Longer than any part takes that still proves itself alive.</summary>
    private static readonly TimeSpan AwaitMax = TimeSpan.FromSeconds(30);

    private readonly List<(Position Before, Position After)> _adopted = [];
    private readonly SortedDictionary<string, AwaitedFill> _awaited = new(StringComparer.Ordinal);

    public Instrument Instrument { get; } = instrument;

    /// <summary>The position with its costs.</summary>
    public Position Holding { get; private set; }

    public Quantity Position
    {
        get => Holding.Quantity;
        set => Holding = Holding with { Quantity = value };
    }

    /// <summary>Whether the position was told since the door began.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>The owner's leverage; zero is cross margin.</summary>
    public decimal Leverage { get; private set; }

    /// <summary>Mark price in quote units; null until the venue told one.</summary>
    public decimal? Mark { get; set; }

    /// <summary>Best bid and ask as last told; none while the book is not live.</summary>
    public BookTop Top { get; set; }

    public FundingSeen? Funding { get; set; }

    public BookStatus Book { get; set; } = BookStatus.AwaitingSnapshot;

    /// <summary>Since when the book is not fit to trade on; null while it is.</summary>
    public DateTimeOffset? BookLostAt { get; set; }

    public Dictionary<ClientOrderId, OpenExposure> Open { get; } = [];

    /// <summary>Fills that orders have told and the position has not, by execution.</summary>
    internal IReadOnlyDictionary<string, AwaitedFill> Awaited => _awaited;

    /// <summary>Positions before and after the venue's was taken over, whose difference in profit has not been taken off yet.</summary>
    internal IReadOnlyList<(Position Before, Position After)> Adopted => _adopted;

    /// <summary>Whether nothing is held and nothing asked for, so that no price matters.</summary>
    internal bool IsIdle => Position.IsZero && Open.Count == 0 && _awaited.Count == 0;

    /// <summary>A mark that money can be computed from; null when there is none, or rubbish.</summary>
    public decimal? UsableMark => Mark is { } mark && (mark > 0 || Instrument.Kind == ContractKind.CalendarSpread) ? mark : null;

    /// <summary>Realised and unrealised profit, fees and funding taken off, in minor units; null without a mark that it needs.</summary>
    public long? Profit => ProfitOf(Holding);

    internal long? ProfitOf(Position position) => position.Quantity.IsZero
        ? position.RealisedPnl - position.UnrealisedCost
        : UsableMark is { } mark ? position.RealisedPnl + position.UnrealisedPnl(Instrument, mark) : null;

    /// <summary>The holding as margin sees it, without open orders; the mark must be usable.</summary>
    internal MarginHolding MarginOf(Position position) =>
        new MarginHolding(_terms).WithLeverage(Leverage).WithMark(UsableMark!.Value).WithPosition(position);

    /// <summary>Position if every open order on one side, but the one named, were filled; see <see cref="Extent"/>.</summary>
    public Quantity PositionIfFilled(Side side, ClientOrderId except) =>
        new(side == Side.Buy ? Extent.Of(this, Position, null, except).High : Extent.Of(this, Position, null, except).Low);

    /// <summary>
    /// Waits for the position to count what an order has filled. One that is known to it from elsewhere is never told again, so that the wait ends by itself.
    /// </summary>
    internal void Await(OrderFilled fill, Order order, DateTimeOffset now) =>
        _awaited[fill.ExecutionId] = new AwaitedFill(OpenExposure.Of(order, fill.Quantity), now);

    internal void GiveUpAwaiting(DateTimeOffset now)
    {
        // Asked of every instrument at every input and verdict: what the query below allocates was a tenth of what an order does in all actors.
        if (_awaited.Count > 0) GiveUpAwaitedSince(now - AwaitMax);
    }

    private void GiveUpAwaitedSince(DateTimeOffset last)
    {
        foreach (var id in _awaited.Where(one => one.Value.At <= last).Select(one => one.Key).ToList()) _awaited.Remove(id);
    }

    internal void Hold(HoldingSeen seen)
    {
        if (seen.ExecutionId is { } id) _awaited.Remove(id);
        if (seen.IsAdopted) _adopted.Add((Holding, seen.Position));
        (Holding, Leverage, IsHeld) = (seen.Position, seen.Leverage, true);
    }

    internal void Rebase() => _adopted.Clear();
}
