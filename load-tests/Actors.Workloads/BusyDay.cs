using System.Globalization;
using Actors.Domain;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;
using Actors.Journal;
using Microsoft.Data.Sqlite;

namespace Actors.Workloads;

/// <summary>What was written: records of all streams together, of which so many keep a state, and their bytes.</summary>
public sealed record BusyDayWritten(long Orders, long Records, long States, long Bytes);

/// <summary>
/// Writes a day of a strategy's orders behind what a journal holds already, by the real rules and the real codec, as the actors would have journaled it: two
/// orders at a time are decided, approved, submitted and acknowledged; every fifth pair is filled, a buy and a sell at one price, so that the position is what it
/// was; the others are cancelled. Every record follows the one before it in its stream's chain. No session may be using the journal.
/// </summary>
public sealed class BusyDay : IDisposable
{
    private const int FilledEvery = 5;
    private const int RowsInTransaction = 20_000;

    private readonly SqliteConnection _database;
    private readonly SqliteCommand _insert;
    private readonly Dictionary<string, DayStream> _streams = new(StringComparer.Ordinal);
    private readonly Instrument _instrument;
    private readonly string _account;
    private readonly StrategyParameters _strategy;
    private readonly int _keepStateAfter;
    private SqliteTransaction _transaction;
    private OrderLedger _orders = OrderLedger.Empty;
    private PositionLedger _position = PositionLedger.Empty;
    private StrategyMemory _memory = StrategyMemory.Empty;
    private DateTimeOffset _at;
    private long _records;
    private long _states;
    private long _bytes;

    private BusyDay(JournalLocation.SqliteDirectory location, SessionStarted manifest, int keepStateAfter, DateTimeOffset begin)
    {
        _keepStateAfter = keepStateAfter;
        _at = begin;
        _account = manifest.Account;
        var plan = manifest.Plan ?? throw new ArgumentException("the newest session's manifest has no plan", nameof(manifest));
        _strategy = plan.Strategies[0];
        _instrument = plan.Instruments.First(one => one.Symbol == _strategy.Symbol);
        using (var reader = SessionReader.Open(location.JournalFile))
        {
            foreach (var (name, change) in (ReadOnlySpan<(string, Action<JournalRecord>)>)[(OrdersStream, ApplyOrder), (PositionStream, ApplyPosition), (StrategyStream, ApplyStrategy), (RiskStream, _ => { })])
            {
                var stream = _streams[name] = new DayStream(name);
                foreach (var record in reader.Read(stream.Chain, long.MaxValue)) change(record);
            }
        }

        _database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = location.JournalFile, Pooling = false }.ToString());
        _database.Open();
        _insert = _database.CreateCommand();
        _insert.CommandText = """
            INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid)
            VALUES ($created, 0, $stream, $sequence, $message, $manifest, 7301, 'busy-day')
            """;
        foreach (var name in (string[])["$created", "$stream", "$sequence", "$message", "$manifest"]) _insert.Parameters.Add(new SqliteParameter(name, null));
        _transaction = _database.BeginTransaction();
    }

    private string OrdersStream => $"orders-{_account}";

    private string PositionStream => $"position-{_account}-{_instrument.Symbol}";

    private string StrategyStream => $"strategy-{_account}-{_strategy.Id}";

    private string RiskStream => $"risk-{_account}";

    /// <summary>Writes <paramref name="orders"/> orders, of a day that ended a minute ago. <paramref name="keepStateAfter"/>: as the engine's setting; 0 keeps none, as older builds did.</summary>
    public static BusyDayWritten Append(JournalLocation.SqliteDirectory location, SessionStarted manifest, int orders, int keepStateAfter)
    {
        ArgumentNullException.ThrowIfNull(location);
        ArgumentNullException.ThrowIfNull(manifest);
        var end = DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1);
        using var day = new BusyDay(location, manifest, keepStateAfter, end - TimeSpan.FromDays(1));
        var pairs = Math.Max(1, orders / 2);
        for (var pair = 0; pair < pairs; pair++) day.Write(pair, TimeSpan.FromDays(1) / pairs);
        day._transaction.Commit();
        return new BusyDayWritten(pairs * 2L, day._records, day._states, day._bytes);
    }

    public void Dispose()
    {
        _transaction.Dispose();
        _insert.Dispose();
        _database.Dispose();
    }

    private void Write(int pair, TimeSpan step)
    {
        _at += step;
        var price = new Price(1_000 + (pair % 500));
        var (buy, sell) = (Terms(pair, Side.Buy, price), Terms(pair, Side.Sell, price));
        Decide(new PlaceIntent(_strategy.Id, 0, buy), new PlaceIntent(_strategy.Id, 1, sell));
        foreach (var (terms, slot) in (ReadOnlySpan<(OrderTerms, int)>)[(buy, 0), (sell, 1)])
        {
            Order(new IntentPassed(new PlaceIntent(_strategy.Id, slot, terms)), new OrderSubmitted(terms, new OrderOrigin(_strategy.Id, slot)));
            var report = Report(terms, VenueOrderStatus.New);
            Order(new PlaceAnswered(terms.Id, new OrderEntryOutcome.Accepted(report)), new OrderAcknowledged(terms.Id, report.VenueOrderId, report.Timestamp));
        }

        if (pair % FilledEvery == 0)
        {
            foreach (var terms in (ReadOnlySpan<OrderTerms>)[buy, sell]) Fill(terms);
            return;
        }

        CancelIntent[] cancels = [new(_strategy.Id, buy.Symbol, buy.Id), new(_strategy.Id, sell.Symbol, sell.Id)];
        Decide(cancels);
        foreach (var (terms, cancel) in (ReadOnlySpan<(OrderTerms, CancelIntent)>)[(buy, cancels[0]), (sell, cancels[1])])
        {
            Order(new IntentPassed(cancel), new OrderCancelRequested(terms.Id));
            Order(new ReportTold(Report(terms, VenueOrderStatus.Canceled)), new OrderCancelled(terms.Id, "Canceled: asked to"));
        }
    }

    private void Decide(params Intent[] intents)
    {
        var top = new BookTop(new BookLevel(new Price(1_000), new Quantity(5)), new BookLevel(new Price(1_001), new Quantity(7)));
        Append(StrategyStream, null, new Consumed([new TakenInput(_at, _cursor, new TopSeen(top))]), new IntentsDecided(intents, Day, _orders.Sequence));
        Append(RiskStream, () => new RiskKept([]), [new Consumed([.. intents.Select(_ => new TakenInput(_at, _cursor, new MarkSeen(_instrument.Symbol, 1_000.5m)))]), .. intents.Select(intent => new IntentApproved(intent))]);
    }

    private void Order(Input input, OrderEvent happened)
    {
        Append(OrdersStream, null, new Consumed([new TakenInput(_at, _cursor, input)]));
        _orders = _orders.Apply(happened, _at);
        Append(OrdersStream, _orders.Keep, happened);
    }

    private void Fill(OrderTerms terms)
    {
        var price = _instrument.Tick.ToDecimal(terms.Price!.Value);
        var change = Quantity.Signed(terms.Side, terms.Quantity);
        var cost = ContractValue.Cost(_instrument, change, price);
        var execution = new ExecutionReport(
            Unique(terms.Id.Value), ExecutionKind.Trade, Unique(terms.Id.Value), terms.Id, terms.Symbol, terms.Side, terms.Quantity, price, _instrument.Settlement, cost, 0, 0, true,
            VenueOrderStatus.Filled, terms.Quantity, Quantity.Zero, "", _at);
        Order(new ExecutionTold(execution), new OrderFilled(terms.Id, execution.ExecutionId, terms.Quantity, price, cost, 0, _at));
        var filled = new PositionFilled(execution.ExecutionId, change, price, cost, 0, _at);
        _position = _position.Apply(filled);
        Append(PositionStream, _position.Keep, new Consumed([new TakenInput(_at, _cursor, new ExecutionTold(execution))]), filled);
        var slot = new SlotFilled(terms.Side == Side.Buy ? 0 : 1, change, _orders.Sequence);
        _memory = _memory.Apply(slot);
        Append(StrategyStream, () => new StrategyKept(_memory, Day, _orders.Sequence), new Consumed([new TakenInput(_at, _cursor, new OrderSeen(terms.Id, OrderNews.Filled, _orders.Sequence))]), slot);
    }

    /// <summary>Seals and writes; when the stream has grown enough, its state after these. Without <paramref name="keep"/> the state is not that of a moment between two writes.</summary>
    private void Append(string name, Func<StateKept>? keep, params IReadOnlyList<object> events)
    {
        var stream = _streams[name];
        foreach (var happened in events) Insert(stream, happened);
        stream.SinceKept += events.Count;
        if (keep is null || _keepStateAfter == 0 || stream.SinceKept < _keepStateAfter) return;
        Insert(stream, keep());
        stream.SinceKept = 0;
        _states++;
    }

    private void Insert(DayStream stream, object happened)
    {
        var record = stream.Chain.Seal(happened, _at, _cursor);
        _insert.Transaction = _transaction;
        (_insert.Parameters[0].Value, _insert.Parameters[1].Value, _insert.Parameters[2].Value) = (_at.UtcTicks, stream.Chain.Stream, stream.Chain.Sequence);
        (_insert.Parameters[3].Value, _insert.Parameters[4].Value) = (record.Bytes.ToArray(), record.Manifest);
        _insert.ExecuteNonQuery();
        _bytes += record.Bytes.Length;
        if (++_records % RowsInTransaction != 0) return;
        _transaction.Commit();
        _transaction.Dispose();
        _transaction = _database.BeginTransaction();
    }

    private OrderTerms Terms(int pair, Side side, Price price) => new(
        new(string.Create(CultureInfo.InvariantCulture, $"{Day}-{_strategy.Id}-{_orders.Sequence}{(side == Side.Buy ? "b" : "s")}")),
        _instrument.Symbol, side, new Quantity(_instrument.LotSize.Contracts * (1 + (pair % 3))), OrderType.Limit, price, Flags: OrderFlags.PostOnly);

    private OrderReport Report(OrderTerms terms, VenueOrderStatus status) => new(
        Unique(terms.Id.Value), terms.Id, terms.Symbol, terms.Side, terms.Type, terms.Quantity, _instrument.Tick.ToDecimal(terms.Price!.Value), status, Quantity.Zero,
        status == VenueOrderStatus.New ? terms.Quantity : Quantity.Zero, null, "Submitted via API.", _at);

    /// <summary>As long as the venue's identifiers are, and as hard to compress.</summary>
    private static string Unique(string of) => new Guid(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(of)).AsSpan(0, 16)).ToString();

    private const string Day = "busyday1";
    private readonly Cursor _cursor = new(1, 1);

    private void ApplyOrder(JournalRecord record)
    {
        if (record.Event is OrderEvent happened) _orders = _orders.Apply(happened, record.At);
    }

    private void ApplyPosition(JournalRecord record)
    {
        if (record.Event is PositionEvent happened) _position = _position.Apply(happened);
    }

    private void ApplyStrategy(JournalRecord record)
    {
        if (record.Event is StrategyEvent happened) _memory = _memory.Apply(happened);
    }

    private sealed class DayStream(string name)
    {
        public ChainGuard Chain { get; } = new(name);

        public int SinceKept { get; set; }
    }
}
