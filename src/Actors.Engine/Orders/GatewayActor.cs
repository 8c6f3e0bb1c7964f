using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;

namespace Actors.Engine.Orders;

/// <summary>
/// Carries journaled orders to the venue and its answers back to the orders. Keeps no state that matters: answers go straight to its parent, and what was
/// on its way when it failed becomes unknown there. Cancellations leave first, all that wait in one request; then amendments, then placements. No more than
/// <see cref="InFlightMax"/> requests are out at once; what cannot leave in time is answered as certainly not sent, so that nothing leaves when nobody expects it.
/// </summary>
internal sealed class GatewayActor(SessionContext session) : UntypedActor
{
    /// <summary>Amendments and placements under way at once.</summary>
    public const int InFlightMax = 16;

    /// <summary>Queries for single orders under way at once.</summary>
    public const int QueriesMax = 4;

    /// <summary>Amendments and placements that may wait; one more is refused.</summary>
    public const int WaitingMax = 1_000;

    /// <summary>Cancellations in one request: what a venue takes in one URL or body without complaint.</summary>
    private const int CancelBatchMax = 100;

    private readonly Queue<OrderMessages.Request.Amend> _amendments = [];
    private readonly Queue<OrderMessages.Request.Place> _placements = [];
    private readonly Queue<OrderMessages.Request> _queries = [];
    private readonly List<ClientOrderId> _cancellations = [];
    private readonly object _life = new();
    private int _inFlight;
    private int _querying;
    private bool _cancelling;

    private static IActorRef Orders => Context.Parent;

    protected override void PreStart() => session.Directory.Register(PartNames.Gateway, Self);

    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        Orders.Tell(new OrderMessages.GatewayRestarted());
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OrderMessages.Request.Cancel cancel:
                if (!_cancellations.Contains(cancel.Id)) _cancellations.Add(cancel.Id);
                break;
            case OrderMessages.Request.Amend amend:
                if (_amendments.Count < WaitingMax) _amendments.Enqueue(amend);
                else Orders.Tell(new OrderMessages.Changed(amend.Id, Full));
                break;
            case OrderMessages.Request.Place place:
                if (_placements.Count < WaitingMax) _placements.Enqueue(place);
                else Orders.Tell(new OrderMessages.Placed(place.Terms.Id, Full));
                break;
            case OrderMessages.Request.Find or OrderMessages.Request.FindExecutions:
                // At most one for an order waits, and one for executions a second: whoever asks keeps to that.
                _queries.Enqueue((OrderMessages.Request)message);
                break;
            case PartMessages.Probe probe:
                Sender.Tell(new PartMessages.Alive(PartNames.Gateway, probe.Beat));
                break;
            // What an incarnation before this one sent does not count here.
            case Done done when done.Life == _life:
                if (done.Kind == Kind.Change) _inFlight--;
                else if (done.Kind == Kind.Query) _querying--;
                else _cancelling = false;
                break;
        }

        Pump();
    }

    private static OrderEntryOutcome.Refused Full => new($"{WaitingMax} requests are waiting already", true);

    private static OrderEntryOutcome.Unknown Unknown(Exception cause) => new(cause.GetBaseException().Message);

    private void Pump()
    {
        SendCancellations();
        while (_inFlight < InFlightMax && _amendments.TryDequeue(out var amend))
        {
            if (Refusal(amend.At, out var until) is { } late) Orders.Tell(new OrderMessages.Changed(amend.Id, late));
            else Send(amend, until);
        }

        while (_inFlight < InFlightMax && _placements.TryDequeue(out var place))
        {
            if (Refusal(place.At, out var until) is { } late) Orders.Tell(new OrderMessages.Placed(place.Terms.Id, late));
            else Send(place, until);
        }

        while (_querying < QueriesMax && _queries.TryDequeue(out var query)) Send(query);
    }

    /// <summary>
    /// The last moment at which the venue may carry a request out: the end of its life, or of the switch's lease where that comes first. What has spent half its life
    /// before it leaves, or has less than that left of the lease, stays here.
    /// </summary>
    private OrderEntryOutcome.Refused? Refusal(DateTimeOffset approvedAt, out DateTimeOffset until)
    {
        var half = session.Timings.RequestLife / 2;
        until = approvedAt + session.Timings.RequestLife;
        if (session.Now() - approvedAt > half) return new OrderEntryOutcome.Refused($"could not be sent within {half.TotalSeconds} s", true);
        if (session.Lease.Until is not { } lease) return new OrderEntryOutcome.Refused("the dead man's switch is not armed", true);
        if (lease < until) until = lease;
        return until - session.Now() < half ? new OrderEntryOutcome.Refused("the dead man's switch could fire before it is carried out", true) : null;
    }

    private void Send(OrderMessages.Request.Amend amend, DateTimeOffset until)
    {
        _inFlight++;
        Carry(
            session.Venue.OrderEntry.AmendAsync(amend.Id, amend.Symbol, amend.Change, until, CancellationToken.None),
            Kind.Change,
            outcome => new OrderMessages.Changed(amend.Id, outcome),
            cause => new OrderMessages.Changed(amend.Id, Unknown(cause)));
    }

    private void Send(OrderMessages.Request.Place place, DateTimeOffset until)
    {
        _inFlight++;
        Carry(
            session.Venue.OrderEntry.PlaceAsync(place.Terms, until, CancellationToken.None),
            Kind.Change,
            outcome => new OrderMessages.Placed(place.Terms.Id, outcome),
            cause => new OrderMessages.Placed(place.Terms.Id, Unknown(cause)));
    }

    private void Send(OrderMessages.Request query)
    {
        _querying++;
        // What the venue answers is how it stood at this moment or later, however long the question waited before.
        var askedAt = session.Now();
        if (query is OrderMessages.Request.Find find)
        {
            Carry(
                session.Venue.Queries.FindOrderAsync(find.Id, CancellationToken.None),
                Kind.Query,
                report => new OrderMessages.Looked(find.Id, report, null, askedAt),
                cause => new OrderMessages.Looked(find.Id, null, cause.GetBaseException().Message, askedAt));
        }
        else if (query is OrderMessages.Request.FindExecutions executions)
        {
            Carry(
                session.Venue.Queries.ExecutionsAsync(executions.Since, CancellationToken.None),
                Kind.Query,
                found => new OrderMessages.ExecutionsFound(found, null),
                cause => new OrderMessages.ExecutionsFound([], cause.GetBaseException().Message));
        }
    }

    /// <summary>Tells the orders what came of it, and itself that there is room again.</summary>
    private void Carry<T>(Task<T> asked, Kind kind, Func<T, object> success, Func<Exception, object> failure)
    {
        var done = new Done(_life, kind);
        asked.PipeTo(Orders, Self, success: success, failure: failure);
        asked.PipeTo(Self, Self, success: _ => done, failure: _ => done);
    }

    private void SendCancellations()
    {
        if (_cancelling || _cancellations.Count == 0) return;
        _cancelling = true;
        var ids = _cancellations.Take(CancelBatchMax).ToArray();
        _cancellations.RemoveRange(0, ids.Length);
        var done = new Done(_life, Kind.Cancellation);
        CancelAsync(ids, Orders).PipeTo(Self, Self, success: () => done, failure: _ => done);
    }

    private async Task CancelAsync(ClientOrderId[] ids, IActorRef orders)
    {
        IReadOnlyList<OrderEntryOutcome> outcomes;
        try
        {
            outcomes = await session.Venue.OrderEntry.CancelAsync(ids, CancellationToken.None);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            // The port promises not to throw; if it does, nothing is known of any of these, and the orders look each one up.
            outcomes = [.. ids.Select(_ => Unknown(cause))];
        }

        for (var i = 0; i < ids.Length; i++)
            orders.Tell(new OrderMessages.Changed(ids[i], i < outcomes.Count ? outcomes[i] : new OrderEntryOutcome.Unknown("the answer has no row for it")), ActorRefs.NoSender);
    }

    private enum Kind
    {
        Change = 1,
        Query = 2,
        Cancellation = 3,
    }

    private sealed record Done(object Life, Kind Kind) : INoSerializationVerificationNeeded;
}
