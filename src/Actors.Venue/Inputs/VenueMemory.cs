using System.Security.Cryptography;
using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Venue.Wire;

namespace Actors.Venue.Inputs;

/// <summary>Opens a venue's log, and carries its requests out again by the same routes that took them the first time.</summary>
internal static class VenueMemory
{
    /// <summary>The verb under which a change of an instrument's state is written down; its path is the symbol.</summary>
    public const string StateVerb = "STATE";

    /// <summary>The verb under which other background traders are written down; its path is their market.</summary>
    public const string MarketVerb = "MARKET";

    /// <summary>Null when the venue keeps nothing.</summary>
    public static InputLog? Open(VenueOptions options)
    {
        if (options.DataDirectory is not { } folder) return null;
        return options.OpenLog is { } open ? InputLog.Open(folder, Origin(options), open) : InputLog.Open(folder, Origin(options));
    }

    /// <summary>What a venue with these options would begin from.</summary>
    public static VenueOrigin Origin(VenueOptions options) => new(
        options.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
        options.Seed,
        options.Market,
        Digest(options.ListingFile),
        Digest(options.PriceFile) + Digest(options.FlowFile),
        InputLog.Rules);

    /// <summary>Brings other traders in when the venue is started with another market than it ran with last.</summary>
    public static void Adjust(InputRecorder inputs, VenueContext venue, VenueOrigin origin)
    {
        var (market, seed) = inputs.LastMarket ?? (origin.Market, origin.Seed);
        var options = venue.Options;
        if (market == options.Market && seed == options.Seed) return;
        inputs.Advance(options.Clock.GetUtcNow());
        inputs.Record(0, MarketVerb, options.Market.ToString(), JsonSerializer.SerializeToElement(new { seed = options.Seed }));
        Change(venue, options.Market, options.Seed);
    }

    public static JsonElement Arguments(InstrumentState state) => JsonSerializer.SerializeToElement(new { state = state.ToString() });

    private static void Change(VenueContext venue, MarketActivity market, long seed)
    {
        // A recorded session has no traders to send home; its log is refused with any other market.
        if (venue.Exchange.Market is { } traders) venue.Exchange.Market = traders.ChangeTo(market, seed);
    }

    /// <summary>A file that cannot be read has no digest; who reads it says why.</summary>
    private static string Digest(string? path) => File.Exists(path) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) : "";

    /// <summary>Carries a request out as it was the first time; a refusal is the same refusal, and nobody waits for it.</summary>
    public static void CarryOut(VenueContext venue, VenueInput.Requested requested)
    {
        try
        {
            if (requested.Method == StateVerb)
            {
                var state = Enum.Parse<InstrumentState>(requested.Arguments.GetProperty("state").GetString()!);
                venue.Exchange.Orders.SetState(venue.Exchange.Find(requested.Path)!, state);
                return;
            }

            if (requested.Method == MarketVerb)
            {
                Change(venue, Enum.Parse<MarketActivity>(requested.Path), requested.Arguments.GetProperty("seed").GetInt64());
                return;
            }

            var route = RestRoutes.Find(requested.Method, RestRoutes.First + requested.Path)
                ?? throw new VenueStartException($"{InputLog.FileName}: this venue has no route {requested.Method} {requested.Path}");
            var identity = venue.Identities.FirstOrDefault(identity => identity.Account.Number == requested.Account);
            if (identity is null && route.Is(RouteTraits.Private))
                throw new VenueStartException($"{InputLog.FileName}: account {requested.Account} has no key any more; put its key back, or move the log away to begin anew");
            route.Answer(new RestCall(venue, RequestArguments.From(requested.Arguments), identity));
        }
        catch (RequestException)
        {
            // Written down before it was judged: it changed nothing then and changes nothing now.
        }
    }
}
