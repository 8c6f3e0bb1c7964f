using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>The parts of a running venue that its fronts share.</summary>
internal sealed record VenueContext(
    VenueOptions Options,
    Exchange Exchange,
    ExchangeLoop Loop,
    TablePublisher Publisher,
    TopOfBookPublisher Top,
    Subscriptions Subscriptions,
    Partials Partials,
    Authenticator Authenticator,
    RateLimiter Limiter,
    IReadOnlyList<Identity> Identities);
