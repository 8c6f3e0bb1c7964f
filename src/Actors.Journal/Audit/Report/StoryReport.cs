using System.Globalization;
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
    private readonly List<(string Name, long Rows)> _tables = [];
    private readonly List<(DateTimeOffset At, string Words)> _timeline = [];

    private StoryReport(JournalArchive archive, AuditReport audit, string folder)
    {
        (_archive, _audit, _folder) = (archive, audit, folder);
        _sessions = [.. audit.Sessions.Select(session => session.Id)];
        _from = audit.Sessions[0].StartedAt;
        _to = audit.Sessions[^1].LastAt;
    }

    private string Account => _audit.Sessions[0].Account;

    private IEnumerable<Domain.Instruments.Instrument> Instruments =>
        _audit.Sessions.SelectMany(session => session.Manifest.Plan?.Instruments ?? []).DistinctBy(instrument => instrument.Symbol);

    /// <summary>Writes into a folder, which is made. Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/> where it cannot.</summary>
    /// <param name="archive">The journal.</param>
    /// <param name="audit">What was found; of a journal that is whole.</param>
    /// <param name="folder">Where <c>report.html</c> and the tables go.</param>
    /// <param name="decoder">As <see cref="AuditRequest.Decoder"/>.</param>
    public static void Write(JournalArchive archive, AuditReport audit, string folder, Func<string, IVenueDecoder> decoder)
    {
        ArgumentNullException.ThrowIfNull(audit);
        ArgumentNullException.ThrowIfNull(decoder);
        if (audit.Sessions.Count == 0) throw new JournalException("there is no report of a journal that is not whole");
        Directory.CreateDirectory(folder);
        var report = new StoryReport(archive, audit, folder);
        report.Frames(decoder);
        report.Orders();
        report.Verdicts();
        report.Positions();
        report.Chronicle();
        File.WriteAllText(Path.Combine(folder, "report.html"), ReportPage.Render(audit, report._pictures.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Value), report._timeline, report._tables));
    }

    private AuditTable Table(string name, params string[] columns) => new(_folder, name, columns);

    private void Close(string name, AuditTable table)
    {
        table.Dispose();
        _tables.Add((name, table.Rows));
    }

    private Picture Of(string name, string unit)
    {
        if (!_pictures.TryGetValue(name, out var picture)) _pictures.Add(name, picture = new Picture(name, unit, _from, _to));
        return picture;
    }

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
                // One row a batch where something moved: the pictures need no more, and the frames themselves are kept.
                Sample(market, record.At, told, prices, equity);
            }
        }

        Close("prices", prices);
        Close("equity", equity);
    }

    private void Sample(MarketState market, DateTimeOffset at, Dictionary<object, object> told, AuditTable prices, AuditTable equity)
    {
        foreach (var (symbol, book) in market.Books.OrderBy(one => one.Key))
        {
            if (book.Top is not { Bid: { } bid, Ask: { } ask } || (told.TryGetValue(symbol, out var top) && top.Equals(book.Top))) continue;
            told[symbol] = book.Top;
            var (bidPrice, askPrice) = (book.Tick.ToDecimal(bid.Price), book.Tick.ToDecimal(ask.Price));
            prices.Add(at, symbol.Value, bidPrice, askPrice, market.Marks.TryGetValue(symbol, out var mark) ? mark : null);
            Of($"price of {symbol}", "best bid and offer").Line("bid", at, bidPrice);
            Of($"price of {symbol}", "best bid and offer").Line("ask", at, askPrice);
        }

        foreach (var margin in market.Margins.Values.OrderBy(one => one.Currency.Code, StringComparer.Ordinal))
        {
            if (told.TryGetValue(margin.Currency, out var last) && last.Equals(margin)) continue;
            told[margin.Currency] = margin;
            equity.Add(at, margin.Currency.Code, margin.WalletBalance, margin.MarginBalance, margin.AvailableMargin);
            Of($"equity in {margin.Currency}", "minor units").Line("equity", at, margin.MarginBalance);
        }
    }

    private void Orders()
    {
        var orders = Table("orders", "strategy", "at", "#record", "event", "id", "symbol", "side", "price", "#contracts", "execution", "#cost", "#commission", "reason");
        var ledger = OrderLedger.Empty;
        foreach (var (sequence, record) in _archive.Read($"orders-{Account}"))
        {
            if (record.Event is not OrderEvent happened) continue;
            ledger = ledger.Apply(happened, record.At);
            if (record.At < _from || record.At > _to.AddMinutes(1) || ledger.Find(happened.Id) is not { } order) continue;
            var tick = Instruments.FirstOrDefault(one => one.Symbol == order.Terms.Symbol)?.Tick;
            var price = happened is OrderFilled fill ? fill.Price : order.Price is { } ticks && tick is { } grid ? grid.ToDecimal(ticks) : (decimal?)null;
            var filled = happened as OrderFilled;
            orders.Add(
                order.Origin.StrategyId, record.At, sequence, record.Manifest.Split('/')[0], order.Id.Value, order.Terms.Symbol.Value, order.Terms.Side.ToString().ToLowerInvariant(),
                price, filled?.Quantity.Contracts ?? order.Quantity.Contracts, filled?.ExecutionId, filled?.Cost, filled?.Commission, order.Reason);
            if (price is not { } shown || happened is not (OrderSubmitted or OrderFilled)) continue;
            Of($"price of {order.Terms.Symbol}", "best bid and offer").Mark(happened is OrderFilled ? $"{order.Terms.Side} filled" : $"{order.Terms.Side} sent", record.At, shown);
        }

        Close("orders", orders);
    }

    private void Verdicts()
    {
        var verdicts = Table("verdicts", "session", "at", "#record", "strategy", "intent", "symbol", "verdict", "reason");
        foreach (var (sequence, record, session) in Read($"risk-{Account}"))
        {
            var (intent, refusal) = record.Event switch { IntentApproved approved => (approved.Intent, null), IntentRefused refused => (refused.Intent, refused.Reason), _ => ((Intent?)null, (string?)null) };
            if (intent is null) continue;
            var words = intent switch { PlaceIntent place => $"place {place.Terms.Id}", AmendIntent amend => $"amend {amend.Id}", CancelIntent cancel => $"cancel {cancel.Id}", _ => intent.GetType().Name };
            verdicts.Add(session, record.At, sequence, intent.StrategyId, words, intent.Symbol.Value, refusal is null ? "approved" : "refused", refusal);
        }

        Close("verdicts", verdicts);
    }

    private void Positions()
    {
        var positions = Table("positions", "at", "symbol", "event", "#contracts", "#unrealisedCost", "#realisedProfit", "#commission");
        foreach (var instrument in Instruments)
        {
            var ledger = PositionLedger.Empty;
            foreach (var (_, record) in _archive.Read($"position-{Account}-{instrument.Symbol}"))
            {
                if (record.Event is not PositionEvent happened) continue;
                ledger = ledger.Apply(happened);
                if (record.At < _from || record.At > _to.AddMinutes(1)) continue;
                var position = ledger.Position;
                positions.Add(record.At, instrument.Symbol.Value, record.Manifest.Split('/')[0], position.Quantity.Contracts, position.UnrealisedCost, position.RealisedPnl, position.Commission);
                Of($"position in {instrument.Symbol}", "contracts").Line("position", record.At, position.Quantity.Contracts);
            }
        }

        Close("positions", positions);
    }

    private void Chronicle()
    {
        var chronicle = Table("chronicle", "session", "at", "#record", "event", "words");
        foreach (var (sequence, record, session) in Read(_audit.Sessions[0].Chronicle))
        {
            var words = Words(record.Event);
            chronicle.Add(session, record.At, sequence, record.Manifest.Split('/')[0], words);
            if (record.Event is BeatProved) Of("beats of the dead man's switch", "number").Mark("beat", record.At, 1);
            else if (record.Event is not Checkpoint && _timeline.Count < Picture.PointsMax) _timeline.Add((record.At, $"{record.Manifest.Split('/')[0]}: {words}"));
        }

        Close("chronicle", chronicle);
    }

    private static string Words(object happened) => happened switch
    {
        SessionStarted started => $"{started.SessionId} of {started.Account}, code {started.CodeVersion}",
        PhaseChanged changed => $"{changed.Phase} {changed.Reason}".TrimEnd(),
        SwitchMoved moved => $"{moved.State}: {moved.Reason}",
        PartRestarted restarted => $"{restarted.Part}: {restarted.Failure}; {restarted.Told}",
        Reconciled reconciled => string.Create(
            CultureInfo.InvariantCulture,
            $"{reconciled.Report.Occasion}: {reconciled.Report.Count(Domain.Reconciliation.Finding.Agreed)} agreed, {reconciled.Report.Count(Domain.Reconciliation.Finding.Adopted)} adopted, {reconciled.Report.Count(Domain.Reconciliation.Finding.Lost)} lost, {reconciled.Report.Count(Domain.Reconciliation.Finding.Foreign)} foreign, {reconciled.Report.Count(Domain.Reconciliation.Finding.Unknown)} unknown"),
        SessionEnded ended => $"{ended.Outcome}, {ended.OrdersLeft} orders left",
        BeatProved beat => beat.Beat.ToString(CultureInfo.InvariantCulture),
        Checkpoint checkpoint => $"{checkpoint.Heads.Count} streams{(checkpoint.KeyId is { } key ? $", key {key}" : "")}",
        _ => "",
    };
}
