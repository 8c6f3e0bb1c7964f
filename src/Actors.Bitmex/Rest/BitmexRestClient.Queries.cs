using System.Globalization;
using System.Text.Json;
using Actors.Bitmex.Wire;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.Bitmex.Rest;

public sealed partial class BitmexRestClient
{
    /// <summary>Rows the venue gives at most in one answer.</summary>
    private const int PageRows = 500;

    /// <summary>Pages read of one query before it is given up: a hundred thousand rows.</summary>
    private const int PagesMax = 200;

    public async Task<IReadOnlyList<InstrumentReport>> InstrumentsAsync(
        IReadOnlyList<Symbol> symbols, Action<string> setAside, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        ArgumentNullException.ThrowIfNull(setAside);
        var filter = JsonSerializer.Serialize(new Dictionary<string, string[]> { ["symbol"] = symbols.Select(symbol => symbol.Value).ToArray() });
        var rows = await PagesAsync($"/api/v1/instrument?filter={Uri.EscapeDataString(filter)}", table => new InstrumentRow(table), cancellation);
        var reports = new List<InstrumentReport>();
        foreach (var symbol in symbols)
        {
            if (rows.Find(row => row.Symbol == symbol) is not { } row) setAside($"instrument {symbol}: the venue does not list it");
            else if (row.TryToReport(out var report, out var reason)) reports.Add(report);
            else setAside(reason);
        }

        foreach (var nameless in rows.Where(row => row.Symbol is null))
        {
            if (!nameless.TryToReport(out _, out var reason)) setAside(reason);
        }

        foreach (var report in reports) Instruments.Add(report.Definition);
        return reports;
    }

    public async Task<IReadOnlyList<OrderReport>> OpenOrdersAsync(CancellationToken cancellation)
    {
        var rows = await PagesAsync($"/api/v1/order?filter={Uri.EscapeDataString("{\"open\":true}")}", symbols => new OrderRow(symbols), cancellation);
        return Convert(rows, row => row.ToReport());
    }

    public async Task<OrderReport?> FindOrderAsync(ClientOrderId id, CancellationToken cancellation)
    {
        var filter = JsonSerializer.Serialize(new Dictionary<string, string> { ["clOrdID"] = id.Value });
        var rows = await RowsAsync(
            $"/api/v1/order?filter={Uri.EscapeDataString(filter)}&count=1&reverse=true", symbols => new OrderRow(symbols), cancellation);
        return Convert(rows.Where(row => row.ClientId == id.Value), row => row.ToReport()).FirstOrDefault();
    }

    public async Task<IReadOnlyList<ExecutionReport>> ExecutionsAsync(DateTimeOffset since, CancellationToken cancellation)
    {
        var rows = await PagesAsync(
            $"/api/v1/execution?startTime={Uri.EscapeDataString(WireNames.Timestamp(since))}&reverse=false", symbols => new ExecutionRow(symbols), cancellation);
        return Convert(rows, row => row.ToReport()).OrderBy(report => report.Timestamp).ToList();
    }

    public async Task<IReadOnlyList<PositionReport>> PositionsAsync(CancellationToken cancellation) =>
        Convert(await PagesAsync("/api/v1/position?", symbols => new PositionRow(symbols), cancellation), row => row.ToReport());

    public async Task<IReadOnlyList<MarginReport>> MarginsAsync(CancellationToken cancellation) =>
        Convert(await RowsAsync("/api/v1/user/margin?currency=all", _ => new MarginRow(), cancellation), row => row.ToReport());

    public async Task<string> AccountAsync(CancellationToken cancellation) =>
        (await RowsAsync("/api/v1/user/margin?currency=all", _ => new MarginRow(), cancellation))
            .Find(row => row.Account is { Length: > 0 })?.Account
        ?? throw new VenueUnreachableException("the venue names no account for this key");

    /// <summary>All rows of a table query, page by page. A page that is not full is the last.</summary>
    private async Task<List<TRow>> PagesAsync<TRow>(string query, Func<SymbolTable, TRow> create, CancellationToken cancellation)
        where TRow : class, IWireRow
    {
        var all = new List<TRow>();
        for (var page = 0; page < PagesMax; page++)
        {
            var rows = await RowsAsync(string.Create(CultureInfo.InvariantCulture, $"{query}&count={PageRows}&start={all.Count}"), create, cancellation);
            all.AddRange(rows);
            if (rows.Count < PageRows) return all;
        }

        throw new VenueUnreachableException($"{Path(query)}: more than {PagesMax * PageRows} rows");
    }

    private async Task<List<TRow>> RowsAsync<TRow>(string query, Func<SymbolTable, TRow> create, CancellationToken cancellation)
        where TRow : class, IWireRow
    {
        var target = query.Replace("?&", "?", StringComparison.Ordinal);
        var answer = await SendAsync(RateLane.Query, HttpMethod.Get, target, null, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (!answer.IsSuccess) throw new VenueUnreachableException($"{Path(query)}: {answer.Reason}");
        // Queries run side by side and the table of symbols is not for two threads.
        var symbols = new SymbolTable();
        return RestRows.Read(answer.Body, () => create(symbols), out var reason) ?? throw new VenueUnreachableException($"{Path(query)}: {reason}");
    }

    /// <summary>An order or a position that cannot be read must not be left out: what is not known cannot be reconciled.</summary>
    private static List<TReport> Convert<TRow, TReport>(IEnumerable<TRow> rows, Func<TRow, TReport> convert)
    {
        try
        {
            return rows.Select(convert).ToList();
        }
        catch (WireFormatException unreadable)
        {
            throw new VenueUnreachableException(unreadable.Message, unreadable);
        }
    }

    private static string Path(string query) => query.Split('?')[0];
}
