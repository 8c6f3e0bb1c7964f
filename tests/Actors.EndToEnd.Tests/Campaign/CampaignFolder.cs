using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests.Campaign;

/// <summary>
/// The folders of one venue and one engine, and a configuration: close to the market, under which the engine trades about as fast as the venue lets it, or far from it,
/// so that its orders rest.
/// </summary>
internal sealed class CampaignFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CampaignFolder(string cancelAfter = "15s", bool rests = false)
    {
        var (step, spread) = rests ? (100, 100) : (2, 2);
        Directory.CreateDirectory(Config);
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "config"), "*.json")) File.Copy(file, Path.Combine(Config, Path.GetFileName(file)));
        _folder.Write("config/engine.json", $$"""{ "accountWideCancelAfter": "{{cancelAfter}}", "reconcileInterval": "10s", "logLevel": "information" }""");
        _folder.Write("config/strategies.json", $$"""
            {
              "strategies": [
                { "id": "grid1", "kind": "grid", "symbol": "XBTUSD", "levels": 3, "stepTicks": {{step}}, "quantity": 100, "positionMax": 2000 },
                { "id": "quote1", "kind": "quoting", "symbol": "ETHUSDT", "quantity": 10000, "halfSpreadTicks": {{spread}}, "requoteTicks": 1, "skewTicks": 2, "positionMax": 200000 },
                { "id": "quote2", "kind": "quoting", "symbol": "XBTUSD", "quantity": 100, "halfSpreadTicks": {{spread}}, "requoteTicks": 1, "skewTicks": 2, "positionMax": 2000 }
              ]
            }
            """);
        _folder.Write("config/risk.json", """
            {
              "ordersPerSecondMax": 10,
              "instruments": [
                { "symbol": "XBTUSD", "orderQuantityMax": 1000, "positionMax": 6000, "openOrdersMax": 30, "priceDistanceMax": 0.05 },
                { "symbol": "ETHUSDT", "orderQuantityMax": 50000, "positionMax": 600000, "openOrdersMax": 10, "priceDistanceMax": 0.05 }
              ]
            }
            """);
    }

    public string Engine => _folder.File("engine");

    public string Venue => _folder.File("venue");

    public string KeyFile => _folder.File("venue/keys/alice.json");

    public string Config => _folder.File("config");

    /// <summary>Starts a venue and waits until it answers. It grants ten times the usual requests, so that the pace is the engine's.</summary>
    public async Task<(ActorsProcess Process, Uri Address)> StartVenueAsync(int port = 0, int seed = 1)
    {
        var venue = ActorsProcess.Start("venue", "--port", $"{port}", "--data", Venue, "--market", "busy", "--seed", $"{seed}", "--requests-per-minute", "1200");
        return (venue, new Uri(await VenueTests.AddressAsync(venue)));
    }

    public ActorsProcess StartEngine(Uri venue) =>
        ActorsProcess.Start("run", "--venue", venue.GetLeftPart(UriPartial.Authority), "--keys", KeyFile, "--data", Engine, "--config", Config);

    public void Dispose() => _folder.Dispose();
}
