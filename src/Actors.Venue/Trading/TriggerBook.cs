namespace Actors.Venue.Trading;

/// <summary>
/// Owns the orders of one instrument that wait for a price, sorted so that a price that triggers nothing costs nothing. Those whose
/// trigger is nearest come first, then those that came first.
/// </summary>
internal sealed class TriggerBook
{
    /// <summary>How far from the mark the last price may be for an order with LastWithinMark.</summary>
    public const decimal LastWithinMarkMax = 0.05m;

    private static readonly ExecutionInstructions[] References =
        [ExecutionInstructions.MarkPrice, ExecutionInstructions.IndexPrice, ExecutionInstructions.LastPrice];

    private readonly SortedSet<VenueOrder>[] _above = [.. References.Select(_ => new SortedSet<VenueOrder>(Comparer<VenueOrder>.Create(CompareRising)))];
    private readonly SortedSet<VenueOrder>[] _below = [.. References.Select(_ => new SortedSet<VenueOrder>(Comparer<VenueOrder>.Create(CompareFalling)))];

    /// <summary>Orders that trail the market, in order of arrival.</summary>
    public IEnumerable<VenueOrder> Trailing =>
        _above.Concat(_below).SelectMany(orders => orders).Where(order => order.Peg == PegPriceType.TrailingStopPeg).OrderBy(order => order.Sequence);

    /// <summary>Adds an order with a trigger price, which may not change while it is here.</summary>
    public void Add(VenueOrder order) => Of(order).Add(order);

    public void Remove(VenueOrder order) => Of(order).Remove(order);

    /// <summary>
    /// Appends to <paramref name="fired"/> the orders that the instrument's present prices trigger. They stay here until they are removed.
    /// </summary>
    public void Collect(ListedInstrument instrument, List<VenueOrder> fired)
    {
        for (var i = 0; i < References.Length; i++)
        {
            if (_above[i].Count == 0 && _below[i].Count == 0) continue;
            var price = instrument.ReferencePrice(References[i]);
            Collect(_above[i], instrument, price, fired);
            Collect(_below[i], instrument, price, fired);
        }
    }

    private static void Collect(SortedSet<VenueOrder> orders, ListedInstrument instrument, decimal price, List<VenueOrder> fired)
    {
        // The nearest is asked first: a walk through the set would allocate on every price.
        if (orders.Min is not { } nearest || !IsReached(nearest, price)) return;
        foreach (var order in orders)
        {
            if (!IsReached(order, price)) return;
            if (!order.Has(ExecutionInstructions.LastWithinMark) || IsNearMark(instrument)) fired.Add(order);
        }
    }

    private static bool IsReached(VenueOrder order, decimal price) =>
        order.Type.TriggersAbove(order.Side) ? price >= order.StopPrice : price <= order.StopPrice;

    private static bool IsNearMark(ListedInstrument instrument) =>
        instrument.LastPrice is { } last && Math.Abs(last - instrument.MarkPrice) <= instrument.MarkPrice * LastWithinMarkMax;

    private static int CompareRising(VenueOrder left, VenueOrder right) =>
        left.StopTicks!.Value.CompareTo(right.StopTicks!.Value) is not 0 and var order ? order : left.Sequence.CompareTo(right.Sequence);

    private static int CompareFalling(VenueOrder left, VenueOrder right) =>
        right.StopTicks!.Value.CompareTo(left.StopTicks!.Value) is not 0 and var order ? order : left.Sequence.CompareTo(right.Sequence);

    private SortedSet<VenueOrder> Of(VenueOrder order)
    {
        var reference = Array.IndexOf(References, order.Instructions.TriggerPrice());
        return order.Type.TriggersAbove(order.Side) ? _above[reference] : _below[reference];
    }
}
