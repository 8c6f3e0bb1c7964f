using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Domain.Positions;

namespace Actors.Domain.Reconciliation;

/// <summary>
/// Holds our position against the venue's own row at every quiet moment, to the minor unit of its cost. While fills and rows are on their way the two are not of the
/// same instant and nothing is said. Immutable; time comes in.
/// </summary>
public sealed record PositionWatch
{
    /// <summary>Nothing has moved for so long: what belongs together has arrived.</summary>
    public static readonly TimeSpan QuietAfter = TimeSpan.FromSeconds(1);

    /// <summary>A difference that lasts for so long is not waited out: engine and venue are compared, again and again at this interval.</summary>
    public static readonly TimeSpan DifferenceMax = TimeSpan.FromSeconds(5);

    public static readonly PositionWatch Idle = new();

    private PositionWatch()
    {
    }

    /// <summary>The venue's newest row; null before the first.</summary>
    public PositionReport? Theirs { get; private init; }

    /// <summary>When ours or the venue's last became another one.</summary>
    public DateTimeOffset MovedAt { get; private init; }

    /// <summary>Whether they differed when last looked at.</summary>
    public bool IsDifferent => Told is not null;

    private DateTimeOffset? DiffersSince { get; init; }

    private (Quantity Ours, long OurCost, Quantity Theirs, long TheirCost)? Told { get; init; }

    /// <summary>Our position has changed.</summary>
    public PositionWatch Moved(DateTimeOffset now) => this with { MovedAt = now, DiffersSince = null };

    /// <summary>The venue told its row; one that only follows the mark moves nothing.</summary>
    public PositionWatch Heard(PositionReport row, DateTimeOffset now) => this with
    {
        Theirs = row,
        MovedAt = Theirs is { } before && before.Quantity == row.Quantity && before.UnrealisedCost == row.UnrealisedCost ? MovedAt : now,
    };

    /// <summary>
    /// Looks at both: the difference to raise an alarm for, in words of both sides, once for each; and whether it has lasted so long that engine and venue must be
    /// compared.
    /// </summary>
    public (PositionWatch Next, string? Ours, string? Venue, bool MustCompare) Look(PositionLedger ledger, DateTimeOffset now)
    {
        var ours = ledger.Position;
        if (Theirs is not { } theirs || now - MovedAt < QuietAfter || ledger.LastExecutionAt > theirs.Timestamp) return (this, null, null, false);
        if (theirs.Quantity == ours.Quantity && theirs.UnrealisedCost == ours.UnrealisedCost) return (this with { DiffersSince = null, Told = null }, null, null, false);
        var difference = (ours.Quantity, ours.UnrealisedCost, theirs.Quantity, theirs.UnrealisedCost);
        var since = DiffersSince ?? now;
        var lasts = now - since >= DifferenceMax;
        var next = this with { DiffersSince = lasts ? now : since, Told = difference };
        return Told == difference
            ? (next, null, null, lasts)
            : (next, Words(ours.Quantity, ours.UnrealisedCost), Words(theirs.Quantity, theirs.UnrealisedCost), lasts);
    }

    private static string Words(Quantity quantity, long cost) => string.Create(CultureInfo.InvariantCulture, $"{quantity} contracts at cost {cost}");
}
