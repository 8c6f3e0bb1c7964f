using Actors.Venue.Clearing;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>Everything a route may use. It runs on the exchange's thread.</summary>
internal sealed record RestCall(
    Exchange Exchange,
    TablePublisher Publisher,
    TopOfBookPublisher Top,
    RequestArguments Arguments,
    Identity? Identity,
    IReadOnlyList<Identity> Identities)
{
    /// <summary>The caller's account; only in routes that need a key.</summary>
    public Account Account => Identity!.Account;
}

/// <summary>Which limits and rights a route has.</summary>
[Flags]
internal enum RouteTraits
{
    None = 0,

    /// <summary>Needs a key.</summary>
    Private = 1,

    /// <summary>Changes the exchange.</summary>
    Command = 2,

    /// <summary>Counts in the limit a second, too.</summary>
    OrderLane = 4,

    /// <summary>May be refused when the exchange's queue is full; cancels may not.</summary>
    Sheddable = 8,
}

/// <summary>One route below <c>/api/v1</c>.</summary>
internal sealed record RestRoute(string Verb, string Path, RouteTraits Traits, string? Permission, Func<RestCall, byte[]> Answer)
{
    public bool Is(RouteTraits trait) => (Traits & trait) == trait;
}
