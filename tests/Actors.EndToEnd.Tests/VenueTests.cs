using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Actors.Bitmex;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

public class VenueTests
{
    private const string Ready = "venue ready ";

    [Fact]
    public async Task The_venue_tells_where_it_is_keeps_its_keys_to_itself_and_ends_when_told()
    {
        using var folder = new TemporaryFolder();
        await using var venue = ActorsProcess.Start("venue", "--port", "0", "--data", folder.Path);
        var address = await AddressAsync(venue);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"{address}/api/v1/instrument?symbol=XBTUSD"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        foreach (var name in new[] { "alice", "bob" })
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File($"keys/{name}.json")));
        }

        venue.SendTerminate();
        Assert.Equal(0, await venue.ExitAsync());
        Assert.Equal([Ready + address], venue.Output);
    }

    [Fact]
    public async Task A_second_venue_in_the_same_folder_is_told_who_has_it()
    {
        using var folder = new TemporaryFolder();
        await using var venue = ActorsProcess.Start("venue", "--port", "0", "--data", folder.Path);
        await AddressAsync(venue);
        var (exitCode, _, error) = await ActorsProcess.RunAsync("venue", "--port", "0", "--data", folder.Path);
        Assert.Equal(2, exitCode);
        Assert.Contains($"in use by process {venue.Id.ToString(CultureInfo.InvariantCulture)};", Assert.Single(error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_venue_that_restarts_or_is_killed_has_the_same_orders_afterwards()
    {
        using var folder = new TemporaryFolder();
        string[] line = ["venue", "--port", "0", "--data", folder.Path];
        string placed;
        await using (var venue = ActorsProcess.Start(line))
        {
            var address = await AddressAsync(venue);
            placed = await SendAsync(address, folder, HttpMethod.Post, "/api/v1/order", """{"symbol":"XBTUSD","side":"Buy","orderQty":100,"price":100}""");
            await SendAsync(address, folder, HttpMethod.Post, "/admin/faults", """{"kind":"restart"}""");
            await venue.CountAsync(2, text => text == Ready + address, "the ready line of the restarted venue");
            Assert.Equal([Order(placed)], Orders(await SendAsync(address, folder, HttpMethod.Get, "/api/v1/order")));
            await venue.KillAsync();
        }

        await using var again = ActorsProcess.Start(line);
        Assert.Equal([Order(placed)], Orders(await SendAsync(await AddressAsync(again), folder, HttpMethod.Get, "/api/v1/order")));
    }

    private static string Order(string json) => Identify(JsonDocument.Parse(json).RootElement);

    private static IEnumerable<string> Orders(string json) => JsonDocument.Parse(json).RootElement.EnumerateArray().Select(Identify);

    private static string Identify(JsonElement order) => $"{order.GetProperty("orderID").GetString()} {order.GetProperty("ordStatus").GetString()} {order.GetProperty("leavesQty").GetInt64()}";

    /// <summary>A request of alice's; the body of the answer, which must be a success.</summary>
    private static async Task<string> SendAsync(string address, TemporaryFolder folder, HttpMethod method, string path, string body = "")
    {
        using var key = ApiKeyFile.Read(folder.File("keys/alice.json"));
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using var request = new HttpRequestMessage(method, path);
        if (body.Length > 0) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        var expires = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 30;
        request.Headers.Add("api-key", key.Id);
        request.Headers.Add("api-expires", expires.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("api-signature", Signer.Sign(key.Secret.Span, method.Method, path, expires, Encoding.UTF8.GetBytes(body)));
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode} {text}");
        return text;
    }

    /// <summary>Waits for the ready line; where the venue is.</summary>
    internal static async Task<string> AddressAsync(ActorsProcess venue) =>
        (await venue.LineAsync(line => line.StartsWith(Ready, StringComparison.Ordinal), "the ready line"))[Ready.Length..];
}
