using System.Globalization;

namespace Actors.Domain.Switch;

/// <summary>
/// How far our clock is ahead of the venue's, as beats prove it: a beat's venue time lies between its leaving and its return. Where that contradicts what was known,
/// a clock was set, and only the newest beat counts. Immutable; time comes in.
/// </summary>
public readonly record struct VenueClock
{
    /// <summary>A larger difference would let a request live longer at the venue than we think: nothing is traded then.</summary>
    public static readonly TimeSpan DifferenceMax = TimeSpan.FromSeconds(1);

    private (TimeSpan Least, TimeSpan Most)? Ahead { get; init; }

    /// <summary>A beat left, was confirmed with the venue's time, and came back; the first and last by our clock.</summary>
    public VenueClock Heard(DateTimeOffset sentAt, DateTimeOffset venueTime, DateTimeOffset receivedAt)
    {
        var (least, most) = (sentAt - venueTime, receivedAt - venueTime);
        if (Ahead is not { } known || least > known.Most || most < known.Least) return new VenueClock { Ahead = (least, most) };
        return new VenueClock { Ahead = (least > known.Least ? least : known.Least, most < known.Most ? most : known.Most) };
    }

    /// <summary>Whether they certainly differ by more than is allowed.</summary>
    public bool IsTooFar => Ahead is { } known && (known.Least > DifferenceMax || known.Most < -DifferenceMax);

    /// <summary>Why the clocks are not known to be close enough to trade, in words; null when they are.</summary>
    public string? Fault => Ahead switch
    {
        null => "the venue has not told its time",
        { Least: var least } when least > DifferenceMax => Words($"our clock is at least {least.TotalSeconds:0.0} s ahead of the venue's, {DifferenceMax.TotalSeconds} s are allowed"),
        { Most: var most } when most < -DifferenceMax => Words($"our clock is at least {-most.TotalSeconds:0.0} s behind the venue's, {DifferenceMax.TotalSeconds} s are allowed"),
        { Least: var least, Most: var most } when least < -DifferenceMax || most > DifferenceMax =>
            Words($"our clock is between {least.TotalSeconds:0.0} and {most.TotalSeconds:0.0} s ahead of the venue's: not known to be within {DifferenceMax.TotalSeconds} s"),
        _ => null,
    };

    private static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
