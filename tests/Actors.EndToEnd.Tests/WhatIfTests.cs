using System.Globalization;
using System.Text;
using System.Text.Json;
using Actors.Bitmex;
using Actors.EndToEnd.Tests.Support;

namespace Actors.EndToEnd.Tests;

/// <summary>What would be, as the real executable tells it, beside what the real venue then makes of it.</summary>
public class WhatIfTests
{
    [Fact]
    public async Task The_account_is_told_as_the_venue_has_it_and_what_was_foretold_comes_true()
    {
        using var folder = new TemporaryFolder();
        await using var process = ActorsProcess.Start("venue", "--port", "0", "--data", folder.Path, "--market", "none");
        var address = await VenueTests.AddressAsync(process);
        var alice = folder.File("keys/alice.json");
        using var venue = new HttpClient { BaseAddress = new Uri(address) };
        var price = decimal.Round((await AskAsync(venue, alice, "GET", "/api/v1/instrument?symbol=XBTUSD"))[0].GetProperty("markPrice").GetDecimal(), 0);
        await AskAsync(venue, alice, "POST", "/api/v1/position/leverage", """{"symbol":"XBTUSD","leverage":10}""");
        await AskAsync(venue, alice, "POST", "/api/v1/order", Limit("Buy", 10_000, price));
        await AskAsync(venue, folder.File("keys/bob.json"), "POST", "/api/v1/order", Limit("Sell", 10_000, price));
        await AskAsync(venue, alice, "POST", "/api/v1/order", Limit("Buy", 2_000, price - 1_000));
        var before = await AskAsync(venue, alice, "POST", "/api/v1/position/transferMargin", """{"symbol":"XBTUSD","amount":123457}""");

        var order = string.Create(CultureInfo.InvariantCulture, $"XBTUSD:sell:15000@{price + 1_000}");
        var (exitCode, output, error) = await ActorsProcess.RunAsync("what-if", "--venue", address, "--keys", alice, "--leverage", "XBTUSD=7", "--order", order, "--transfer", "XBTUSD=-3456");
        Assert.True(exitCode == 0, string.Join('\n', [.. output, .. error]));
        Assert.Empty(error);
        Assert.DoesNotContain(output, line => line.Contains("is liquidated at", StringComparison.Ordinal)); // no difference to the venue's own
        Assert.Equal("Nothing was changed at the venue: the account was only read.", output[^1]);
        Same(before, (await AskAsync(venue, alice, "GET", "/api/v1/position"))[0]);

        await AskAsync(venue, alice, "POST", "/api/v1/position/leverage", """{"symbol":"XBTUSD","leverage":7}""");
        await AskAsync(venue, alice, "POST", "/api/v1/order", Limit("Sell", 15_000, price + 1_000));
        var after = await AskAsync(venue, alice, "POST", "/api/v1/position/transferMargin", """{"symbol":"XBTUSD","amount":-3456}""");
        Assert.NotEqual(before.GetProperty("liquidationPrice").GetDecimal(), after.GetProperty("liquidationPrice").GetDecimal());
        Assert.Equal(Row(price => price.ToString("N1", CultureInfo.InvariantCulture), "liquidationPrice"), Told("liquidation price"));
        Assert.Equal(Row(Satoshi, "posMaint"), Told("maintenance margin"));
        Assert.Equal(Row(Satoshi, "initMargin"), Told("order margin"));

        var fallen = await ActorsProcess.RunAsync("what-if", "--venue", address, "--keys", alice, "--mark", string.Create(CultureInfo.InvariantCulture, $"XBTUSD={price / 2}"));
        Assert.Equal(1, fallen.ExitCode);
        Assert.Contains("  XBTUSD would be liquidated", fallen.Output);
        await process.KillAsync();
        var dead = await ActorsProcess.RunAsync("what-if", "--venue", address, "--keys", alice);
        Assert.Equal(2, dead.ExitCode);
        Assert.StartsWith("actors: the account cannot be read: ", Assert.Single(dead.Error), StringComparison.Ordinal);

        (string, string) Told(string figure)
        {
            var words = Assert.Single(output, line => line.StartsWith("  " + figure, StringComparison.Ordinal))[(2 + figure.Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return (words[0], words[2]);
        }

        (string, string) Row(Func<decimal, string> text, string field)
        {
            Assert.NotEqual(JsonValueKind.Null, after.GetProperty(field).ValueKind);
            return (text(before.GetProperty(field).GetDecimal()), text(after.GetProperty(field).GetDecimal()));
        }
    }

    private static string Satoshi(decimal minorUnits) => (minorUnits / 100_000_000m).ToString("N8", CultureInfo.InvariantCulture);

    /// <summary>What the owner decides of a position, and its price, does not move with the mark.</summary>
    private static void Same(JsonElement before, JsonElement after)
    {
        foreach (var field in new[] { "leverage", "posCross", "openOrderBuyQty", "openOrderSellQty", "currentQty", "liquidationPrice" })
            Assert.Equal(before.GetProperty(field).GetRawText(), after.GetProperty(field).GetRawText());
    }

    private static string Limit(string side, long contracts, decimal price) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"symbol":"XBTUSD","side":"{{side}}","orderQty":{{contracts}},"price":{{price}}}""");

    /// <summary>A signed request, which must succeed.</summary>
    private static async Task<JsonElement> AskAsync(HttpClient venue, string keyFile, string verb, string path, string body = "")
    {
        using var key = ApiKeyFile.Read(keyFile);
        var expires = DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        request.Headers.Add("api-key", key.Id);
        request.Headers.Add("api-expires", expires.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("api-signature", Signer.Sign(key.Secret.Span, verb, path, expires, Encoding.UTF8.GetBytes(body)));
        if (body.Length > 0) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await venue.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{verb} {path} {body}: {answer}");
        return JsonDocument.Parse(answer).RootElement;
    }
}
