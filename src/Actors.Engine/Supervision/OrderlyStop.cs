using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Sessions;
using Actors.Engine.Connection;
using Actors.Engine.Orders;
using Actors.Engine.Recording;
using Actors.Engine.Session;
using Akka.Actor;

namespace Actors.Engine.Supervision;

/// <summary>
/// The safe order of stopping: cancel every order, have the venue confirm that none is left, disarm the switch, close the journal. What cannot be confirmed leaves
/// the switch armed, so that the venue cancels what we could not. Owned by the engine.
/// </summary>
internal sealed class OrderlyStop(SessionContext session, Action<SessionSummary> finished)
{
    private readonly List<string> _problems = [];
    private Step _step = Step.NotBegun;
    private string _reason = "";
    private int _ordersLeft;
    private bool _counted;
    private bool _disarmed;
    private bool _accountAsked;

    private enum Step
    {
        NotBegun = 0,
        Cancelling = 1,
        Confirming = 2,
        Disarming = 3,
        Flushing = 4,
        Closing = 5,
        Finished = 6,
    }

    /// <summary>Begins, once. <paramref name="ordersAreDown"/>: the part that would cancel is not there, so the venue is asked to cancel the whole account.</summary>
    public void Begin(EngineMessages.Stop stop, bool ordersAreDown, IActorRef engine)
    {
        if (_step != Step.NotBegun) return;
        (_step, _reason) = (Step.Cancelling, stop.Reason);
        if (stop.IsFault) _problems.Add($"stopped: {stop.Reason}");
        session.Directory.Orders.Tell(new OrderMessages.CancelAll(stop.Reason), engine);
        if (ordersAreDown) CancelAccount(engine);
        Within(session.Timings.StopMax, engine);
    }

    /// <summary>The engine ends, whatever has been reached: what was not confirmed is left to the switch. Nothing once the session has stopped.</summary>
    public void GiveUp(string problem)
    {
        if (_step == Step.Finished) return;
        _problems.Add(problem);
        if (_step == Step.NotBegun) _reason = problem;
        if (!_counted) _ordersLeft = session.Board.Orders().Counts.Open;
        Finish();
    }

    public bool Handled(object message, IActorRef engine)
    {
        switch (message)
        {
            case OrderMessages.NoneLeft when _step == Step.Cancelling:
                BeginConfirming(engine);
                return true;
            case OpenOrders open when _step == Step.Confirming:
                OnOpenOrders(open, engine);
                return true;
            case OrderMessages.Recognised recognised when _step == Step.Confirming:
                OnRecognised(recognised.Ours, engine);
                return true;
            case AccountCancelled cancelled when _step == Step.Cancelling:
                _problems.Add($"the venue was asked to cancel every order of the account: {cancelled.Outcome}");
                BeginConfirming(engine);
                return true;
            case SwitchMessages.Disarmed when _step == Step.Disarming:
                _disarmed = true;
                Flush(engine);
                return true;
            case RecorderMessages.Flushed when _step == Step.Flushing:
                Close(engine);
                return true;
            case ChronicleMessages.Closed when _step == Step.Closing:
                Finish();
                return true;
            case Overdue overdue when overdue.Step == _step:
                OnOverdue(engine);
                return true;
            case OrderMessages.NoneLeft or OrderMessages.Recognised or OpenOrders or AccountCancelled or SwitchMessages.Disarmed or RecorderMessages.Flushed or ChronicleMessages.Closed or Overdue:
                return true;
            default:
                return false;
        }
    }

    private void OnOpenOrders(OpenOrders open, IActorRef engine)
    {
        if (open.Failure is { } failure)
        {
            Confirm(engine, TimeSpan.FromSeconds(1));
            session.Board.Say(session.Now(), $"the venue could not be asked for open orders: {failure}");
            return;
        }

        if (open.Ids.Count == 0) OnRecognised(0, engine);
        else session.Directory.Orders.Tell(new OrderMessages.Recognise(open.Ids), engine);
    }

    private void OnRecognised(int ours, IActorRef engine)
    {
        (_ordersLeft, _counted) = (ours, true);
        if (_ordersLeft > 0)
        {
            session.Board.Say(session.Now(), $"{_ordersLeft} of our orders are still open at the venue");
            Confirm(engine, TimeSpan.FromMilliseconds(500));
            return;
        }

        _step = Step.Disarming;
        session.Directory.Switch.Tell(new SwitchMessages.Disarm(), engine);
        Within(session.Settings.Switch.Deadline, engine);
    }

    private void OnOverdue(IActorRef engine)
    {
        if (_step == Step.Cancelling && !_accountAsked)
        {
            // What cannot be journaled cannot be cancelled one by one: the venue is asked for all of them instead.
            _problems.Add($"the orders were not all confirmed cancelled within {session.Timings.StopMax.TotalSeconds} s");
            CancelAccount(engine);
            Within(TimeSpan.FromSeconds(5), engine);
            return;
        }

        _problems.Add(_step switch
        {
            Step.Cancelling => "the venue did not answer the request to cancel the whole account",
            Step.Confirming => "the venue did not confirm that no order is left",
            Step.Disarming => "the venue did not confirm that the switch is disarmed; it will cancel every order of the account",
            Step.Flushing => "the last frames could not be journaled",
            _ => "the end of the session could not be journaled",
        });
        switch (_step)
        {
            case Step.Cancelling or Step.Confirming:
                if (!_counted) _ordersLeft = session.Board.Orders().Counts.Open;
                Flush(engine);
                break;
            case Step.Disarming:
                Flush(engine);
                break;
            case Step.Flushing:
                Close(engine);
                break;
            default:
                Finish();
                break;
        }
    }

    /// <summary>A venue that refuses every question, as it does when the key is revoked, must not keep the session from ending.</summary>
    private void BeginConfirming(IActorRef engine)
    {
        _step = Step.Confirming;
        Confirm(engine);
        Within(session.Timings.StopMax, engine);
    }

    private void Confirm(IActorRef engine, TimeSpan wait = default) => OpenIdsAsync(wait).PipeTo(
        engine,
        success: ids => new OpenOrders(ids, null),
        failure: cause => new OpenOrders([], cause.GetBaseException().Message));

    private async Task<IReadOnlyList<ClientOrderId>> OpenIdsAsync(TimeSpan wait)
    {
        await Task.Delay(wait, session.Clock);
        var open = await session.Venue.Queries.OpenOrdersAsync(CancellationToken.None);
        return [.. open.Select(order => order.ClientId)];
    }

    private void CancelAccount(IActorRef engine)
    {
        _accountAsked = true;
        CancelAllAsync().PipeTo(
            engine,
            success: outcome => new AccountCancelled(outcome switch
            {
                OrderEntryOutcome.Accepted => "accepted",
                OrderEntryOutcome.Refused refused => refused.Reason,
                OrderEntryOutcome.Unknown unknown => unknown.Reason,
                _ => outcome.ToString(),
            }),
            failure: cause => new AccountCancelled(cause.GetBaseException().Message));
    }

    /// <summary>A port that throws at once, which it must not, is one that failed: the stop goes on, and says so.</summary>
    private async Task<OrderEntryOutcome> CancelAllAsync() => await session.Venue.OrderEntry.CancelAllAsync(CancellationToken.None);

    private void Flush(IActorRef engine)
    {
        _step = Step.Flushing;
        session.Directory.Recorder.Tell(new RecorderMessages.Flush(), engine);
        Within(TimeSpan.FromSeconds(5), engine);
    }

    private void Close(IActorRef engine)
    {
        _step = Step.Closing;
        var outcome = _problems.Count == 0 ? "orderly" : string.Join("; ", _problems);
        session.Directory.Chronicle.Tell(new ChronicleMessages.Close(new SessionEnded(session.SessionId, outcome, _ordersLeft)), engine);
        Within(TimeSpan.FromSeconds(5), engine);
    }

    private void Finish()
    {
        _step = Step.Finished;
        session.Board.Phase = (SessionPhase.Stopped, _problems.Count == 0 ? null : string.Join("; ", _problems));
        session.Board.Say(session.Now(), $"stopped: {_reason}");
        finished(new SessionSummary(session.Board.Picture(session.Now()), _ordersLeft, _disarmed, [.. _problems]));
    }

    private void Within(TimeSpan patience, IActorRef engine)
    {
        var step = _step;
        Task.Delay(patience, session.Clock).PipeTo(engine, success: () => new Overdue(step));
    }

    private sealed record OpenOrders(IReadOnlyList<ClientOrderId> Ids, string? Failure);

    private sealed record AccountCancelled(string Outcome);

    private sealed record Overdue(Step Step);
}
