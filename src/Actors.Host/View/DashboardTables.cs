using Actors.Domain.Books;
using Actors.Engine.Session;

namespace Actors.Host.View;

/// <summary>The tables of the live view, each as lines of at most a given width.</summary>
internal static class DashboardTables
{
    public static List<StyledLine> Books(SessionView view, int width)
    {
        var table = new LineTable(
            new Column(string.Empty),
            new Column(string.Empty),
            new Column("bid size", Right: true, Rank: 2),
            new Column("bid", Right: true),
            new Column("ask", Right: true),
            new Column("ask size", Right: true, Rank: 2),
            new Column("mark", Right: true, Rank: 1),
            new Column("last", Right: true, Rank: 4),
            new Column("rows", Right: true, Rank: 3),
            new Column("conflated", Right: true, Rank: 5),
            new Column(string.Empty));
        foreach (var book in view.Books)
        {
            table.Add(
                new Span(book.Symbol.Value, Palette.Strong),
                Status(book),
                Words.Count(book.BidSize),
                new Span(Words.Price(book.Bid), Palette.Good),
                new Span(Words.Price(book.Ask), Palette.Bad),
                Words.Count(book.AskSize),
                Words.Price(book.Mark),
                Words.Price(book.Last),
                new Span(Words.Count(book.Rows), Palette.Dim),
                new Span(Words.Count(book.Conflated), Palette.Dim),
                new Span(book.Fault ?? string.Empty, Palette.Warning));
        }

        return table.Lines(width);
    }

    public static List<StyledLine> Positions(SessionView view, int width)
    {
        if (view.Positions.Count == 0) return None();
        var table = new LineTable(
            new Column(string.Empty),
            new Column("position", Right: true),
            new Column("entry", Right: true, Rank: 1),
            new Column("mark", Right: true, Rank: 3),
            new Column("liquidation", Right: true, Rank: 2),
            new Column("realised", Right: true),
            new Column("unrealised", Right: true),
            new Column("fees", Right: true, Rank: 4),
            new Column(string.Empty));
        foreach (var position in view.Positions)
        {
            var settlement = position.Settlement;
            table.Add(
                new Span(position.Symbol.Value, Palette.Strong),
                new Span(Words.Position(position.Quantity), Palette.OfSign(position.Quantity)),
                Words.Price(position.AverageEntryPrice),
                Words.Price(position.Mark),
                Words.Price(position.LiquidationPrice),
                Gain(settlement, position.RealisedPnl),
                Gain(settlement, position.UnrealisedPnl),
                Words.Amount(settlement, position.Fees),
                new Span(Words.Unit(settlement), Palette.Dim));
        }

        return table.Lines(width);
    }

    public static string OrdersTitle(SessionView view)
    {
        var counts = view.Orders;
        var title = $"orders: {Words.Count(counts.Open)} open, {Words.Count(counts.Sent)} sent, {Words.Count(counts.Fills, "fill")}, {Words.Count(counts.Cancelled)} cancelled";
        if (counts.Amended > 0) title += $", {Words.Count(counts.Amended)} amended";
        if (counts.Rejected > 0) title += $", {Words.Count(counts.Rejected)} rejected";
        if (counts.Refused > 0) title += $", {Words.Count(counts.Refused)} refused";
        return counts.Unknown > 0 ? title + $", {Words.Count(counts.Unknown)} UNKNOWN" : title;
    }

    /// <summary>Open orders grouped by strategy, with a count of those that do not fit.</summary>
    public static List<StyledLine> OpenOrders(SessionView view, int width, int height)
    {
        if (view.OpenOrders.Count == 0) return None();
        var orders = view.OpenOrders
            .OrderBy(order => order.StrategyId, StringComparer.Ordinal)
            .ThenBy(order => order.Symbol)
            .ThenByDescending(order => order.Price)
            .ToList();
        var room = height - 1;
        var shown = orders.Count <= room ? orders.Count : Math.Max(0, room - 1);
        var lines = OrderTable(orders.Take(shown)).Lines(width);
        if (shown < orders.Count) lines.Add(new StyledLine(new Span($"+{Words.Count(orders.Count - shown)} more", Palette.Dim)));
        return lines;
    }

    public static List<StyledLine> Strategies(SessionView view, int width)
    {
        var table = new LineTable(
            new Column("strategy"), new Column(string.Empty, Rank: 2), new Column(string.Empty), new Column("open", Right: true, Rank: 1), new Column("fills", Right: true));
        foreach (var strategy in view.Strategies)
        {
            table.Add(
                new Span(strategy.Id, Palette.Strong),
                strategy.Symbol.Value,
                strategy.State,
                Words.Count(strategy.OpenOrders),
                Words.Count(strategy.Fills));
        }

        return table.Lines(width);
    }

    public static List<StyledLine> Margins(SessionView view, int width)
    {
        var table = new LineTable(
            new Column("money"), new Column("balance", Right: true), new Column("available", Right: true, Rank: 1), new Column("session", Right: true));
        foreach (var margin in view.Margins)
        {
            table.Add(
                new Span(Words.Unit(margin.Currency), Palette.Strong),
                Words.Amount(margin.Currency, margin.MarginBalance),
                Words.Amount(margin.Currency, margin.AvailableMargin),
                Gain(margin.Currency, margin.SessionPnl));
        }

        return table.Lines(width);
    }

    private static LineTable OrderTable(IEnumerable<OrderView> orders)
    {
        var table = new LineTable(
            new Column("open"),
            new Column(string.Empty),
            new Column(string.Empty),
            new Column("size", Right: true),
            new Column("price", Right: true),
            new Column(string.Empty, Rank: 1));
        var group = string.Empty;
        foreach (var order in orders)
        {
            table.Add(
                order.StrategyId == group ? string.Empty : new Span(order.StrategyId, Palette.Strong),
                order.Symbol.Value,
                new Span(Words.Side(order.Side), Palette.Of(order.Side)),
                order.Filled == 0 ? Words.Count(order.Quantity) : $"{Words.Count(order.Filled)}/{Words.Count(order.Quantity)}",
                Words.Price(order.Price),
                new Span(order.State, order.State == "unknown" ? Palette.Warning : Palette.Dim));
            group = order.StrategyId;
        }

        return table;
    }

    private static Span Gain(string currency, long minorUnits) => new(Words.Amount(currency, minorUnits, signed: true), Palette.OfSign(minorUnits));

    private static Span Status(BookView book) => book.Status switch
    {
        BookStatus.Live => new Span("live", Palette.Good),
        BookStatus.Stale => new Span("stale", Palette.Bad),
        _ => new Span("waiting", Palette.Warning),
    };

    private static List<StyledLine> None() => [new StyledLine(new Span("none", Palette.Dim))];
}
