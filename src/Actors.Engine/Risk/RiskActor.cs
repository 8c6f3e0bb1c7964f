using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;
using Actors.Engine.Accounts;
using Actors.Engine.Books;
using Actors.Engine.Journaling;
using Actors.Engine.Orders;
using Actors.Engine.Positions;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Risk;

/// <summary>
/// The only door from intent to order, and the watch over every limit. It starts closed, because a door that was away cannot prove that it was open, and takes
/// positions, wallets and open orders anew from those who own them before it judges anything; what was latched it remembers.
/// </summary>
public sealed class RiskActor : JournaledActor
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly RiskState _state;

    /// <summary>What was applied when it was decided, so that one thing can follow from another, and is only journaled now.</summary>
    private readonly HashSet<object> _applied = new(ReferenceEqualityComparer.Instance);

    /// <summary>Best prices that are not taken yet. Nothing but an order is held against them, so the newest is taken when one is judged, or a second later.</summary>
    private readonly Dictionary<Symbol, BestSeen> _best = [];
    private RiskMessages.DoorChanged? _told;
    private int _door;

    public RiskActor(SessionContext session)
        : base(session, PartNames.Risk, $"risk-{session.Account}") => _state = new RiskState(session.Settings.Limits, session.Instruments.Values);

    protected override void Apply(object happened, DateTimeOffset at)
    {
        if (!_applied.Remove(happened)) _state.Apply((RiskEvent)happened, at);
    }

    protected override StateKept Keep() => _state.Keep();

    protected override void Restore(object kept) => _state.Restore((RiskKept)kept);

    protected override void Recovered()
    {
        // What still waits for the one before it, and would open this one, is not for it.
        _door = Session.Doors.Next();
        _state.Begin(Now, Session.SessionId);
        Session.Directory.Orders.Tell(new OrderMessages.AskLive(), Self);
        Session.Directory.Account.Tell(new AccountMessages.AskWallets(), Self);
        foreach (var symbol in Session.Instruments.Keys)
        {
            Session.Directory.Position(symbol).Tell(new PositionMessages.Ask(), Self);
            Session.Directory.Book(symbol).Tell(new BookMessages.Ask(), Self);
        }

        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, LookInterval);
        TellDoor();
    }

    protected override void Handle(object message)
    {
        switch (message)
        {
            case RiskMessages.Judge judge:
                Judge(judge.Intents, Sender);
                break;
            case RiskMessages.CloseGate close:
                if (close.Door == _door && _state.ClosedGates.GetValueOrDefault(close.Gate)?.Reason != close.Reason) Commit([new GateClosed(close.Gate, close.Reason)], TellDoor);
                break;
            case RiskMessages.OpenGate open:
                if (open.Door == _door && _state.ClosedGates.ContainsKey(open.Gate)) Commit([new GateOpened(open.Gate)], TellDoor);
                break;
            case RiskMessages.Synchronise synchronise:
                Sender.Tell(Door());
                // Through the orders' own mailbox, behind every intent approved before: the answer then misses none of them.
                Session.Directory.Orders.Tell(new OrderMessages.Synchronise(synchronise.StrategyId, synchronise.SinceSequence), Sender);
                break;
            case RiskMessages.Operate operate:
                Operate(operate, Sender);
                break;
            case RiskMessages.Show:
                Sender.Tell(new RiskMessages.Shown(RiskPicture.Of(_state, Now)));
                break;
            case RiskMessages.Examine examine:
                Sender.Tell(Examine(examine));
                break;
            case Look:
                // None waits for long: an audit puts what was seen back in the order of its frames, within bounds.
                foreach (var symbol in _best.Keys.ToList()) TakeBest(symbol);
                TakePassing(new TimePassed());
                Watch(new TimePassed());
                // Behind all that was approved before: what they do not tell of then was lost with their last incarnation.
                if (_state.HasUnproved) Session.Directory.Orders.Tell(new OrderMessages.AskLive(), Self);
                Show();
                break;
            case BookMessages.Priced priced:
                OnPriced(priced);
                break;
            case BookMessages.BestChanged best:
                _best[best.Symbol] = new BestSeen(best.Symbol, best.Top, best.Cursor);
                break;
            default:
                if (message is BookMessages.StatusChanged { Status: not BookStatus.Live } lost) _best.Remove(lost.Symbol);
                if (InputOf(message) is { } input) Learn(input);
                break;
        }
    }

    private static Input? InputOf(object message) => message switch
    {
        OrderMessages.Updated updated => new OrderSeen(updated.Order.Id, OrderSeen.NewsOf(updated.Event), updated.Sequence) { Order = updated.Order, Fill = updated.Event as OrderFilled },
        OrderMessages.Recovered recovered => new OrdersSeen(recovered.Sequence) { Live = recovered.Live },
        PositionMessages.Changed changed => new HoldingSeen(changed.Symbol, changed.Position, changed.Leverage, changed.IsAdopted) { ExecutionId = changed.ExecutionId },
        BookMessages.StatusChanged status => new BookStatusSeen(status.Symbol, status.Status),
        AccountMessages.WalletChanged wallet => new WalletSeen(wallet.Currency, wallet.Balance),
        _ => null,
    };

    private void OnPriced(BookMessages.Priced priced)
    {
        var report = priced.Report;
        if (_state.Find(report.Definition.Symbol) is not { } known) return;
        Cursor = priced.Cursor;
        if (report.MarkPrice is { } mark && known.Mark != mark) Learn(new MarkSeen(report.Definition.Symbol, mark));
        if (report is { FundingRate: { } rate, FundingTime: { } at } && (known.Funding?.Rate != rate || known.Funding.DueAt != at))
            Learn(new FundingSeen(report.Definition.Symbol, rate, at));
    }

    private void Learn(Input input)
    {
        Take(input);
        Watch(input);
    }

    private void TakeBest(Symbol symbol)
    {
        if (_best.Remove(symbol, out var best)) Learn(best);
    }

    /// <summary>Journals what an input meant, and then does it.</summary>
    private void Watch(Input input, Action? then = null)
    {
        var events = RiskWatch.Take(_state, input, Now);
        _applied.UnionWith(events);
        Commit(events, () =>
        {
            foreach (var happened in events) Do(happened);
            if (events.Count > 0) TellDoor();
            then?.Invoke();
        });
    }

    /// <summary>
    /// One after the other, each by what the ones before it reserved, and made durable together. Durable before any order goes on: whatever ends this part, no order was
    /// ever sent of which the journal does not tell who let it through.
    /// </summary>
    private void Judge(IReadOnlyList<Intent> intents, IActorRef asker)
    {
        foreach (var intent in intents) TakeBest(intent.Symbol);
        var (journaled, approved, refused, consequences) = (new List<object>(), new List<ApprovedIntent>(), new List<RiskMessages.Refused>(), new List<RiskEvent>());
        foreach (var intent in intents)
        {
            var verdict = RiskDoor.Judge(_state, intent, Now);
            if (verdict is Verdict.Approved one)
            {
                journaled.Add(new IntentApproved(intent));
                approved.Add(one.Intent);
            }
            else if (verdict is Verdict.Refused { Reason: var reason, Finding: var finding })
            {
                Session.Board.Refused++;
                Log.Info("refused {StrategyId}: {Reason}", intent.StrategyId, reason);
                journaled.Add(new IntentRefused(intent, reason) { Finding = finding });
                if (intent.StrategyId != RiskDoor.OwnId) refused.Add(new RiskMessages.Refused(intent, reason));
            }

            journaled.AddRange(verdict.Consequences);
            consequences.AddRange(verdict.Consequences);
        }

        _applied.UnionWith(consequences);
        Commit(journaled, () =>
        {
            if (approved.Count > 0) Session.Directory.Orders.Tell(new OrderMessages.Execute(approved, Now), Self);
            foreach (var one in refused) asker.Tell(one);
            DoAll(consequences);
        });
    }

    private void DoAll(List<RiskEvent> events)
    {
        foreach (var happened in events) Do(happened);
        if (events.Count > 0) TellDoor();
    }

    /// <summary>The effect of something that is durable now.</summary>
    private void Do(RiskEvent happened)
    {
        switch (happened)
        {
            case LimitPassed passed:
                OnPassed(passed);
                break;
            case OperatorHalted halted:
                Tell($"halted by an operator: {halted.Reason}", isUrgent: true);
                break;
            case LatchesCleared cleared:
                Tell($"an operator cleared {string.Join(", ", cleared.Latches.Select(latch => latch.Name))}: {cleared.Reason}", isUrgent: false);
                break;
            case ReductionDecided decided:
                Log.Info("{Latch}: {Count} orders to place or cancel, attempt {Attempt}", decided.Latch, decided.Intents.Count, decided.Attempt);
                Judge(decided.Intents, Self);
                break;
            case FlattenEnded ended:
                Tell($"{ended.Latch}: {ended.Words}", isUrgent: true);
                break;
        }
    }

    private void OnPassed(LimitPassed passed)
    {
        var words = LimitWords.Of(passed.Finding);
        if (passed.Action == RiskAction.Log || (passed.Action == RiskAction.Refuse && Limit.IsOfOrders(passed.Finding.Kind)))
        {
            Log.Info("{Words}", words);
            return;
        }

        Tell($"{ActionWords(passed.Action)}: {words}", isUrgent: true);
        if (passed.Action == RiskAction.Stop) Session.Directory.Engine.Tell(new EngineMessages.Stop($"limit {words}", true));
    }

    private static string ActionWords(RiskAction action) => action switch
    {
        RiskAction.Alert => "near a limit",
        RiskAction.Refuse => "increases are refused",
        RiskAction.ReduceOnly => "only reducing from now on",
        RiskAction.CancelOrders => "only reducing from now on, orders are cancelled",
        RiskAction.Flatten => "only reducing from now on, positions are closed",
        _ => "the session stops",
    };

    private void Tell(string words, bool isUrgent)
    {
        Log.Warning("risk: {Words}", words);
        Session.Board.Say(Now, $"risk: {words}");
        Session.Board.RiskNotices.Add(new RiskNotice(Now, words, isUrgent));
    }

    private void Operate(RiskMessages.Operate operate, IActorRef asker)
    {
        var said = new OperatorSaid(operate.Verb, operate.Reason, operate.Latches);
        Take(said);
        Watch(said, () =>
        {
            // A command that changed nothing leaves its record as well.
            NoteTaken();
            asker.Tell(new RiskMessages.Shown(RiskPicture.Of(_state, Now)));
        });
    }

    private RiskMessages.Examined Examine(RiskMessages.Examine asked)
    {
        if (!Session.Instruments.TryGetValue(asked.Symbol, out var instrument)) return new RiskMessages.Examined($"{asked.Symbol} is not traded here", []);
        Price? price = null;
        if (asked.Price is { } named)
        {
            if (instrument.RefusePrice(named) is { } refusal) return new RiskMessages.Examined(refusal, []);
            price = instrument.Tick.ToPrice(named);
        }

        TakeBest(asked.Symbol);
        var type = price is null ? OrderType.Market : OrderType.Limit;
        var intent = new PlaceIntent(asked.StrategyId, 0, new OrderTerms(new ClientOrderId("check"), asked.Symbol, asked.Side, asked.Quantity, type, price));
        var examined = RiskDoor.Examine(_state, intent, Now);
        return new RiskMessages.Examined(examined.Refusal, examined.Findings);
    }

    private RiskMessages.DoorChanged Door()
    {
        var ofAccount = _state.Memory.Latches.Values.Where(latch => latch.Scope.IsAccount).ToList();
        var latched = ofAccount.Count == 0 ? null : string.Join("; ", ofAccount.Select(latch => $"only reducing ({latch.Name}): {latch.Words}"));
        var reason = string.Join("; ", _state.ClosedGates.Values.Select(gate => gate.Reason));
        return new RiskMessages.DoorChanged(_state.ClosedGates.Count == 0, reason) { Door = _door, Latched = latched };
    }

    private void TellDoor()
    {
        var (before, door) = (_told, Door());
        _told = door;
        Show();
        if (before == door) return;
        Session.Directory.Engine.Tell(door);
        if (before?.IsOpen == door.IsOpen) return;
        foreach (var strategy in Session.Settings.Strategies) Session.Directory.Strategy(strategy.Id).Tell(door);
    }

    private void Show() => Session.Board.Risk = RiskPicture.Of(_state, Now);

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }
}
