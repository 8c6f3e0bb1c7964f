using System.Text.Json;

namespace Actors.Venue.Tests.Wire;

public sealed class WalletRoutesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("venue-wallets").FullName;

    public WalletRoutesTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "keys"));
        File.WriteAllText(Path.Combine(_folder, "keys", "alice.json"), """{"name":"alice","id":"key-of-alice","secret":"s3cret","permissions":["order","withdraw"],"cidrs":[]}""");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Money_moves_by_rest_is_told_on_the_socket_and_is_where_it_was_after_a_restart()
    {
        string before, pending;
        await using (var venue = await StartAsync())
        {
            await using var client = await venue.ConnectAsync(venue.Alice);
            await client.SubscribeAsync("transact", "wallet", "margin");
            await client.UntilTableAsync("transact", "wallet", "margin");
            var paired = await venue.GetAsync(venue.Alice, "/api/v1/user/getWalletTransferAccounts");
            var bob = Assert.Single(paired.EnumerateArray()).GetProperty("accountId").GetInt64();
            await PostAsync(venue, "walletTransfer", $$"""{"currency":"XBt","amount":1000,"targetAccountId":{{bob}}}""");
            var gone = await PostAsync(venue, "requestWithdrawal", """{"currency":"USDt","amount":2000,"fee":5,"address":"somewhere"}""");
            await PostAsync(venue, "confirmWithdrawal", $$"""{"token":"{{gone}}"}""");
            var back = await PostAsync(venue, "requestWithdrawal", """{"currency":"XBt","amount":3000,"address":"somewhere"}""");
            await PostAsync(venue, "cancelWithdrawal", $$"""{"token":"{{back}}"}""");
            pending = await PostAsync(venue, "requestWithdrawal", """{"currency":"XBt","amount":4000,"address":"somewhere"}""");
            before = await RowsAsync(venue);
            await client.UntilAsync(() => client.Rows("transact").Count == 4 && client.Rows("wallet").Exists(row => row.Contains("pendingDebit=4000", StringComparison.Ordinal)), "told");
            Assert.Contains(client.Rows("wallet"), row => row.Contains("withdrawn=2005", StringComparison.Ordinal));
            Assert.Contains("transactStatus=\"Canceled\"", string.Join('\n', client.Rows("transact")), StringComparison.Ordinal);
            Assert.Empty(client.Faults);
        }

        await using var again = await StartAsync();
        Assert.Equal(before, await RowsAsync(again));
        var canceled = await again.SendAsync(again.Alice, "DELETE", $"/api/v1/user/withdrawal?transactID={pending}");
        Assert.Equal((200, "Canceled"), (canceled.Status, RealtimeClient.Text(canceled.Body, "transactStatus")));
    }

    [Theory]
    [InlineData("walletTransfer", """{"currency":"XBt","amount":1}""", 400)]
    [InlineData("walletTransfer", """{"currency":"XBt","amount":1,"targetAccountId":1}""", 400)]
    [InlineData("walletTransfer", """{"currency":"DOGE","amount":1,"targetAccountId":200002}""", 400)]
    [InlineData("walletTransfer", """{"currency":"XBt","amount":9000000000000000,"targetAccountId":200002}""", 400)]
    [InlineData("requestWithdrawal", """{"currency":"XBt","amount":1}""", 400)]
    [InlineData("requestWithdrawal", """{"amount":1,"address":"x"}""", 400)]
    [InlineData("requestWithdrawal", """{"currency":"all","amount":1,"address":"x"}""", 400)]
    [InlineData("requestWithdrawal", """{"currency":"XBt","amount":1,"addressId":7}""", 400)]
    [InlineData("confirmWithdrawal", "{}", 400)]
    [InlineData("confirmWithdrawal", """{"token":"nothing"}""", 404)]
    public async Task What_cannot_be_moved_is_refused_in_words(string route, string body, int status)
    {
        await using var venue = await StartAsync();
        var before = await RowsAsync(venue);
        Assert.Equal(status, (await venue.SendAsync(venue.Alice, "POST", "/api/v1/user/" + route, body)).Status);
        // The other demo key may not move money.
        Assert.Equal(403, (await venue.SendAsync(venue.Bob, "POST", "/api/v1/user/" + route, body)).Status);
        Assert.Equal(before, await RowsAsync(venue));
    }

    private Task<VenueFixture> StartAsync() => VenueFixture.StartAsync(change: options => options with { DataDirectory = _folder });

    private static async Task<string> PostAsync(VenueFixture venue, string route, string body)
    {
        var (status, answer, _) = await venue.SendAsync(venue.Alice, "POST", "/api/v1/user/" + route, body);
        Assert.True(status == 200, $"{route}: {status} {answer}");
        return RealtimeClient.Text(answer, "transactID")!;
    }

    private static async Task<string> RowsAsync(VenueFixture venue)
    {
        var rows = new List<JsonElement>();
        foreach (var key in new[] { venue.Alice, venue.Bob })
        {
            rows.Add(await venue.GetAsync(key, "/api/v1/user/wallet?currency=all"));
            rows.Add(await venue.GetAsync(key, "/api/v1/user/walletHistory?currency=all"));
            rows.Add(await venue.GetAsync(key, "/api/v1/user/walletSummary?currency=all"));
        }

        return string.Join('\n', rows);
    }
}
