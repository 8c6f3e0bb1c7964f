using System.Globalization;
using Actors.Host.Running;
using Actors.Venue;

namespace Actors.LoadTests.Processes;

/// <summary>
/// The hidden verb <c>actors-load-venue</c>: the venue of <c>actors venue</c> in a process of its own, with limits that a load does not run into.
/// The command has no option for that, and should not have one. Ends when its input ends, so that it never outlives the load.
/// </summary>
internal static class LoadVenue
{
    public const string Verb = "actors-load-venue";
    public const string Ready = "venue ready ";

    /// <summary>What the command has in its runtime settings; here those are this whole program's.</summary>
    public static readonly IReadOnlyDictionary<string, string> Environment = new Dictionary<string, string> { ["DOTNET_GCGen0MaxBudget"] = "0x400000", ["DOTNET_TieredPGO"] = "0" };

    private const int Unlimited = 100_000_000;

    private static readonly VenueRateLimits Wide = new()
    {
        AuthenticatedPerMinute = Unlimited,
        UnauthenticatedPerMinute = Unlimited,
        OrdersPerSecond = Unlimited,
        SocketsPerHour = Unlimited,
    };

    /// <summary>The arguments after the verb: data folder, market, whether limits are wide, frames a slow reader may leave waiting, the listing, which is the shipped one where it is null, and the clock, which is the system's where it is null.</summary>
    public static string[] Arguments(string folder, MarketActivity market, bool wide, int queueFrames, string? listing, string? clock) =>
    [
        Verb, folder, market.ToString(), wide.ToString(), queueFrames.ToString(CultureInfo.InvariantCulture),
        listing ?? Path.Combine(AppContext.BaseDirectory, "config", "venue-instruments.json"), clock ?? "",
    ];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var options = new VenueOptions
        {
            DataDirectory = arguments[1],
            Market = Enum.Parse<MarketActivity>(arguments[2]),
            RateLimits = bool.Parse(arguments[3]) ? Wide : new VenueRateLimits(),
            SocketQueueFrames = int.Parse(arguments[4], CultureInfo.InvariantCulture),
            ListingFile = arguments[5],
            Clock = (TimeProvider?)FastClock.Parse(arguments[6]) ?? TimeProvider.System,
        };
        await using var venue = await VenueServer.StartAsync(options);
        await Console.Out.WriteLineAsync(Ready + venue.Address.GetLeftPart(UriPartial.Authority));
        await Task.WhenAny(venue.Completion, Task.Run(() => Console.In.ReadToEnd()));
        if (venue.Completion.IsFaulted) await Console.Error.WriteLineAsync(venue.Completion.Exception.GetBaseException().Message);
        return venue.Completion.IsFaulted ? 1 : 0;
    }
}
