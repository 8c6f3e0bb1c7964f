using System.Text;
using Actors.Venue;
using Actors.Venue.Inputs;
using Actors.Venue.Listing;
using Actors.Venue.Wire;

namespace Actors.Benchmarks;

/// <summary>
/// The venue's exchange in this process, called as a function: the request's body is read, its line of input is written before the answer is given, the order is matched and the answer is
/// written out, all by the venue's own code. What is left out is HTTP, the signature, the sockets and everybody who listens. Not thread-safe.
/// </summary>
public sealed class PlainVenue : IAsyncDisposable
{
    private static readonly string[] Accounts = ["alice", "bob"];

    private readonly RestRoute _route = RestRoutes.Find("POST", RestRoutes.First + "/order")!;
    private readonly VenueContext _venue;
    private readonly InputLog _log;

    /// <param name="folder">Of the log of inputs; nothing may be in it yet.</param>
    /// <param name="listingFile">What is listed.</param>
    public PlainVenue(string folder, string listingFile)
    {
        Directory.CreateDirectory(folder);
        var options = new VenueOptions { Market = MarketActivity.None, DataDirectory = folder, ListingFile = listingFile };
        _log = VenueMemory.Open(options)!;
        _venue = VenueServer.Compose(options, ListingFile.Read(listingFile, options.Clock.GetUtcNow()), KeyStore.Load(folder, Accounts), log: _log);
    }

    /// <summary>Length of the log of inputs, bytes.</summary>
    public long LogBytes => _log.Position.Offset;

    /// <summary>Carries out a new order of an account, alice or bob; throws as a request that is refused is answered.</summary>
    public void Place(string account, byte[] body)
    {
        var arguments = RequestArguments.Read("", "application/json", body);
        var call = new RestCall(_venue, arguments, _venue.Identities.First(identity => identity.Account.Name == account));
        var answer = _venue.Loop.RequestAsync(call.Account.Number, _route.Verb, _route.Path, arguments.ToJson(), () => _route.Answer(call), mayBeShed: true);
        // Whoever brings work does it: by now it is done, unless the venue's clock was at it.
        answer.GetAwaiter().GetResult();
    }

    public void Place(string account, string body) => Place(account, Encoding.UTF8.GetBytes(body));

    public async ValueTask DisposeAsync()
    {
        await _venue.Loop.DisposeAsync();
        if (_venue.Snapshots is { } snapshots) await snapshots.Completion;
        _log.Dispose();
    }
}
