using Actors.Bitmex.Wire;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.Bitmex.Rest;

/// <summary>
/// Owns the REST connections of one key and its request budget. Changes orders here; asks for state in the other half. An outcome is a refusal
/// only where the venue said no, or where nothing was sent: everything else is unknown.
/// </summary>
public sealed partial class BitmexRestClient : IVenueOrderEntry, IVenueQueries, IDisposable
{
    private const int ConnectionsMax = 8;

    private readonly BitmexOptions _options;
    private readonly RestTransport _transport;
    private readonly RestTransport _beatTransport;
    private readonly RateGate _gate;

    public BitmexRestClient(BitmexOptions options, ApiCredentials credentials, InstrumentMap instruments)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, Instruments) = (options, instruments);
        _transport = new RestTransport(options, credentials, ConnectionsMax);
        // The beat has a connection of its own: a hanging order request must not stand before it.
        _beatTransport = new RestTransport(options, credentials, 1);
        _gate = new RateGate(options.Limits, options.Time);
    }

    /// <summary>The definitions that prices are written by; filled by <see cref="InstrumentsAsync"/>, and by others as they like.</summary>
    public InstrumentMap Instruments { get; }

    public async Task<OrderEntryOutcome> PlaceAsync(OrderTerms terms, DateTimeOffset until, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (!Instruments.TryGet(terms.Symbol, out var instrument)) return Unlisted(terms.Symbol);
        var outcome = OneOrder(await SendAsync(RateLane.Place, HttpMethod.Post, "/api/v1/order", OrderBodies.Place(terms, instrument), cancellation, until));
        // An identifier is used once: a second order with it means that something between us and the venue sent the first one twice, and that it may be working.
        return outcome is OrderEntryOutcome.Refused { Reason: var reason } && reason.Contains("Duplicate clOrdID", StringComparison.OrdinalIgnoreCase)
            ? new OrderEntryOutcome.Unknown(reason)
            : outcome;
    }

    public async Task<OrderEntryOutcome> AmendAsync(ClientOrderId id, Symbol symbol, OrderChange change, DateTimeOffset until, CancellationToken cancellation)
    {
        if (!Instruments.TryGet(symbol, out var instrument)) return Unlisted(symbol);
        var body = OrderBodies.Amend(id, instrument, change);
        return OneOrder(await SendAsync(RateLane.Amend, HttpMethod.Put, "/api/v1/order", body, cancellation, until));
    }

    public async Task<IReadOnlyList<OrderEntryOutcome>> CancelAsync(IReadOnlyList<ClientOrderId> ids, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count == 0) return [];
        var answer = await SendAsync(RateLane.Cancel, HttpMethod.Delete, "/api/v1/order", OrderBodies.Cancel(ids), cancellation);
        if (Failure(answer) is { } failure) return ids.Select(_ => failure).ToList();
        var rows = RestRows.Read(answer.Body, NewOrderRow, out var reason);
        return ids.Select(id => rows is null ? new OrderEntryOutcome.Unknown(reason)
            : rows.Find(row => row.ClientId == id.Value) is { } row ? Outcome(row)
            : new OrderEntryOutcome.Unknown("the answer does not name this order")).ToList();
    }

    public async Task<OrderEntryOutcome> CancelAllAsync(CancellationToken cancellation)
    {
        var answer = await SendAsync(RateLane.Cancel, HttpMethod.Delete, "/api/v1/order/all", OrderBodies.CancelAll(), cancellation);
        return Failure(answer) ?? new OrderEntryOutcome.Accepted(null);
    }

    public async Task<BeatConfirmation?> BeatAsync(TimeSpan timeout, CancellationToken cancellation)
    {
        if (await _gate.EnterAsync(RateLane.Beat, cancellation) is not null) return null;
        var answer = await _beatTransport.SendAsync(
            HttpMethod.Post, "/api/v1/order/cancelAllAfter", OrderBodies.Beat(timeout), _options.BeatTimeout, cancellation);
        _gate.Observe(answer);
        if (!answer.IsSuccess || RestRows.Read(answer.Body, () => new BeatRow(), out _) is not [{ Now: { } now } row]) return null;
        return new BeatConfirmation(now, row.CancelTime);
    }

    public void Dispose()
    {
        _transport.Dispose();
        _beatTransport.Dispose();
    }

    private async Task<RestAnswer> SendAsync(
        RateLane lane, HttpMethod method, string pathAndQuery, byte[]? body, CancellationToken cancellation, DateTimeOffset? until = null)
    {
        if (await _gate.EnterAsync(lane, cancellation) is { } refusal) return RestAnswer.NotSent(refusal);
        var answer = await _transport.SendAsync(method, pathAndQuery, body, _options.RequestTimeout, cancellation, until);
        _gate.Observe(answer);
        return answer;
    }

    private static OrderEntryOutcome OneOrder(RestAnswer answer)
    {
        if (Failure(answer) is { } failure) return failure;
        var rows = RestRows.Read(answer.Body, NewOrderRow, out var reason);
        return rows is null ? new OrderEntryOutcome.Unknown(reason)
            : rows is [{ } row] ? Outcome(row)
            : new OrderEntryOutcome.Unknown($"expected one order in the answer, found {rows.Count}");
    }

    private static OrderEntryOutcome Outcome(OrderRow row)
    {
        if (row.Error is { Length: > 0 } error) return new OrderEntryOutcome.Refused(error, false);
        try
        {
            var order = row.ToReport();
            // The engine may reject by answering 200 with a rejected order.
            return order.Status == VenueOrderStatus.Rejected
                ? new OrderEntryOutcome.Refused(row.RejectReason, false)
                : new OrderEntryOutcome.Accepted(order);
        }
        catch (WireFormatException unreadable)
        {
            return new OrderEntryOutcome.Unknown(unreadable.Message);
        }
    }

    private static OrderEntryOutcome? Failure(RestAnswer answer) =>
        answer.IsSuccess ? null
        : answer.IsRefusal ? new OrderEntryOutcome.Refused(answer.Reason, answer.IsRetryable)
        : new OrderEntryOutcome.Unknown(answer.Reason);

    private static OrderEntryOutcome.Refused Unlisted(Symbol symbol) => new($"{symbol}: no definition is known, its prices cannot be written", false);

    private static OrderRow NewOrderRow() => new(new SymbolTable(SymbolTable.SmallSlots));
}
