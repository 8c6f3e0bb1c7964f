using System.Collections.Immutable;
using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using MarginReport = Actors.Domain.Port.MarginReport;

namespace Actors.Domain.Reconciliation;

/// <summary>
/// Holds our wallet and margin in one currency against the venue's row, to the minor unit. The row is comparable at a quiet moment: nothing of ours or the venue's but the marks
/// has moved for <see cref="QuietAfter"/>, no order is on its way, and the row came behind the positions whose marks it was computed at. A difference that is seen then is
/// only suspected: whoever watches has to prove that everything told before the row has been counted. Not thread-safe; time comes in.
/// </summary>
public sealed class AccountWatch(Currency currency, IReadOnlyList<Instrument> instruments)
{
    /// <summary>Nothing has moved for so long: what belongs together has arrived.</summary>
    public static readonly TimeSpan QuietAfter = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Symbol, PositionReport> _rows = [];
    private readonly Dictionary<Symbol, Position> _positions = [];
    private readonly Dictionary<ClientOrderId, Order> _orders = [];
    private MarginReport? _row;
    private bool _knowsOrders;
    private bool _isRowLast;
    private DateTimeOffset _movedAt;

    public Currency Currency => currency;

    public MarginReport? Row => _row;

    /// <summary>Counts what has moved: as long as it stays, what was seen is what is.</summary>
    public long Moves { get; private set; }

    /// <summary>The venue told its row of the money; one that only follows the marks moves nothing.</summary>
    public void Heard(MarginReport row, DateTimeOffset now)
    {
        if (_row is not { } before || before.WalletBalance != row.WalletBalance || before.InitialMargin != row.InitialMargin) Move(now);
        (_row, _isRowLast) = (row, true);
    }

    /// <summary>The venue told its row of a position, traded here or not.</summary>
    public void Heard(PositionReport row, DateTimeOffset now)
    {
        if (row.Settlement != currency) return;
        if (!_rows.TryGetValue(row.Symbol, out var before) || Terms(before) != Terms(row)) Move(now);
        (_rows[row.Symbol], _isRowLast) = (row, false);
    }

    /// <summary>Our position is this.</summary>
    public void Counted(Symbol symbol, Position position, DateTimeOffset now)
    {
        if (instruments.All(one => one.Symbol != symbol) || (_positions.TryGetValue(symbol, out var before) && before == position)) return;
        _positions[symbol] = position;
        Move(now);
    }

    /// <summary>An order of ours changed.</summary>
    public void Changed(Order order, DateTimeOffset now)
    {
        if (instruments.All(one => one.Symbol != order.Terms.Symbol)) return;
        if (order.IsFinished) _orders.Remove(order.Id);
        else _orders[order.Id] = order;
        Move(now);
    }

    /// <summary>These are all our live orders.</summary>
    public void Live(IEnumerable<Order> live, DateTimeOffset now)
    {
        _orders.Clear();
        foreach (var order in live) Changed(order, now);
        _knowsOrders = true;
        Move(now);
    }

    /// <summary>Why our margin cannot be computed at all, in words; null when it can.</summary>
    public string? NotComparable()
    {
        if (instruments.FirstOrDefault(one => one.Kind == ContractKind.Spot) is { } spot) return $"{spot.Symbol} exchanges balances, which are not counted here";
        if (_rows.Values.FirstOrDefault(row => !row.Quantity.IsZero && instruments.All(one => one.Symbol != row.Symbol)) is { } foreign)
            return $"the account holds {foreign.Symbol}, which is not traded here";
        return _orders.Values.FirstOrDefault(order => order.Terms.Type != OrderType.Limit) is { } other
            ? $"order {other.Id} is a {other.Terms.Type} order: whether the venue charges for it is not known here"
            : null;
    }

    /// <summary>Both sides at a quiet moment, given our own wallet; null while it is not one.</summary>
    public (AccountFigures Ours, AccountFigures Theirs)? Look(long wallet, DateTimeOffset now)
    {
        if (_row is not { } row || !IsQuiet(row, now) || NotComparable() is not null) return null;
        var holdings = instruments.Select(one => AccountFigures.Holding(
            one, _positions[one.Symbol], _orders.Values.Where(order => order.Terms.Symbol == one.Symbol), _rows.GetValueOrDefault(one.Symbol)));
        return (AccountFigures.Of(new Money(wallet, currency), [.. holdings]), AccountFigures.Of(row));
    }

    /// <summary>Whether everything is known and nothing moves, so that the venue's wallet may be held against ours.</summary>
    public bool IsQuiet(DateTimeOffset now) => _row is { } row && IsQuiet(row, now);

    private bool IsQuiet(MarginReport row, DateTimeOffset now) =>
        _isRowLast && _knowsOrders && now - _movedAt >= QuietAfter
        && _rows.Values.All(position => position.Timestamp <= row.Timestamp)
        && instruments.All(one => _positions.TryGetValue(one.Symbol, out var ours) && (ours.Quantity.IsZero || _rows.GetValueOrDefault(one.Symbol)?.MarkPrice is > 0))
        && _orders.Values.All(order => order is { State: OrderState.Working, Pending: PendingChange.None });

    private static (Quantity, long, decimal, bool, long, long?) Terms(PositionReport row) =>
        (row.Quantity, row.UnrealisedCost, row.Leverage, row.IsCross, row.TransferredMargin, row.RiskLimit);

    private void Move(DateTimeOffset now) => (_movedAt, Moves) = (now, Moves + 1);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{currency}: {_positions.Count} positions, {_orders.Count} orders, {Moves} moves");
}
