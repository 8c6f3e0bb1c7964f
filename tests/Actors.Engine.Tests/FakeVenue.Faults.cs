using System.Collections.Concurrent;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;

namespace Actors.Engine.Tests;

/// <summary>What a test makes happen at the fake venue, and what it makes go wrong there.</summary>
internal sealed partial class FakeVenue
{
    private bool _loseNextAnswer, _loseNextRequest;

    /// <summary>Accept the next placement and lose the answer.</summary>
    public bool LoseNextAnswer { set => _loseNextAnswer = value; }

    /// <summary>Drop the next placement before it is accepted, and answer nothing.</summary>
    public bool LoseNextRequest { set => _loseNextRequest = value; }

    /// <summary>Say the acknowledgement of a subscription after its first snapshot instead of before.</summary>
    public bool AcknowledgeLast { get; set; }

    /// <summary>Answer no request for a snapshot.</summary>
    public bool KeepsSnapshots { get; set; }

    /// <summary>Confirm no beat on the socket, which stays open and alive in all else.</summary>
    public bool KeepsBeats { get; set; }

    /// <summary>Tell orders, positions and margin of a fill, and not the fill.</summary>
    public bool WithholdsExecutions { get; set; }

    /// <summary>Answer no question about a single order.</summary>
    public string? QueryFailure { get; set; }

    /// <summary>Throw at every way to cancel, which the port forbids.</summary>
    public string? CancelFailure { get; set; }

    /// <summary>Cancellations that were asked for, those at which it threw too.</summary>
    public int CancelsTried { get; private set; }

    /// <summary>Refuse the key on the stream.</summary>
    public bool RefusesKey { get; set; }

    /// <summary>Refuse to connect, for this reason.</summary>
    public string? ConnectRefusal { get; set; }

    /// <summary>How long it then wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; set; }

    /// <summary>Answer no question and no beat without the socket, and refuse to connect.</summary>
    public bool Unreachable
    {
        get => ConnectRefusal is not null;
        set => ConnectRefusal = value ? "connection refused" : null;
    }

    /// <summary>Refuse every placement, for this reason.</summary>
    public string? PlacementRefusal { get; set; }

    /// <summary>What each fill costs, in minor units.</summary>
    public long Commission { get; set; }

    /// <summary>The venue's clock less ours.</summary>
    public TimeSpan ClockAhead { get; set; }

    /// <summary>Profit that the venue's rows have and nothing accounts for.</summary>
    public long MarginError { get; set; }

    /// <summary>Money moved into the wallet by other means than trading.</summary>
    public long Moved { get; private set; }

    public int BeatsWithoutSocket { get; private set; }

    public int Placements { get; private set; }

    public int BookRequests { get; private set; }

    public ConcurrentQueue<TimeSpan> Beats { get; } = [];

    public ConcurrentQueue<AccountTable> TableRequests { get; } = [];

    /// <summary>How many orders each request to cancel named.</summary>
    public ConcurrentQueue<int> CancelRequests { get; } = [];

    /// <summary>When the newest beat lets the switch fire; null: disarmed.</summary>
    public DateTimeOffset? CancelsAt { get; private set; }

    /// <summary>Held placements are answered when it completes; what is out meanwhile is counted.</summary>
    public Task HeldUntil { get; set; } = Task.CompletedTask;

    /// <summary>Until it is set a placement keeps the thread that asks for it, which the port forbids.</summary>
    public WaitHandle? Blocks { get; set; }

    public int PlacementsOut { get; private set; }

    /// <summary>Questions about single orders, and beats without the socket, are answered when it completes.</summary>
    public Task AnswersHeldUntil { get; set; } = Task.CompletedTask;

    public int QueriesOut { get; private set; }

    /// <summary>The list of open orders, with which a comparison begins, is answered when it completes.</summary>
    public Task ComparisonsHeldUntil { get; set; } = Task.CompletedTask;

    public int BeatsOut { get; private set; }

    /// <summary>What was asked for on which socket, in its order.</summary>
    public ConcurrentQueue<(object Socket, string Request)> Requested { get; } = [];

    public Action<OrderTerms, DateTimeOffset> OnPlace { get; set; } = (_, _) => { };

    /// <summary>Trades an order of ours against somebody.</summary>
    public void Fill(ClientOrderId id, long quantity)
    {
        lock (_lock)
        {
            var order = _orders[id];
            var filled = order.Filled + new Quantity(quantity);
            var status = filled == order.Quantity ? VenueOrderStatus.Filled : VenueOrderStatus.PartiallyFilled;
            var changed = _orders[id] = order with { Filled = filled, Leaves = order.Quantity - filled, Status = status, Timestamp = Now };
            var change = Quantity.Signed(order.Side, new Quantity(quantity));
            var cost = ContractValue.Cost(Instrument, change, order.Price!.Value);
            var execution = new ExecutionReport(
                $"x{++_numbers}", ExecutionKind.Trade, order.VenueOrderId, id, order.Symbol, order.Side, new Quantity(quantity), order.Price, Settlement,
                cost, Commission, 0m, true, status, filled, order.Quantity - filled, "", Now);
            _positions[order.Symbol] = PositionOf(order.Symbol).Fill(change, cost, Commission);
            Remember(execution, messages => messages.Order(changed));
        }
    }

    /// <summary>Pays funding on the position: positive is paid by us.</summary>
    public void Fund(long amount)
    {
        lock (_lock)
        {
            _positions[Symbol] = PositionOf(Symbol).Pay(amount);
            Remember(new ExecutionReport(
                $"x{++_numbers}", ExecutionKind.Funding, "", new ClientOrderId(""), Symbol, Side.Buy, Position.Absolute, Mark, Settlement,
                0, amount, 0m, null, VenueOrderStatus.Filled, default, default, "Funding", Now));
        }
    }

    /// <summary>Moves money into the wallet, or out of it.</summary>
    public void Move(long amount)
    {
        Moved += amount;
        SayAccount(_ => { });
    }

    /// <summary>An order of the account that somebody else places.</summary>
    public void PlaceByHand(string id)
    {
        lock (_lock)
        {
            var order = _orders[new ClientOrderId(id)] = new OrderReport(
                $"v{++_numbers}", new ClientOrderId(id), Symbol, Side.Buy, OrderType.Limit, new Quantity(1), 1m, VenueOrderStatus.New, Quantity.Zero, new Quantity(1), null, "", Now);
            SayAccount(messages => messages.Order(order));
        }
    }

    /// <summary>Cancels an order of ours by other hands, and says it on no stream.</summary>
    public void CancelUnheard(ClientOrderId id)
    {
        lock (_lock) _orders[id] = _orders[id] with { Status = VenueOrderStatus.Canceled, Leaves = Quantity.Zero, Timestamp = Now };
    }

    /// <summary>Knows nothing of an order any more, as if it had never come.</summary>
    public void Forget(ClientOrderId id)
    {
        lock (_lock) _orders.Remove(id);
    }

    /// <summary>Says the account's rows once more.</summary>
    public void SayRows() => SayAccount(_ => { });

    /// <summary>Says a position that no execution has led to, and stays with it.</summary>
    public void SayPosition(long quantity, long cost)
    {
        lock (_lock) _positions[Symbol] = new Position(new Quantity(quantity), cost, 0, 0);
        SayAccount(_ => { });
    }

    /// <summary>Moves the whole book so that its best bid is at <paramref name="bid"/> and its best ask 1 above.</summary>
    public void Quote(long bid)
    {
        _book = bid;
        SayBook(Symbol);
    }

    /// <summary>A frame of which only this is known, that it may have changed these tables.</summary>
    public void SendGarbage(MissedTables tables, Symbol? symbol = null) => _stream?.Say(messages =>
    {
        messages.Undecodable("garbage");
        messages.Missed(tables, symbol);
    });

    public void SendBook(BookAction action, params BookRow[] rows) => _stream?.Say(messages => messages.Book(Symbol, action, rows, null));

    /// <summary>Sends a change of a level that does not exist.</summary>
    public void SendGap() => SendBook(BookAction.Update, new BookRow(999, Side.Buy, 1, null));

    public void DropSocket(string reason) => _stream!.Drop(reason);

    /// <summary>Answers nothing and sends nothing from now on, with the socket open.</summary>
    public void Hang() => _stream!.IsHung = true;

    private void FailCancel()
    {
        CancelsTried++;
        if (CancelFailure is { } failure) throw new InvalidOperationException(failure);
    }

    private async Task<BeatConfirmation?> BeatWithoutSocketAsync(TimeSpan timeout)
    {
        if (Unreachable) return null;
        lock (_lock) (BeatsWithoutSocket, BeatsOut) = (BeatsWithoutSocket + 1, BeatsOut + 1);
        await AnswersHeldUntil;
        lock (_lock) BeatsOut--;
        return Beat(timeout);
    }

    private async Task<T> QueryAsync<T>(Func<T> answer)
    {
        if (QueryFailure is { } failure) throw new VenueUnreachableException(failure);
        lock (_lock) QueriesOut++;
        await AnswersHeldUntil;
        lock (_lock)
        {
            QueriesOut--;
            return answer();
        }
    }

    private void Remember(ExecutionReport execution, Action<IVenueMessages>? with = null)
    {
        _executions.Add(execution);
        SayAccount(messages =>
        {
            if (!WithholdsExecutions) messages.Execution(execution);
            with?.Invoke(messages);
        });
    }

    private static bool TakeOnce(ref bool flag)
    {
        if (!flag) return false;
        flag = false;
        return true;
    }
}
