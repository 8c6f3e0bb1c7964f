using Actors.Venue.Clearing;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>Everything a route may use. It runs on the exchange's thread.</summary>
internal sealed record RestCall(VenueContext Venue, RequestArguments Arguments, Identity? Identity)
{
    public Exchange Exchange => Venue.Exchange;

    /// <summary>The caller's account; only in routes that need a key.</summary>
    public Account Account => Identity!.Account;
}

/// <summary>A body and what it is.</summary>
internal readonly record struct RestAnswer(byte[] Body, string ContentType)
{
    public const string Json = "application/json; charset=utf-8";
    public const string Csv = "text/csv; charset=utf-8";
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

    /// <summary>A route that needs no key and changes nothing.</summary>
    public static RestRoute Open(string path, Func<RestCall, byte[]> answer) => new("GET", path, RouteTraits.None, null, answer);

    /// <summary>A route that needs a key and changes nothing.</summary>
    public static RestRoute Mine(string path, Func<RestCall, byte[]> answer) => new("GET", path, RouteTraits.Private, null, answer);
}
