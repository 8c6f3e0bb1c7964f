using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Tests.Matching;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Trading;

/// <summary>
/// The oracle for one instrument with orders that wait for a price: lists that are searched from the start, on top of the naive book.
/// Time in force is good till cancel, immediate or fill; triggers are by mark or by last price.
/// </summary>
internal sealed class NaiveVenue(decimal tick, decimal mark)
{
    private readonly NaiveBook _book = new();
    private readonly List<NaiveRequest> _waiting = [];
    private readonly Queue<NaiveRequest> _active = new();
    private decimal _mark = mark;
    private decimal? _last;

    public NaiveBook Book => _book;

    /// <summary>Side of the taker, contracts and price in ticks of each trade.</summary>
    public List<(Side Taker, long Quantity, long Ticks)> Tape { get; } = [];

    public void Place(NaiveRequest request)
    {
        if (request.Stop is null) Begin(request);
        else Wait(request);
        Drain();
    }

    public void Cancel(NaiveRequest request)
    {
        _waiting.Remove(request);
        if (request.Resting is { } resting) _book.Remove(resting);
        End(request);
    }

    /// <summary>A new size or price in ticks of a resting order; a smaller size alone keeps its place.</summary>
    public void Amend(NaiveRequest request, long leaves, long ticks)
    {
        var resting = request.Resting!;
        if (ticks == resting.Ticks && leaves <= resting.Leaves)
        {
            NaiveBook.Reduce(resting, leaves);
            return;
        }

        _book.Remove(resting);
        request.Resting = null;
        request.Leaves = leaves;
        request.Limit = ticks;
        if (request.IsPostOnly && _book.Available(request.Side, ticks) > 0) End(request);
        else Trade(request);
        Drain();
    }

    public void Mark(decimal price)
    {
        _mark = price;
        Fire();
        Drain();
    }

    private static void End(NaiveRequest request)
    {
        request.Leaves = 0;
        request.Resting = null;
        request.IsOpen = false;
    }

    private void Wait(NaiveRequest request)
    {
        _waiting.Add(request);
        Fire();
    }

    private void Begin(NaiveRequest request)
    {
        var available = _book.Available(request.Side, request.Limit);
        if ((request.IsPostOnly && available > 0) || (request.Force == TimeInForce.FillOrKill && available < request.Leaves)) End(request);
        else Trade(request);
    }

    private void Trade(NaiveRequest request)
    {
        while (request.Leaves > 0 && _book.Match(request.Side, request.Limit, request.Leaves) is { } fill)
        {
            request.Leaves -= fill.Quantity;
            Tape.Add((request.Side, fill.Quantity, fill.Maker.Ticks));
            _last = fill.Maker.Ticks * tick;
            Fire();
        }

        if (request.Leaves > 0 && request is { Force: TimeInForce.GoodTillCancel, IsMarket: false })
            request.Resting = _book.Rest(new NaiveOrder(request.Id, request.Side, request.Limit) { Leaves = request.Leaves, Peak = request.Peak });
        else End(request);
    }

    /// <summary>By mark before by last, above before below, the nearest trigger first, then the oldest.</summary>
    private void Fire()
    {
        var fired = _waiting.Where(IsReached)
            .OrderBy(request => request.ByLast)
            .ThenByDescending(request => request.TriggersAbove)
            .ThenBy(request => request.TriggersAbove ? request.Stop : -request.Stop)
            .ThenBy(request => request.Id)
            .ToList();
        foreach (var request in fired)
        {
            _waiting.Remove(request);
            _active.Enqueue(request);
        }
    }

    private bool IsReached(NaiveRequest request)
    {
        var price = request.ByLast ? _last ?? _mark : _mark;
        return request.TriggersAbove ? price >= request.Stop * tick : price <= request.Stop * tick;
    }

    private void Drain()
    {
        while (_active.TryDequeue(out var request)) Begin(request);
    }
}

/// <summary>An order of the oracle, beside the venue's own. Prices in ticks.</summary>
internal sealed class NaiveRequest(long id, Side side)
{
    public long Id { get; } = id;

    public Side Side { get; } = side;

    public long Limit { get; set; }

    public long Leaves { get; set; }

    public long Peak { get; init; } = long.MaxValue;

    public long? Stop { get; init; }

    public bool ByLast { get; init; }

    public bool TriggersAbove { get; init; }

    public bool IsMarket { get; init; }

    public bool IsPostOnly { get; init; }

    public TimeInForce Force { get; init; }

    public NaiveOrder? Resting { get; set; }

    public bool IsOpen { get; set; } = true;

    public VenueOrder? Real { get; set; }

    /// <summary>What is left of it wherever it is: a maker's fills are counted where it rests.</summary>
    public long Left => Resting?.Leaves ?? Leaves;
}
