using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Venue.Inputs;

/// <summary>What the run of an exchange depends on beside its inputs. A log made under one origin cannot be gone on with under another.</summary>
/// <param name="Start">The exchange's first moment, milliseconds since 1970.</param>
/// <param name="Seed">Of everything random, but for traders that came later.</param>
/// <param name="Market">The background traders that it began with.</param>
/// <param name="Listing">SHA-256 of the listing file, in hexadecimal.</param>
/// <param name="Recordings">SHA-256 of the files of recorded prices and of a recorded session; empty without them.</param>
/// <param name="Rules">Version of the rules that turn inputs into state; see <see cref="InputLog.Rules"/>.</param>
internal sealed record VenueOrigin(long Start, long Seed, MarketActivity Market, string Listing, string Recordings, int Rules);

/// <summary>One line of the log. Times are milliseconds since 1970.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Began), "began")]
[JsonDerivedType(typeof(Lasted), "lasted")]
[JsonDerivedType(typeof(Jumped), "jumped")]
[JsonDerivedType(typeof(Requested), "requested")]
[JsonDerivedType(typeof(Counted), "counted")]
internal abstract record VenueInput(long At)
{
    /// <summary>The first line.</summary>
    public sealed record Began(long At, VenueOrigin Origin) : VenueInput(At);

    /// <summary>
    /// Time may pass up to here without another line. What the exchange does by itself until then follows from its state, so that a
    /// second costs one line, however much the background traders do in it.
    /// </summary>
    public sealed record Lasted(long At) : VenueInput(At);

    /// <summary>
    /// The exchange was not there, or held up, after <paramref name="From"/> until this moment: it goes on from here without making up for the
    /// time between.
    /// </summary>
    public sealed record Jumped(long At, long From) : VenueInput(At);

    /// <summary>A request of an account that may change something: method, path and the arguments as one object.</summary>
    public sealed record Requested(long At, long Account, string Method, string Path, JsonElement Arguments) : VenueInput(At);

    /// <summary>A digest of all accounts at this moment, by which a replay is known to have come to the same state.</summary>
    public sealed record Counted(long At, string Digest) : VenueInput(At);
}
