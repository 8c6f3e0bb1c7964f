using Actors.Engine.Session;

namespace Actors.Host.View;

/// <summary>
/// Lays one moment of a session out for a terminal of a given size. What matters most stands at the top; what does not fit is left out
/// from the bottom.
/// </summary>
internal static class DashboardRenderer
{
    /// <summary>Lines that the newest events keep, however many orders are open.</summary>
    private const int EventsKept = 5;

    private const int MiddleMin = 4;
    private const int Gap = 3;

    /// <summary>Below this width, orders have the whole line and strategies and money come after them.</summary>
    private const int TwoColumnsFrom = 90;

    /// <summary>At most <paramref name="height"/> lines of at most <paramref name="width"/> characters.</summary>
    public static List<StyledLine> Render(SessionView view, string venue, string? notice, int width, int height)
    {
        var lines = DashboardHeader.Lines(view, venue, notice).ToList();
        Add(lines, width, "books", DashboardTables.Books(view, width));
        Add(lines, width, "positions", DashboardTables.Positions(view, width));
        var room = Math.Max(MiddleMin, height - lines.Count - 1 - (Math.Min(EventsKept, view.Events.Count) + 1));
        Add(lines, width, DashboardTables.OrdersTitle(view), width < TwoColumnsFrom ? Stacked(view, width, room) : BesideEachOther(view, width, room));
        var events = Math.Min(view.Events.Count, height - lines.Count - 1);
        if (events > 0) Add(lines, width, "events, newest first", view.Events.Reverse().Take(events).Select(text => new StyledLine(text)));
        return lines.Take(height).Select(line => line.Cut(width)).ToList();
    }

    private static void Add(List<StyledLine> lines, int width, string title, IEnumerable<StyledLine> content)
    {
        var head = new StyledLine(new Span("── ", Palette.Dim), new Span(title + " ", Palette.Strong));
        lines.Add(head.Beside(Math.Min(head.Length, width), new StyledLine(new Span(new string('─', Math.Max(0, width - head.Length)), Palette.Dim))));
        lines.AddRange(content);
    }

    private static IEnumerable<StyledLine> Stacked(SessionView view, int width, int room)
    {
        var strategies = DashboardTables.Strategies(view, width);
        return [.. DashboardTables.OpenOrders(view, width, Math.Max(MiddleMin, room - strategies.Count)), .. strategies, .. DashboardTables.Margins(view, width)];
    }

    private static IEnumerable<StyledLine> BesideEachOther(SessionView view, int width, int room)
    {
        var half = (width - Gap) / 2;
        var left = DashboardTables.OpenOrders(view, half, room);
        var right = DashboardTables.Strategies(view, width - half - Gap);
        right.AddRange(DashboardTables.Margins(view, width - half - Gap));
        var empty = new StyledLine();
        for (var row = 0; row < Math.Max(left.Count, right.Count); row++)
        {
            var other = row < right.Count ? right[row] : empty;
            yield return (row < left.Count ? left[row] : empty).Beside(half + Gap, other);
        }
    }
}
