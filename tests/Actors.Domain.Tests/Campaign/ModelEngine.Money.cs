using Actors.Domain.Accounts;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests.Campaign;

/// <summary>Positions, account, the risk door, and the strategy that wants orders.</summary>
internal sealed partial class ModelEngine
{
    private static readonly RiskLimits Limits = new(
        [Limit.Of(LimitKind.OrdersPerSecond, LimitScope.Account, 50), .. RiskLimits.Basic(Inverse.Symbol, 1_000, 1_000_000, OpenMax, 0.5m)]);

    private readonly List<PositionEvent> _positionJournal = [];
    private readonly List<AccountEvent> _accountJournal = [];
    private readonly Queue<ExecutionReport> _heldByPosition = [];
    private PositionLedger _positions = PositionLedger.Empty;
    private AccountLedger _wallets = AccountLedger.Empty;
    private RiskState _risk = null!;
    private int _doors;

    /// <summary>The door that the engine knows of.</summary>
    private int _knownDoor;

    /// <summary>The door that the engine has compared everything for.</summary>
    private int _provedDoor;
    private DateTimeOffset _positionBeganAt;

    /// <summary>Until a comparison has brought what was lost when the position before this one ended.</summary>
    private bool _positionWaits;

    /// <summary>Executions of the venue, in its order, of which each is counted.</summary>
    private int _countedInOrder;

    /// <summary>Whether something was counted before an older one that was lost or late on a socket that went on, so that the cost may differ.</summary>
    private bool _costMayDiffer;

    /// <summary>What the strategy has journaled that it numbered; a session begins at none.</summary>
    private long _numbered;
    private long _counter;
    private int _numberedIn;

    /// <summary>Whether the strategy wants anything.</summary>
    public bool Quotes { get; set; } = true;

    public Position Position => _positions.Position;

    public AccountLedger Wallets => _wallets;

    /// <summary>What positions taken over cost more than ours did.</summary>
    public long AdoptedCost { get; private set; }

    /// <summary>The venue's wallet when ours was taken over from it, less what the position had realised then.</summary>
    public long? WalletAtStart => _accountJournal.OfType<WalletAdopted>().LastOrDefault() is { } adopted ? adopted.Balance - adopted.Realised[0].Realised : null;

    private void RecoverPosition()
    {
        (_positionBeganAt, _positionWaits) = (Now, true);
        _heldByPosition.Clear();
        _positions = _positionJournal.Aggregate(PositionLedger.Empty, (ledger, happened) => ledger.Apply(happened));
        TellPosition(_door);
        if (Mutation != Mutation.KeepsToItself) TellPosition(_account);
    }

    private void OnExecuted(ExecutionReport execution, DateTimeOffset? comparedAt)
    {
        if (_positionWaits && !(comparedAt >= _positionBeganAt) && Mutation != Mutation.CountsOverLosses) _heldByPosition.Enqueue(execution);
        else Count(execution, () => { });
    }

    private void ReleaseExecuted()
    {
        if (_heldByPosition.TryDequeue(out var execution)) Count(execution, ReleaseExecuted);
    }

    private void Count(ExecutionReport execution, Action then)
    {
        if (Mutation == Mutation.CountsTwice && network.Loses(20)) _positions = PositionLedger.Empty.Apply(new PositionAdopted(Position.Quantity, Position.UnrealisedCost, ""));
        if (_positions.Decide(execution) is not { } happened)
        {
            then();
            return;
        }

        CheckOrder(execution);
        _positionJournal.Add(happened);
        _positions = _positions.Apply(happened);
        _position.Durable();
        if (network.Loses(2))
        {
            Crash();
            return;
        }

        TellPosition(_door);
        TellPosition(_account);
        then();
    }

    /// <summary>A cost depends on the order of the executions, so that they are counted in the venue's, whatever was restarted, killed or disconnected.</summary>
    private void CheckOrder(ExecutionReport execution)
    {
        while (_countedInOrder < venue.Executions.Count && _positions.Decide(venue.Executions[_countedInOrder]) is null) _countedInOrder++;
        foreach (var older in venue.Executions.Skip(_countedInOrder).TakeWhile(one => one.ExecutionId != execution.ExecutionId).Where(one => _positions.Decide(one) is PositionFilled))
        {
            if (_misplaced.Contains(older.ExecutionId)) _costMayDiffer = true;
            else Violations.Add($"{execution.ExecutionId} was counted before {older.ExecutionId}, which no socket that went on has lost");
        }
    }

    private void TellPosition(ModelPart to)
    {
        var position = Position;
        if (to == _door) _door.Tell(() => _risk.Find(Inverse.Symbol)!.Position = position.Quantity);
        else _account.Tell(() => _wallets = _wallets.Take(new RealisedSeen(Inverse.Symbol, Inverse.Settlement, position.RealisedPnl)));
    }

    private void RecoverAccount()
    {
        _wallets = _accountJournal.Aggregate(AccountLedger.Empty, (ledger, happened) => ledger.Apply(happened)).Begin();
        _position.Tell(() => TellPosition(_account));
    }

    private void OnMargin(MarginReport row)
    {
        foreach (var happened in _wallets.Decide(row)) Keep(happened);
        if (_wallets.Ours(Inverse.Settlement) is null && _wallets.Decide(new WalletCompared(Inverse.Settlement, row.WalletBalance - row.RealisedPnl)) is { Realised: [_] } adopted) Keep(adopted);
        _account.Durable();

        void Keep(AccountEvent happened)
        {
            _accountJournal.Add(happened);
            _wallets = _wallets.Apply(happened);
        }
    }

    private void RecoverRisk()
    {
        _risk = new RiskState(Limits, [Inverse]);
        _risk.Begin(Now);
        var door = ++_doors;
        _engine.Tell(() => _knownDoor = door);
        _risk.Find(Inverse.Symbol)!.Mark = 50_000m;
        if (Mutation != Mutation.OpensBlind) _orders.Tell(TellLive);
        _position.Tell(() => TellPosition(_door));
        _book.Tell(TellStatus);
    }

    private void Decide()
    {
        if (!Quotes) return;
        if (_numberedIn != _sessions) (_numberedIn, _numbered, _counter) = (_sessions, 0, 0);
        var live = _ledger.LiveInOrder.ToArray();
        // Several of one decision are judged and made durable together, and may be of one order; in every third run, so that the others stay what they were.
        var count = simulation.Seed % 3 == 0 ? simulation.Random.Next(1, 4) : 1;
        var intents = Enumerable.Range(0, count).Select(_ => Want(live)).ToArray();
        _strategy.Durable();
        _door.Tell(() => Judge(intents));
    }

    private Intent Want(Order[] live)
    {
        var some = live.Length > 0 ? live[simulation.Random.Next(live.Length)] : null;
        return simulation.Random.Next(10) switch
        {
            < 2 when some is not null => new CancelIntent("grid", Inverse.Symbol, some.Id),
            < 5 when some is not null => new AmendIntent("grid", Inverse.Symbol, some.Id, RandomPrice(), simulation.Chance(500) ? RandomQuantity() : null),
            _ => Place(),
        };
    }

    private PlaceIntent Place()
    {
        _numbered = ++_counter;
        return new PlaceIntent("grid", 0, Terms($"s{_sessions}-{_counter}", simulation.Chance(500) ? Side.Buy : Side.Sell, RandomQuantity().Contracts, RandomPrice().Ticks));
    }

    private Price RandomPrice() => new(100_000 + simulation.Random.Next(-2_000, 2_000));

    private Quantity RandomQuantity() => new(100 * simulation.Random.Next(1, 6));

    private void Judge(IReadOnlyList<Intent> intents)
    {
        var approved = intents.Select(intent => RiskDoor.Judge(_risk, intent, Now)).OfType<Verdict.Approved>().Select(verdict => verdict.Intent.Intent).ToArray();
        if (_provedDoor != _doors && approved.Any(intent => intent is not CancelIntent)) Violations.Add("a door let an order through before engine and venue were compared for it");
        var at = Now;
        if (approved.Length == 0) return;
        _door.Durable();
        _orders.Tell(() => Execute(approved, at));
    }
}
