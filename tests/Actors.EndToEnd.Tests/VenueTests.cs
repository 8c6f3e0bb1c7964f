using System.Globalization;
using System.Net;
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

    /// <summary>Waits for the ready line; where the venue is.</summary>
    internal static async Task<string> AddressAsync(ActorsProcess venue) =>
        (await venue.LineAsync(line => line.StartsWith(Ready, StringComparison.Ordinal), "the ready line"))[Ready.Length..];
}
