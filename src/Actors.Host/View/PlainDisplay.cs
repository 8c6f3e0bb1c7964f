using Actors.Domain.Risk;
using Actors.Engine.Session;

namespace Actors.Host.View;

/// <summary>
/// Plain lines, for files and pipes: a banner, every change of phase and every event as it comes, and one line of state at an interval.
/// </summary>
internal sealed class PlainDisplay(TextWriter output, string venue, TimeSpan statusInterval) : IDisplay
{
    private SessionView? _last;
    private DateTimeOffset _statusAt;

    public void Show(SessionView view)
    {
        if (_last is null) Banner(view);
        if (_last?.Phase != view.Phase) Phase(view);
        foreach (var text in NewEvents(_last?.Events ?? [], view.Events)) output.WriteLine(Words.Printable(text)); // they carry their own time
        if (_last is null) _statusAt = view.Now + statusInterval;
        if (view.Now >= _statusAt)
        {
            Line(view.Now, Status(view));
            _statusAt = view.Now + statusInterval;
        }

        _last = view;
    }

    public void Notice(string text) => output.WriteLine(Words.Printable(text));

    public void Dispose()
    {
    }

    /// <summary>The events of <paramref name="now"/> that were not there <paramref name="before"/>: both are the newest of one list, newest last.</summary>
    internal static IEnumerable<string> NewEvents(IReadOnlyList<string> before, IReadOnlyList<string> now)
    {
        for (var kept = Math.Min(before.Count, now.Count); kept > 0; kept--)
        {
            if (before.Skip(before.Count - kept).SequenceEqual(now.Take(kept), StringComparer.Ordinal)) return now.Skip(kept);
        }

        return now;
    }

    private static string Status(SessionView view)
    {
        var counts = view.Orders;
        var parts = new List<string>
        {
            $"{Words.Count(counts.Open)} open, {Words.Count(counts.Sent)} sent, {Words.Count(counts.Fills, "fill")}",
        };
        parts.AddRange(view.Books.Select(book => $"{book.Symbol} {Words.Price(book.Bid)}/{Words.Price(book.Ask)}{Held(view, book)}"));
        parts.AddRange(view.Margins.Select(margin => Words.Money(margin.Currency, margin.SessionPnl, signed: true)));
        if (view.Risk is { Standing: not RiskStanding.Open } risk) parts.Add($"risk {RiskText.Standing(risk.Standing)}");
        else if (view.Risk is { } open && RiskText.Nearest(open) is { } nearest) parts.Add($"nearest limit {nearest}");
        if (view.Conflated > 0) parts.Add($"{Words.Count(view.Conflated, "price")} conflated");
        parts.Add("switch " + Words.Switch(view.Switch, view.Now));
        return string.Join(" | ", parts);
    }

    private static string Held(SessionView view, BookView book)
    {
        var position = view.Positions.FirstOrDefault(position => position.Symbol == book.Symbol);
        return position is null or { Quantity: 0 } ? string.Empty : $" pos {Words.Position(position.Quantity)}";
    }

    private void Banner(SessionView view) =>
        output.WriteLine(Words.Printable($"actors: session {view.SessionId}, account {view.Account}, {view.Dialect} at {venue}; Ctrl-C stops"));

    private void Phase(SessionView view) =>
        Line(view.Now, view.Phase.ToString().ToLowerInvariant() + (view.Reason is { } reason ? $": {reason}" : string.Empty));

    private void Line(DateTimeOffset time, string text) => output.WriteLine($"{Words.Time(time)} {Words.Printable(text)}");
}
