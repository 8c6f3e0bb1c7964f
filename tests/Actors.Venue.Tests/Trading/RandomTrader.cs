using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Venue.Clearing;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Trading;

/// <summary>
/// Does whatever a client may ask of the venue, at random, for alice and bob, and watches each execution: what may only reduce a
/// position never opens or turns one.
/// </summary>
internal sealed class RandomTrader
{
    private static readonly ExecutionInstructions[] Instructions =
    [
        ExecutionInstructions.None,
        ExecutionInstructions.None,
        ExecutionInstructions.ParticipateDoNotInitiate,
        ExecutionInstructions.ReduceOnly,
        ExecutionInstructions.ReduceOnly,
        ExecutionInstructions.Close,
    ];

    private readonly ExchangeFixture _fixture;
    private readonly SeededRandom _random;
    private readonly Dictionary<Holding, long> _positions = [];
    private readonly List<(Account Owner, Guid Id)> _withdrawals = [];

    public RandomTrader(ExchangeFixture fixture, SeededRandom random)
    {
        _fixture = fixture;
        _random = random;
        foreach (var holding in fixture.Alice.Holdings.Concat(fixture.Bob.Holdings)) _positions[holding] = holding.Position.Quantity.Contracts;
        fixture.OnExecution = Watch;
    }

    /// <summary>Fills of orders that may only reduce: a run without any proves nothing.</summary>
    public int ReducingFills { get; private set; }

    public int Triggered { get; private set; }

    /// <summary>Transfers, and withdrawals that came to their end.</summary>
    public int Moved { get; private set; }

    public void Act()
    {
        var account = _random.Chance(50) ? _fixture.Alice : _fixture.Bob;
        var open = account.Orders.Where(order => order.IsOpen).ToList();
        var picked = open.Count == 0 ? null : open[(int)_random.Between(0, open.Count - 1)];
        switch (_random.Between(1, 13))
        {
            case 1 when picked is not null: _fixture.Exchange.Orders.Cancel(picked, "test"); break;
            case 2 or 3 when picked is not null: _fixture.Exchange.Orders.Amend(picked, Amendment(picked)); break;
            case 4: _fixture.Exchange.Orders.CancelAll(account, order => order.Side == Side.Buy && _random.Chance(30), "test"); break;
            case 5 when _random.Chance(50): MoveMoney(account); break;
            default: _fixture.Exchange.Orders.Place(account, Linked(Request(), _random.Between(0, 4))); break;
        }
    }

    /// <summary>A little to the other account or out of the venue; sometimes more than there is.</summary>
    private void MoveMoney(Account account)
    {
        var desk = _fixture.Exchange.Wallets;
        var wallet = account.Wallets[(int)_random.Between(0, account.Wallets.Count - 1)];
        var amount = _random.Chance(10) ? wallet.Balance * 2 : _random.Between(-1, 1 + (wallet.Balance / 1_000));
        switch (_random.Between(1, 4))
        {
            case 1: Moved += desk.Transfer(wallet, _fixture.Alice == account ? _fixture.Bob : _fixture.Alice, amount).Row is null ? 0 : 1; break;
            case 2 when desk.Request(wallet, amount, _random.Between(0, 500), "an address").Row is { } row: _withdrawals.Add((account, row.Id)); break;
            default:
                if (_withdrawals.Count == 0) return;
                var (owner, id) = _withdrawals[(int)_random.Between(0, _withdrawals.Count - 1)];
                // Each only once: afterwards it is refused.
                Moved += (_random.Chance(50) ? desk.Confirm(owner, id.ToString()) : desk.Cancel(owner, id.ToString())).Row is null ? 0 : 1;
                break;
        }
    }

    private OrderAmendment Amendment(VenueOrder order) => _random.Between(1, 4) switch
    {
        1 => new OrderAmendment(Quantity: order.Filled + Quantity(order.Instrument)),
        2 => new OrderAmendment(Leaves: Quantity(order.Instrument)),
        3 => new OrderAmendment(StopPrice: Price(order.Instrument)),
        _ => new OrderAmendment(Price: Price(order.Instrument)),
    };

    private NewOrder Request()
    {
        var instrument = _fixture.Exchange.Instruments[(int)_random.Between(0, _fixture.Exchange.Instruments.Count - 1)];
        var type = (VenueOrderType)_random.Between(1, 7);
        var side = _random.Chance(50) ? Side.Buy : Side.Sell;
        var quantity = Quantity(instrument);
        var instructions = Instructions[_random.Between(0, Instructions.Length - 1)];
        var trails = type.Waits() && _random.Chance(20);
        if (type.Waits() && _random.Chance(60)) instructions |= _random.Chance(50) ? ExecutionInstructions.LastPrice : ExecutionInstructions.IndexPrice;
        if (type == VenueOrderType.Pegged) instructions |= ExecutionInstructions.Fixed;
        var offset = _random.Between(5, 60) * instrument.Definition.Tick.Value * (type.TriggersAbove(side) ? 1 : -1);
        return new NewOrder(
            instrument.Symbol,
            side,
            instructions.HasFlag(ExecutionInstructions.Close) && _random.Chance(50) ? null : quantity,
            type.HasPrice() ? Price(instrument) : null,
            type,
            _random.Chance(50) ? null : (TimeInForce)_random.Between(1, 4),
            instructions,
            "",
            "")
        {
            DisplayQuantity = type.HasPrice() && _random.Chance(30) ? _random.Between(0, 3) * instrument.Listing.LotSize : null,
            StopPrice = type.Waits() && !trails ? Price(instrument) : null,
            Peg = type == VenueOrderType.Pegged ? (PegPriceType)_random.Between(1, 2) : trails ? PegPriceType.TrailingStopPeg : PegPriceType.None,
            PegOffset = trails ? offset : null,
            LinkId = _random.Chance(25) ? $"group {_random.Between(1, 3)}" : "",
        };
    }

    /// <summary>Some orders of a group cancel each other, some start others.</summary>
    private static NewOrder Linked(NewOrder order, long dice) =>
        order.LinkId.Length == 0 ? order : order with { Contingency = (ContingencyType)dice };

    private long Quantity(ListedInstrument instrument) => _random.Between(1, 80) * instrument.Listing.LotSize;

    private decimal Price(ListedInstrument instrument) =>
        instrument.Decimal(Math.Max(1, instrument.Definition.Tick.Nearest(instrument.MarkPrice).Ticks + _random.Bell(15)));

    private void Watch(Execution execution)
    {
        var holding = execution.Order.Holding;
        var before = _positions.GetValueOrDefault(holding);
        var after = holding.Position.Quantity.Contracts;
        _positions[holding] = after;
        if (execution.Kind == ExecutionKind.Triggered) Triggered++;
        if (execution.Fill is null || !execution.Order.Reduces) return;
        ReducingFills++;
        Assert.True(Math.Abs(after) <= Math.Abs(before) && after * before >= 0, $"a reducing order took {before} to {after}: {execution}");
    }
}
