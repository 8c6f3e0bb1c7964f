using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Engine.Session;
using Akka.Actor;

namespace Actors.Engine.Orders;

/// <summary>
/// Carries journaled orders to the venue and its answers back to the orders. Keeps no state that matters: answers go straight to its parent, and what was
/// on its way when it failed becomes unknown there. Cancellations that wait for one under way leave together in one request.
/// </summary>
internal sealed class GatewayActor(SessionContext session) : UntypedActor
{
    /// <summary>Cancellations in one request: what a venue takes in one URL or body without complaint.</summary>
    private const int CancelBatchMax = 100;

    private readonly List<ClientOrderId> _waiting = [];
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
            case OrderMessages.Request.Place place:
                session.Venue.OrderEntry.PlaceAsync(place.Terms, CancellationToken.None).PipeTo(
                    Orders,
                    Self,
                    success: outcome => new OrderMessages.Placed(place.Terms.Id, outcome),
                    failure: cause => new OrderMessages.Placed(place.Terms.Id, Unknown(cause)));
                break;
            case OrderMessages.Request.Amend amend:
                session.Venue.OrderEntry.AmendAsync(amend.Id, amend.Symbol, amend.Price, amend.Quantity, CancellationToken.None).PipeTo(
                    Orders,
                    Self,
                    success: outcome => new OrderMessages.Changed(amend.Id, outcome),
                    failure: cause => new OrderMessages.Changed(amend.Id, Unknown(cause)));
                break;
            case OrderMessages.Request.Find find:
                session.Venue.Queries.FindOrderAsync(find.Id, CancellationToken.None).PipeTo(
                    Orders,
                    Self,
                    success: report => new OrderMessages.Looked(find.Id, report, null),
                    failure: cause => new OrderMessages.Looked(find.Id, null, cause.GetBaseException().Message));
                break;
            case OrderMessages.Request.Cancel cancel:
                if (!_waiting.Contains(cancel.Id)) _waiting.Add(cancel.Id);
                SendCancellations();
                break;
            case CancellationsAnswered:
                _cancelling = false;
                SendCancellations();
                break;
        }
    }

    private static OrderEntryOutcome.Unknown Unknown(Exception cause) => new OrderEntryOutcome.Unknown(cause.GetBaseException().Message);

    private void SendCancellations()
    {
        if (_cancelling || _waiting.Count == 0) return;
        _cancelling = true;
        var ids = _waiting.Take(CancelBatchMax).ToArray();
        _waiting.RemoveRange(0, ids.Length);
        CancelAsync(ids, Orders).PipeTo(Self, success: () => CancellationsAnswered.Instance, failure: _ => CancellationsAnswered.Instance);
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

    private sealed record CancellationsAnswered
    {
        public static readonly CancellationsAnswered Instance = new();
    }
}
