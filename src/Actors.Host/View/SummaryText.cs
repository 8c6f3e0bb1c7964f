using System.Globalization;
using Actors.Domain.Risk;
using Actors.Engine.Session;

namespace Actors.Host.View;

/// <summary>What is printed when a session is over. Scripts read the labels; they do not change.</summary>
internal static class SummaryText
{
    /// <summary>Everything that is wrong with how the session ended; empty for an orderly stop.</summary>
    public static IReadOnlyList<string> Problems(SessionSummary summary)
    {
        var problems = summary.Problems.ToList();
        if (problems.Count > 0) return problems;
        if (summary.OrdersLeft != 0) problems.Add($"{Words.Count(summary.OrdersLeft, "order")} left on the venue");
        if (!summary.SwitchDisarmed) problems.Add("the switch was left armed: the venue cancels every order of the account when it fires");
        return problems;
    }

    public static IEnumerable<string> Lines(SessionSummary summary, string journal)
    {
        var view = summary.Last;
        var counts = view.Orders;
        yield return $"session {view.SessionId} on {view.Dialect}, account {view.Account}, ended after {Words.Elapsed(view.Now - view.StartedAt)}";
        yield return Row("orders sent", $"{Number(counts.Sent)} ({Number(counts.Amended)} amended, {Number(counts.Rejected)} rejected, {Number(counts.Refused)} refused by risk)");
        yield return Row("fills", $"{Number(counts.Fills)} ({Number(counts.Filled)} orders filled whole)");
        yield return Row("cancelled", Number(counts.Cancelled));
        yield return Row("profit and loss", view.Margins.Count == 0 ? "–" : string.Join(", ", view.Margins.Select(margin => Words.Money(margin.Currency, margin.SessionPnl, signed: true))));
        foreach (var line in Positions(view)) yield return line;
        yield return Row("risk", view.Risk is { } risk ? Risk(risk) : "never known");
        yield return Row("orders left", Number(summary.OrdersLeft));
        yield return Row("switch", summary.SwitchDisarmed ? "disarmed" : "LEFT ARMED");
        yield return Row("reconciled", view.LastReconciliation is { } last ? Words.Reconciliation(last) : "never");
        foreach (var difference in view.LastReconciliation?.Differences ?? []) yield return Row(string.Empty, difference);
        foreach (var margin in view.Margins.Where(margin => margin.Agreed > 0 || margin.NotCompared is not null))
            yield return Row("money counted", $"{Words.Unit(margin.Currency)} as the venue does at {Words.Count(margin.Agreed, "quiet moment")}{(margin.NotCompared is { } why ? $", not compared at the end: {why}" : "")}");
        foreach (var difference in view.Differences) yield return Row("DIFFERENCE", difference);
        yield return Row("prices conflated", $"{Number(view.Conflated)} (orders and reports never are)");
        yield return Row("restarts", Number(view.Restarts));
        yield return Row("journal", journal);
        var problems = Problems(summary);
        if (problems.Count == 0) yield return Row("problems", "none");
        foreach (var problem in problems) yield return Row("problem", problem);
    }

    /// <summary>Without the gates: those of a session that has stopped are closed, which is no news.</summary>
    private static string Risk(RiskPicture risk)
    {
        var latched = risk.Latches.Count == 0 ? "nothing latched" : $"latched: {string.Join("; ", risk.Latches.Select(latch => $"{latch.Name}: {latch.Words}"))}";
        return RiskText.Nearest(risk) is { } nearest ? $"{latched}, nearest limit {nearest}" : latched;
    }

    private static IEnumerable<string> Positions(SessionView view)
    {
        var held = view.Positions.Where(position => position.Quantity != 0).ToList();
        if (held.Count == 0) yield return Row("position left", "none");
        foreach (var position in held)
        {
            yield return Row(
                "position left",
                $"{position.Symbol} {Words.Position(position.Quantity)} at {Words.Price(position.AverageEntryPrice)}, mark {Words.Price(position.Mark)}, "
                + $"unrealised {Words.Money(position.Settlement, position.UnrealisedPnl, signed: true)}");
        }
    }

    /// <summary>Without separators: a script reads these.</summary>
    private static string Number(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Row(string label, string value) => $"  {label,-16} {Words.Printable(value)}";
}
