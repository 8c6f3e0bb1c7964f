using System.Globalization;

namespace Actors.Domain.Books;

/// <summary>How long a book may look broken before it counts as broken, and how often a snapshot is asked for.</summary>
public sealed record BookWatchSettings
{
    /// <summary>A book whose best bid stays at or above its best ask for so long is broken: longer than a change that is split over frames.</summary>
    public TimeSpan CrossedMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A live book that nothing is heard of for so long may have lost its subscription: it is fetched anew.</summary>
    public TimeSpan SilentMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait for a snapshot before it is asked for again; doubles with every request in a row up to the maximum.</summary>
    public TimeSpan PatienceMin { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan PatienceMax { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>
/// Watches one book over time: says when it is crossed or silent for too long, and when a snapshot is to be asked for. Requests are spaced out more and more
/// while they do not heal the book, so that a venue that only sends faults is not flooded. Immutable; time comes in.
/// </summary>
public sealed record BookWatch(BookWatchSettings Settings)
{
    private DateTimeOffset? HeardAt { get; init; }

    private DateTimeOffset? CrossedSince { get; init; }

    private DateTimeOffset? AskedAt { get; init; }

    /// <summary>Requests since the book was last sound for the longest patience.</summary>
    public int Requests { get; private init; }

    /// <summary>A message was applied that left this top.</summary>
    public BookWatch Heard(BookTop top, DateTimeOffset now) => this with
    {
        HeardAt = now,
        CrossedSince = top.IsCrossed ? CrossedSince ?? now : null,
    };

    /// <summary>The connection is gone: a new one sends its own snapshot, so nothing is asked for until it is late.</summary>
    public BookWatch Disconnected() => new(Settings);

    /// <summary>Why a live book has to be given up, in words; null when it is sound.</summary>
    public string? Fault(DateTimeOffset now)
    {
        if (CrossedSince is { } since && now - since >= Settings.CrossedMax) return Words("crossed", Settings.CrossedMax);
        return HeardAt is { } heard && now - heard >= Settings.SilentMax ? Words("silent", Settings.SilentMax) : null;
    }

    /// <summary>Whether a snapshot is to be asked for now: the book is not live and the last request has had its time.</summary>
    public bool MustAsk(BookStatus status, DateTimeOffset now) => status switch
    {
        BookStatus.Live => false,
        BookStatus.Stale => AskedAt is not { } asked || now - asked >= Patience,
        _ => AskedAt is { } asked && now - asked >= Patience,
    };

    /// <summary>A snapshot has been asked for, or, on a new connection, is due without asking.</summary>
    public BookWatch Asked(DateTimeOffset now) => this with { AskedAt = now, Requests = Requests + 1, CrossedSince = null, HeardAt = null };

    /// <summary>Time has passed: a book that has stayed sound is asked for quickly again the next time.</summary>
    public BookWatch Elapsed(BookStatus status, DateTimeOffset now) =>
        status == BookStatus.Live && Requests > 0 && AskedAt is { } asked && now - asked >= Settings.PatienceMax ? this with { Requests = 0, AskedAt = null } : this;

    private TimeSpan Patience
    {
        get
        {
            var wait = Settings.PatienceMin * (1L << Math.Clamp(Requests - 1, 0, 20));
            return wait < Settings.PatienceMax ? wait : Settings.PatienceMax;
        }
    }

    private static string Words(string what, TimeSpan since) =>
        string.Create(CultureInfo.InvariantCulture, $"{what} for more than {since.TotalSeconds} s");
}
