namespace Actors.Domain.Reconciliation;

/// <summary>What comparing one order or position with the venue found.</summary>
public enum Finding
{
    /// <summary>Both say the same.</summary>
    Agreed = 1,

    /// <summary>The venue knew more; we took it over.</summary>
    Adopted = 2,

    /// <summary>We sent it and the venue never had it.</summary>
    Lost = 3,

    /// <summary>The venue has it and it is not ours.</summary>
    Foreign = 4,

    /// <summary>No answer could be had.</summary>
    Unknown = 5,
}

/// <summary>One finding: the order's or instrument's name and, unless agreed, both sides in words.</summary>
public sealed record ReconciliationRow(string Subject, Finding Finding, string Words);

/// <summary>A whole comparison of orders and positions with the venue. Itself journaled.</summary>
public sealed record ReconciliationReport(DateTimeOffset At, string Occasion, IReadOnlyList<ReconciliationRow> Rows)
{
    public int Count(Finding finding) => Rows.Count(row => row.Finding == finding);

    /// <summary>Whether trading may go on: nothing is left that no one knows.</summary>
    public bool IsSettled => Count(Finding.Unknown) == 0;
}
