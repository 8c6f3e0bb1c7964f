using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;
using static Actors.Domain.Tests.Samples;

namespace Actors.Domain.Tests.Risk;

/// <summary>
/// Random limits, orders, amendments, fills, cancellations, marks, halts, restarts and days against a second computation that knows nothing of the door's: it keeps
/// its own list of orders and its own cash, and goes through every order of filling. No sequence gets past a bound.
/// </summary>
public class RiskPropertyTests
{
    private const int Steps = 3_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void No_sequence_gets_past_a_bound(int seed)
    {
        var run = new Run(seed);
        for (var step = 0; step < Steps; step++) run.Step(step);
        Assert.True(run.Increases > 20 && run.Refusals > 20 && run.Reductions > 5, $"seed {seed}: {run.Increases} increases, {run.Reductions} reductions, {run.Refusals} refusals: the test tested little");
    }

    private sealed class Run
    {
        private static readonly Instrument[] Both = [Inverse, Linear];
        private readonly Random _random;
        private readonly RiskWorld _world;
        private readonly int _seed;
        private readonly Dictionary<LimitKind, decimal> _bounds;
        private readonly Dictionary<Instrument, long> _held = new() { [Inverse] = 0, [Linear] = 0 };
        private readonly Dictionary<Instrument, decimal> _marks = new() { [Inverse] = 50_000m, [Linear] = 2_000m };
        private readonly Dictionary<Instrument, long> _cash = new() { [Inverse] = 0, [Linear] = 0 };
        private readonly Dictionary<Instrument, long> _start = new() { [Inverse] = 0, [Linear] = 0 };
        private readonly Dictionary<ClientOrderId, Mine> _open = [];
        private readonly List<DateTimeOffset> _sent = [];
        private bool _lost;
        private bool _halted;

        public Run(int seed)
        {
            (_seed, _random) = (seed, new Random(seed));
            _bounds = new Dictionary<LimitKind, decimal>
            {
                [LimitKind.Position] = 1000 * _random.Next(2, 40),
                [LimitKind.OrderQuantity] = 1000 * _random.Next(4, 12),
                [LimitKind.OpenOrders] = _random.Next(2, 12),
                [LimitKind.OrdersPerSecond] = _random.Next(2, 10),
                [LimitKind.GrossExposure] = 20_000_000L * _random.Next(2, 40),
                [LimitKind.NetExposure] = 20_000_000L * _random.Next(2, 40),
                [LimitKind.PriceDistance] = 0.01m * _random.Next(1, 20),
                [LimitKind.DailyLoss] = 5_000_000L * _random.Next(1, 40),
            };
            var dollars = LimitScope.Of(Linear.Settlement);
            _world = new RiskWorld(
            [
                .. Both.SelectMany(one => new[] { LimitKind.Position, LimitKind.OrderQuantity, LimitKind.OpenOrders, LimitKind.PriceDistance }
                    .Select(kind => Limit.Of(kind, LimitScope.Of(one.Symbol), _bounds[kind]))),
                Limit.Of(LimitKind.OrdersPerSecond, LimitScope.Account, _bounds[LimitKind.OrdersPerSecond]),
                .. new[] { LimitKind.GrossExposure, LimitKind.NetExposure, LimitKind.DailyLoss }.Select(kind => Limit.Of(kind, dollars, _bounds[kind])),
            ]);
        }

        public int Increases { get; private set; }

        public int Reductions { get; private set; }

        public int Refusals { get; private set; }

        public void Step(int step)
        {
            var where = $"seed {_seed}, step {step}";
            _world.Now = _world.Now.AddMilliseconds(_random.Next(500));
            _world.PositionsLag = _random.Next(2) == 0;
            if (_random.Next(3) == 0) _world.CatchUp();
            switch (_random.Next(100))
            {
                case < 40:
                    Place(where);
                    break;
                case < 55:
                    Amend(where);
                    break;
                case < 70:
                    Fill();
                    break;
                case < 81 when _open.Count > 0:
                    End(Any());
                    break;
                case < 88:
                    Move();
                    break;
                case 88:
                    Midnight();
                    break;
                case 89:
                    _world.Tell(new OperatorSaid(OperatorVerb.Halt, "test", []));
                    _halted = true;
                    break;
                case < 99:
                    _world.CatchUp();
                    _world.Tell(new OperatorSaid(OperatorVerb.Resume, "test", []));
                    (_halted, _lost) = (false, false);
                    // What was lost is forgiven: the naive count begins anew as well.
                    if (Loss() > 0) _start[Linear] = Profit(Linear);
                    break;
                default:
                    _world.Restart();
                    _sent.Clear();
                    break;
            }

            if (!_world.IsBehind && Loss() > _bounds[LimitKind.DailyLoss]) _lost = true;
            foreach (var one in Both) Assert.True(Math.Abs(_held[one]) <= _bounds[LimitKind.Position], $"{where}: position {_held[one]} of {one.Symbol} is beyond {_bounds[LimitKind.Position]}");
            Assert.True(!_lost || _world.Latches.Any(latch => latch.Name == "dailyLoss:USDt"), $"{where}: lost {Loss()}, and no latch");
            Assert.Equal(_halted, _world.Latches.Any(latch => latch.Name == "operator"));
        }

        private void Place(string where)
        {
            var instrument = Both[_random.Next(2)];
            var side = _random.Next(2) == 0 ? Side.Buy : Side.Sell;
            var quantity = instrument.LotSize.Contracts * _random.Next(1, instrument == Linear ? 14 : 90);
            var price = _marks[instrument] * (1 + (0.001m * (_random.Next(5) == 0 ? _random.Next(-220, 221) : _random.Next(-9, 10))));
            var onlyReduces = _random.Next(6) == 0;
            var intent = _world.Intent(instrument, side, quantity, instrument.Tick.ToDecimal(instrument.Tick.Nearest(price)), onlyReduces ? OrderFlags.ReduceOnly : OrderFlags.None, _random.Next(2) == 0 ? "grid" : "other");
            var before = Measure();
            if (_world.Judge(intent) is not Verdict.Approved)
            {
                Refusals++;
                return;
            }

            var mine = new Mine(instrument, side, quantity, onlyReduces);
            var reduces = Reduces(mine, default) || onlyReduces;
            _open[intent.Terms.Id] = mine;
            _sent.Add(_world.Now);
            Check(where, mine, reduces, before);
            Assert.True(quantity <= _bounds[LimitKind.OrderQuantity], $"{where}: order of {quantity}");
            Assert.True(_open.Values.Count(one => one.Instrument == instrument) <= _bounds[LimitKind.OpenOrders], $"{where}: {_open.Count} open");
            var distance = Math.Abs(instrument.Tick.ToDecimal(intent.Terms.Price!.Value) - _marks[instrument]) / _marks[instrument];
            Assert.True(distance <= _bounds[LimitKind.PriceDistance], $"{where}: distance {distance}");
            _world.Happen(new OrderSubmitted(intent.Terms, new OrderOrigin(intent.StrategyId, 0)));
            if (_random.Next(4) > 0) _world.Happen(new OrderAcknowledged(intent.Terms.Id, "v", _world.Now));
        }

        private void Amend(string where)
        {
            if (_open.Count == 0 || Any() is var id && _world.Find(id) is not { State: OrderState.Working }) return;
            var order = _world.Find(id)!;
            var mine = _open[id];
            if (order.Pending != PendingChange.None)
            {
                _world.Happen(new OrderChangeRefused(id, "no"));
                if (_world.Find(id)!.IsFinished) _open.Remove(id);
                else _open[id] = mine with { Leaves = order.Leaves.Contracts };
                return;
            }

            var total = order.Filled.Contracts + (mine.Instrument.LotSize.Contracts * _random.Next(1, mine.Instrument == Linear ? 14 : 90));
            var before = Measure();
            if (_world.Judge(new AmendIntent(order.Origin.StrategyId, order.Terms.Symbol, id, null, new Quantity(total))) is not Verdict.Approved)
            {
                Refusals++;
                return;
            }

            var larger = mine with { Leaves = Math.Max(mine.Leaves, total - order.Filled.Contracts) };
            var reduces = Reduces(larger, id);
            _open[id] = larger;
            _sent.Add(_world.Now);
            Check(where, larger, reduces, before);
            _world.Happen(new OrderAmendRequested(id, null, new Quantity(total)));
            if (_random.Next(2) == 0) return;
            _world.Happen(new OrderAmended(id, order.Price, new Quantity(total), _world.Now));
            _open[id] = larger with { Leaves = total - order.Filled.Contracts };
        }

        /// <summary>What must hold after an approval.</summary>
        private void Check(string where, Mine mine, bool reduces, Naive before)
        {
            Assert.True(_sent.Count(at => _world.Now - at < TimeSpan.FromSeconds(1)) <= _bounds[LimitKind.OrdersPerSecond], $"{where}: more than {_bounds[LimitKind.OrdersPerSecond]} a second");
            if (reduces)
            {
                Reductions++;
                return;
            }

            Increases++;
            Assert.False(_lost || _halted, $"{where}: an increase was let through while halted");
            var after = Measure();
            var reached = mine.Side == Side.Buy ? Reach(mine.Instrument).High : Reach(mine.Instrument).Low;
            Assert.True(Math.Abs(reached) <= _bounds[LimitKind.Position], $"{where}: {mine.Instrument.Symbol} could reach {reached} of {_bounds[LimitKind.Position]}");
            Assert.True(mine.Instrument == Inverse || after.Gross <= Math.Max(before.Gross, _bounds[LimitKind.GrossExposure]), $"{where}: gross {before.Gross} to {after.Gross}");
            Assert.True(mine.Instrument == Inverse || after.Net <= Math.Max(before.Net, _bounds[LimitKind.NetExposure]), $"{where}: net {before.Net} to {after.Net}");
        }

        private void Fill()
        {
            if (_open.Count == 0 || Any() is var id && _world.Find(id) is not { IsFinished: false } order) return;
            var mine = _open[id];
            // The venue cuts what only reduces to what there is.
            var most = Math.Min(order.Leaves.Contracts, mine.OnlyReduces ? Math.Max(0, -mine.Side.Sign() * _held[mine.Instrument]) : long.MaxValue);
            if (most == 0) return;
            var quantity = _random.NextInt64(1, most + 1);
            var price = _marks[mine.Instrument];
            var commission = _random.Next(-50, 100);
            _world.Fill(id, quantity, price, commission);
            _held[mine.Instrument] += mine.Side.Sign() * quantity;
            _cash[mine.Instrument] -= ContractValue.Cost(mine.Instrument, Quantity.Signed(mine.Side, new Quantity(quantity)), price) + commission;
            if (_world.Find(id)!.IsFinished) _open.Remove(id);
            else _open[id] = mine with { Leaves = mine.Leaves - quantity };
        }

        private void End(ClientOrderId id)
        {
            _world.Happen(new OrderCancelled(id, "test"));
            _open.Remove(id);
        }

        private void Move()
        {
            var instrument = Both[_random.Next(2)];
            _marks[instrument] *= 1 + (0.01m * _random.Next(-3, 4));
            _world.Mark(instrument, _marks[instrument]);
        }

        private void Midnight()
        {
            _world.CatchUp();
            _world.Now = new DateTimeOffset(_world.Now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
            _world.Tick(0);
            foreach (var one in Both) _start[one] = Profit(one);
        }

        private ClientOrderId Any() => _open.Keys.OrderBy(id => id.Value, StringComparer.Ordinal).ElementAt(_random.Next(_open.Count));

        private long Profit(Instrument instrument) => _cash[instrument] + ContractValue.Cost(instrument, new Quantity(_held[instrument]), _marks[instrument]);

        private long Loss() => _start[Linear] - Profit(Linear);

        /// <summary>Whether, filled in any order, all orders of its side leave the position between where it is and zero.</summary>
        private bool Reduces(Mine order, ClientOrderId except)
        {
            if (order.OnlyReduces) return true;
            var held = _held[order.Instrument];
            var total = order.Leaves + _open.Where(one => one.Key != except && one.Value.Instrument == order.Instrument && one.Value.Side == order.Side).Sum(one => one.Value.Leaves);
            return held != 0 && Math.Sign(held) == -order.Side.Sign() && total <= Math.Abs(held);
        }

        /// <summary>The farthest that the position gets, going through both orders of filling what only reduces and the rest.</summary>
        private (long Low, long High) Reach(Instrument instrument)
        {
            var (low, high) = (_held[instrument], _held[instrument]);
            foreach (var reducingFirst in (bool[])[true, false])
            {
                foreach (var side in (Side[])[Side.Buy, Side.Sell])
                {
                    var held = _held[instrument];
                    foreach (var one in _open.Values.Where(one => one.Instrument == instrument && one.Side == side).OrderBy(one => one.OnlyReduces != reducingFirst))
                    {
                        var room = one.OnlyReduces ? Math.Max(0, -side.Sign() * held) : long.MaxValue;
                        held += side.Sign() * Math.Min(one.Leaves, room);
                        (low, high) = (Math.Min(low, held), Math.Max(high, held));
                    }
                }
            }

            return (low, high);
        }

        private Naive Measure()
        {
            var (low, high) = Reach(Linear);
            var worst = Math.Max(Math.Abs(low), Math.Abs(high));
            var value = ContractValue.Value(Linear, new Quantity(worst), _marks[Linear]);
            return new Naive(value, value);
        }

        private sealed record Mine(Instrument Instrument, Side Side, long Leaves, bool OnlyReduces);

        private readonly record struct Naive(decimal Gross, decimal Net);
    }
}
