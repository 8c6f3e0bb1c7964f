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

    /// <summary>Null when the venue keeps nothing.</summary>
    public static InputLog? Open(VenueOptions options)
    {
        if (options.DataDirectory is not { } folder) return null;
        var origin = new VenueOrigin(
            options.Clock.GetUtcNow().ToUnixTimeMilliseconds(), options.Seed, options.Market.ToString(), Digest(options.ListingFile), options.PriceFile is { } prices ? Digest(prices) : "", InputLog.Rules);
        return InputLog.Open(folder, origin);
    }

    public static JsonElement Arguments(InstrumentState state) => JsonSerializer.SerializeToElement(new { state = state.ToString() });

    /// <summary>A file that cannot be read has no digest; who reads it says why.</summary>
    private static string Digest(string path) => File.Exists(path) ? Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) : "";

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
