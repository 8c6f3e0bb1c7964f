using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Venue.Clearing;
using Actors.Venue.Matching;
using Actors.Venue.Trading;
using Xunit.Abstractions;

namespace Actors.Venue.Tests.Trading;

/// <summary>The whole of order entry against the naive venue, orders that wait for a price included.</summary>
public class VenueDifferentialTests(ITestOutputHelper output)
{
    /// <summary>Raises how many operations the venue and the oracle are run through.</summary>
    private const string Operations = "ACTORS_VENUE_ORDER_OPERATIONS";

    [Fact]
    public void Venue_agrees_with_the_naive_one_in_tape_orders_and_book()
    {
        var operations = long.Parse(Environment.GetEnvironmentVariable(Operations) ?? "100000", CultureInfo.InvariantCulture);
        var run = new RandomOrders(20_261_123);
        run.Run(operations);
        output.WriteLine($"seed {run.Seed}: {operations} operations, {run.Trades} trades, {run.Fired} triggered, all the same");
        Assert.True(run.Trades > operations / 10 && run.Fired > operations / 100, $"too little happened: {run.Trades} trades, {run.Fired} triggered");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Venue_agrees_with_the_naive_one_from_an_empty_book(long seed) => new RandomOrders(seed).Run(2_000);

    private sealed class RandomOrders
    {
        private const int OpenMax = 80;
        private const long Lot = 100;

        private readonly ExchangeFixture _fixture = new();
        private readonly SeededRandom _random;
        private readonly NaiveVenue _naive;
        private readonly Account[] _accounts;
        private readonly List<NaiveRequest> _open = [];
        private readonly List<string> _told;
        private readonly decimal _tick;
        private long _middle = 100_000;
        private long _step;

        public RandomOrders(long seed)
        {
            Seed = seed;
            _random = new SeededRandom(seed);
            _tick = _fixture.Bitcoin.Definition.Tick.Value;
            _fixture.Mark(_middle * _tick);
            _naive = new NaiveVenue(_tick, _middle * _tick);
            _accounts = [_fixture.Stranger(900), _fixture.Stranger(901)];
            _told = _fixture.Told;
        }

        public long Seed { get; }

        public long Trades { get; private set; }

        public long Fired { get; private set; }

        public void Run(long operations)
        {
            for (_step = 0; _step < operations; _step++)
            {
                Operate();
                Compare();
            }
        }

        private void Operate()
        {
            var dice = _random.Between(1, 100);
            if (dice <= 4) Mark();
            else if (_open.Count == 0 || (dice <= 55 && _open.Count < OpenMax)) Place();
            else if (_open[(int)_random.Between(0, _open.Count - 1)] is var picked && (dice <= 75 || picked.Resting is null)) Cancel(picked);
            else Amend(picked);
        }

        private void Mark()
        {
            _middle = Math.Max(90_000, Math.Min(110_000, _middle + _random.Bell(4)));
            _naive.Mark(_middle * _tick);
            _fixture.Mark(_middle * _tick);
        }

        private void Place()
        {
            var side = _random.Chance(50) ? Side.Buy : Side.Sell;
            var type = _random.Chance(65) ? VenueOrderType.Limit : (VenueOrderType)_random.Between(2, 6);
            var quantity = _random.Between(1, 20) * Lot;
            var limit = _middle + _random.Bell(8);
            var force = _random.Between(1, 10) switch { 1 => TimeInForce.ImmediateOrCancel, 2 => TimeInForce.FillOrKill, _ => TimeInForce.GoodTillCancel };
            var postOnly = type.HasPrice() && force == TimeInForce.GoodTillCancel && _random.Chance(25);
            long? stop = type.Waits() ? _middle + _random.Bell(8) : null;
            var byLast = type.Waits() && _random.Chance(50);
            long? display = type.HasPrice() && _random.Chance(35) ? Math.Min(quantity, _random.Between(0, 3) * Lot) : null;
            var naive = new NaiveRequest(_step, side)
            {
                Limit = type.HasPrice() ? limit : side == Side.Buy ? long.MaxValue : long.MinValue,
                Leaves = quantity,
                Peak = display ?? long.MaxValue,
                Stop = stop,
                ByLast = byLast,
                TriggersAbove = (type is VenueOrderType.Stop or VenueOrderType.StopLimit) == (side == Side.Buy),
                IsMarket = !type.HasPrice(),
                IsPostOnly = postOnly,
                Force = force,
            };
            var instructions = (postOnly ? ExecutionInstructions.ParticipateDoNotInitiate : 0) | (byLast ? ExecutionInstructions.LastPrice : 0);
            var outcome = _fixture.Exchange.Orders.Place(
                _accounts[_random.Between(0, 1)],
                new NewOrder("XBTUSD", side, quantity, type.HasPrice() ? limit * _tick : null, type, force, instructions, "", "") { StopPrice = stop * _tick, DisplayQuantity = display });
            _naive.Place(naive);
            Check(outcome.Refusal is null, $"refused: {outcome.Refusal?.Message}");
            naive.Real = outcome.Order;
            _open.Add(naive);
        }

        private void Cancel(NaiveRequest picked)
        {
            _naive.Cancel(picked);
            Check(_fixture.Exchange.Orders.Cancel(picked.Real!, "test") is null, "the venue's order is not open");
        }

        private void Amend(NaiveRequest picked)
        {
            var resting = picked.Resting!;
            var isPrice = _random.Chance(60);
            var ticks = isPrice ? _middle + _random.Bell(8) : resting.Ticks;
            var leaves = isPrice ? resting.Leaves : _random.Between(1, 20) * Lot;
            if (ticks == resting.Ticks && leaves == resting.Leaves) return;
            _naive.Amend(picked, leaves, ticks);
            var amendment = isPrice ? new OrderAmendment(Price: ticks * _tick) : new OrderAmendment(Leaves: leaves);
            var refusal = _fixture.Exchange.Orders.Amend(picked.Real!, amendment).Refusal;
            Check(refusal is null, $"refused: {refusal?.Message}");
        }

        private void Compare()
        {
            var trades = _fixture.Tape;
            Check(trades.Count == _naive.Tape.Count, $"{trades.Count} trades for {_naive.Tape.Count}");
            for (var i = 0; i < trades.Count; i++) Check(trades[i] == _naive.Tape[i], $"trade {trades[i]} for {_naive.Tape[i]}");
            Trades += trades.Count;
            trades.Clear();
            _naive.Tape.Clear();
            _told.Clear();
            for (var i = _open.Count - 1; i >= 0; i--) Compare(i);
            if (_step % 20 == 0) CompareBook();
        }

        private void Compare(int index)
        {
            var (naive, real) = (_open[index], _open[index].Real!);
            if (naive.Resting is { Leaves: 0 }) (naive.Resting, naive.Leaves, naive.IsOpen) = (null, 0, false);
            Check(naive.IsOpen == real.IsOpen && naive.Left == real.Leaves, $"{real.Type} {real.Side}: {real.Status} with {real.Leaves} for {naive.Left}");
            if (naive.IsOpen) return;
            if (real.Triggered == OrderTrigger.StopOrderTriggered) Fired++;
            _open.RemoveAt(index);
        }

        private void CompareBook()
        {
            foreach (var side in (Side[])[Side.Buy, Side.Sell])
            {
                MatchingBook<VenueOrder> book = _fixture.Bitcoin.Book;
                var displayed = Enumerable.Range(0, side == Side.Buy ? book.BidLevels : book.AskLevels).Select(depth => book.Level(side, depth));
                Check(displayed.Select(level => (level.PriceTicks, level.Size)).SequenceEqual(_naive.Book.Displayed(side)), $"{side} book differs");
            }
        }

        private void Check(bool holds, string what)
        {
            if (!holds) Assert.Fail($"{what}: seed {Seed}, step {_step}");
        }
    }
}
