using Actors.Venue.Faults;
using Actors.Venue.Inputs;
using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>The parts of a running venue that its fronts share.</summary>
internal sealed record VenueContext(
    VenueOptions Options,
    Exchange Exchange,
    ExchangeLoop Loop,
    TablePublisher Publisher,
    TopOfBookPublisher Top,
    BinPublisher Bins,
    VenueRecords Records,
    Subscriptions Subscriptions,
    SendQueue Sends,
    Partials Partials,
    Authenticator Authenticator,
    RateLimiter Limiter,
    FaultBox Faults,
    IReadOnlyList<Identity> Identities)
{
    /// <summary>Writes down what enters; null when the venue keeps nothing.</summary>
    public InputRecorder? Inputs { get; init; }

    /// <summary>Writes snapshots; null when the venue keeps nothing.</summary>
    public SnapshotWriter? Snapshots { get; init; }
}
