namespace Actors.Host.Keys;

/// <summary>What kind of venue an address leads to; the address alone decides.</summary>
internal enum VenuePlace
{
    /// <summary>The venue that is shipped here, on this machine.</summary>
    ThisMachine = 1,

    Testnet = 2,

    /// <summary>Real money, or a host that is not known not to be.</summary>
    Production = 3,
}

/// <summary>Places by address, and the words that files and people know them by.</summary>
internal static class VenuePlaces
{
    private const string Testnet = "testnet.bitmex.com";

    /// <summary>The shipped venue speaks plain HTTP: encryption on this machine is a tunnel to somewhere else.</summary>
    public static VenuePlace Of(Uri venue) =>
        venue.IsLoopback && venue.Scheme == Uri.UriSchemeHttp ? VenuePlace.ThisMachine
        : venue.Host.Equals(Testnet, StringComparison.OrdinalIgnoreCase) || venue.Host.EndsWith("." + Testnet, StringComparison.OrdinalIgnoreCase) ? VenuePlace.Testnet
        : VenuePlace.Production;

    public static string Word(this VenuePlace place) => place switch
    {
        VenuePlace.ThisMachine => "machine",
        VenuePlace.Testnet => "testnet",
        _ => "production",
    };
}
