using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Journal.Audit.Report;

/// <summary>
/// Writes what happened in a story for a person and for tools: tables of orders, verdicts, positions, equity, prices and the chronicle, as CSV and Parquet, and one
/// page with their pictures that needs nothing from elsewhere. Reads as it writes; the pictures hold a bounded number of points.
/// </summary>
public sealed class StoryReport
{
    private readonly JournalArchive _archive;
    private readonly AuditReport _audit;
    private readonly string _folder;
    private readonly HashSet<string> _sessions;
    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _to;
    private readonly Dictionary<string, Picture> _pictures = new(StringComparer.Ordinal);
    private readonly List<(string Name, long Rows, string Words)> _tables = [];
    private readonly TimeAxis _axis;
    private readonly StoryTimeline _timeline;
    private readonly Dictionary<Symbol, Instrument> _instruments;
    private readonly Dictionary<Currency, long> _firstBalances = [];
    private long _sent;
    private long _filled;
    private long _refused;

    private StoryReport(JournalArchive archive, AuditReport audit, string folder)
    {
        (_archive, _audit, _folder) = (archive, audit, folder);
        _sessions = [.. audit.Sessions.Select(session => session.Id)];
        _from = audit.Sessions[0].StartedAt;
        _to = audit.Sessions[^1].LastAt;
        _axis = new TimeAxis(_from, _to, [.. audit.Sessions.Zip(audit.Sessions.Skip(1), (earlier, later) => (earlier.LastAt, later.StartedAt))]);
        _timeline = new StoryTimeline(audit.Sessions, _axis);
        _instruments = audit.Sessions.SelectMany(session => session.Manifest.Plan?.Instruments ?? []).DistinctBy(instrument => instrument.Symbol).ToDictionary(instrument => instrument.Symbol);
    }

    private string Account => _audit.Sessions[0].Account;

    /// <summary>Writes into a folder, which is made. Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/> where it cannot.</summary>
    /// <param name="archive">The journal.</param>
    /// <param name="audit">What was found; of a journal that is not whole, the page has the findings and nothing else, and there are no tables.</param>
    /// <param name="folder">Where <c>report.html</c> and the tables go.</param>
    /// <param name="decoder">As <see cref="AuditRequest.Decoder"/>.</param>
    public static void Write(JournalArchive archive, AuditReport audit, string folder, Func<string, IVenueDecoder> decoder)
    {
        ArgumentNullException.ThrowIfNull(audit);
        ArgumentNullException.ThrowIfNull(decoder);
        Directory.CreateDirectory(folder);
        var page = Path.Combine(folder, "report.html");
        if (!audit.IsWhole)
        {
            File.WriteAllText(page, ReportPage.Render(audit, null));
            return;
        }

        // So that the archive knows where what was removed by its retention ends.
        SessionIndex.List(archive);
        var report = new StoryReport(archive, audit, folder);
        report.Frames(decoder);
        report.Orders();
        report.Verdicts();
        report.Positions();
        report.Chronicle();
        File.WriteAllText(page, ReportPage.Render(audit, report.Content()));
    }

    private PageContent Content() => new(
        [
            ("orders sent", _sent), ("fills", _filled), ("intents refused by risk", _refused), ("halts", _timeline.HaltCount),
            ("beats of the dead man's switch", _timeline.BeatCount), ("reconciliations", _timeline.ReconciliationCount),
        ],
        _timeline, [.. _pictures.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Value)], _tables);

    private AuditTable Table(string name, params string[] columns) => new(_folder, name, columns);

    private void Close(string name, AuditTable table, string words)
    {
        table.Dispose();
        _tables.Add((name, table.Rows, words));
    }

    private Picture Of(string name, string unit)
    {
        if (!_pictures.TryGetValue(name, out var picture)) _pictures.Add(name, picture = new Picture(name, unit, _axis));
        return picture;
    }

    private Picture PriceOf(Symbol symbol) => Of($"Price of {symbol}", "in its quote currency; orders and fills at their prices");

    private Picture PositionOf(Symbol symbol) => Of($"Position in {symbol}", "contracts");

    private IEnumerable<(long Sequence, JournalRecord Record, string SessionId)> Read(string stream)
    {
        var session = "";
        foreach (var (sequence, record) in _archive.Read(stream))
        {
            session = record.Event switch { PartBegan began => began.SessionId, SessionStarted started => started.SessionId, _ => session };
            if (_sessions.Contains(session)) yield return (sequence, record, session);
        }
    }

    private void Frames(Func<string, IVenueDecoder> decoders)
    {
        var prices = Table("prices", "at", "symbol", "bid", "ask", "mark");
        var equity = Table("equity", "at", "currency", "#walletBalance", "#marginBalance", "#availableMargin");
        foreach (var session in _audit.Sessions)
        {
            var market = new MarketState(session.Manifest.Plan?.Instruments ?? []);
            var decoder = decoders(session.Manifest.Dialect);
            var unpacker = new FrameUnpacker();
            var connection = 0;
            var told = new Dictionary<object, object>();
            foreach (var (_, record) in _archive.Read(session.FramesStream))
            {
                if (record.Event is not FramesRecorded batch) continue;
                if (batch.Connection != connection) decoder = decoders(session.Manifest.Dialect);
                connection = batch.Connection;
                foreach (var frame in unpacker.Unpack(batch)) decoder.Decode(frame.Bytes.Span, market);
                _axis.Lived(record.At);
                // One row a batch where something moved: the pictures need no more, and the frames themselves are kept.
                Sample(market, record.At, told, prices, equity);
            }
        }

        Close("prices", prices, "best bid and offer and mark price, whenever a batch of frames moved them");
        Close("equity", equity, "balances as the venue told them, in minor units");
    }

    private void Sample(MarketState market, DateTimeOffset at, Dictionary<object, object> told, AuditTable prices, AuditTable equity)
    {
        foreach (var (symbol, book) in market.Books.OrderBy(one => one.Key))
        {
            if (book.Top is not { Bid: { } bid, Ask: { } ask } || (told.TryGetValue(symbol, out var top) && top.Equals(book.Top))) continue;
            told[symbol] = book.Top;
            var (bidPrice, askPrice) = (book.Tick.ToDecimal(bid.Price), book.Tick.ToDecimal(ask.Price));
            prices.Add(at, symbol.Value, bidPrice, askPrice, market.Marks.TryGetValue(symbol, out var mark) ? mark : null);
            PriceOf(symbol).Line("best bid", at, bidPrice);
            PriceOf(symbol).Line("best offer", at, askPrice);
        }

        foreach (var margin in market.Margins.Values.OrderBy(one => one.Currency.Code, StringComparer.Ordinal))
        {
            if (told.TryGetValue(margin.Currency, out var last) && last.Equals(margin)) continue;
            told[margin.Currency] = margin;
            equity.Add(at, margin.Currency.Code, margin.WalletBalance, margin.MarginBalance, margin.AvailableMargin);
            // Of so large a sum only the change can be seen.
            var first = _firstBalances.TryAdd(margin.Currency, margin.MarginBalance) ? margin.MarginBalance : _firstBalances[margin.Currency];
            Of($"Equity in {margin.Currency}", string.Create(CultureInfo.InvariantCulture, $"change of the margin balance since its first, {first:N0}; minor units (a satoshi, a millionth of a dollar)")).Line("change", at, margin.MarginBalance - first);
        }
    }

    private void Orders()
    {
        var orders = Table("orders", "strategy", "at", "#record", "event", "id", "symbol", "side", "price", "#contracts", "execution", "#cost", "#commission", "reason");
        var ledger = OrderLedger.Empty;
        var stream = $"orders-{Account}";
        foreach (var (sequence, record) in _archive.Read(stream, LedgerFolds.IsOfOrders))
        {
            ledger = ledger.After(_archive, stream, sequence, record);
            if (record.Event is not OrderEvent happened) continue;
            if (record.At < _from || record.At > _to.AddMinutes(1) || ledger.Find(happened.Id) is not { } order) continue;
            var tick = _instruments.GetValueOrDefault(order.Terms.Symbol)?.Tick;
            var price = happened is OrderFilled fill ? fill.Price : order.Price is { } ticks && tick is { } grid ? grid.ToDecimal(ticks) : (decimal?)null;
            var filled = happened as OrderFilled;
            orders.Add(
                order.Origin.StrategyId, record.At, sequence, record.Manifest.Split('/')[0], order.Id.Value, order.Terms.Symbol.Value, order.Terms.Side.ToString().ToLowerInvariant(),
                price, filled?.Quantity.Contracts ?? order.Quantity.Contracts, filled?.ExecutionId, filled?.Cost, filled?.Commission, order.Reason);
            _axis.Lived(record.At);
            _sent += happened is OrderSubmitted ? 1 : 0;
            _filled += happened is OrderFilled ? 1 : 0;
            if (price is not { } shown || happened is not (OrderSubmitted or OrderFilled)) continue;
            PriceOf(order.Terms.Symbol).Mark((happened is OrderFilled, order.Terms.Side) switch
            {
                (true, Side.Buy) => MarkShape.Bought,
                (true, _) => MarkShape.Sold,
                (false, Side.Buy) => MarkShape.BuySent,
                _ => MarkShape.SellSent,
            }, record.At, shown);
        }

        Close("orders", orders, "every event of every order, fills included");
    }

    private void Verdicts()
    {
        var verdicts = Table("verdicts", "session", "at", "#record", "strategy", "intent", "symbol", "verdict", "reason");
        foreach (var (sequence, record, session) in Read($"risk-{Account}"))
        {
            var (intent, refusal) = record.Event switch { IntentApproved approved => (approved.Intent, null), IntentRefused refused => (refused.Intent, refused.Reason), _ => ((Intent?)null, (string?)null) };
            if (record.Event is LimitPassed or OperatorHalted or LatchesCleared or FlattenEnded) _timeline.Add(record.At, record.Manifest.Split('/')[0].Replace('-', ' '), record.Event);
            if (intent is null) continue;
            _refused += refusal is null ? 0 : 1;
            var words = intent switch { PlaceIntent place => $"place {place.Terms.Id}", AmendIntent amend => $"amend {amend.Id}", CancelIntent cancel => $"cancel {cancel.Id}", _ => intent.GetType().Name };
            verdicts.Add(session, record.At, sequence, intent.StrategyId, words, intent.Symbol.Value, refusal is null ? "approved" : "refused", refusal);
        }

        Close("verdicts", verdicts, "what risk approved and refused, and why");
    }

    private void Positions()
    {
        var positions = Table("positions", "at", "symbol", "event", "#contracts", "#unrealisedCost", "#realisedProfit", "#commission");
        foreach (var instrument in _instruments.Values)
        {
            var ledger = PositionLedger.Empty;
            var stream = $"position-{Account}-{instrument.Symbol}";
            foreach (var (sequence, record) in _archive.Read(stream))
            {
                var isTold = record.At >= _from && record.At <= _to.AddMinutes(1);
                // What a session began with, so that its line begins with it.
                if (record.Event is PartBegan && isTold) PositionOf(instrument.Symbol).Line("position", record.At, ledger.Position.Quantity.Contracts);
                ledger = ledger.After(_archive, stream, sequence, record);
                if (record.Event is not PositionEvent || !isTold) continue;
                var position = ledger.Position;
                positions.Add(record.At, instrument.Symbol.Value, record.Manifest.Split('/')[0], position.Quantity.Contracts, position.UnrealisedCost, position.RealisedPnl, position.Commission);
                PositionOf(instrument.Symbol).Line("position", record.At, position.Quantity.Contracts);
            }
        }

        Close("positions", positions, "positions after every fill, money in minor units");
    }

    private void Chronicle()
    {
        var chronicle = Table("chronicle", "session", "at", "#record", "event", "words");
        foreach (var (sequence, record, session) in Read(_audit.Sessions[0].Chronicle))
        {
            var kind = record.Manifest.Split('/')[0];
            chronicle.Add(session, record.At, sequence, kind, StoryTimeline.Words(record.Event));
            _timeline.Add(record.At, kind.Replace('-', ' '), record.Event);
        }

        Close("chronicle", chronicle, "what happened to the sessions as wholes, beats and checkpoints included");
    }
}
