using Actors.Venue.Tests.Wire;

namespace Actors.Venue.Tests.Inputs;

public sealed class FullDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("venue-full-disk").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    public async Task What_cannot_be_written_down_is_answered_503_ends_the_venue_and_was_never_taken(int bytesThatFit)
    {
        FilledFile? file = null;
        string kept;
        await using (var venue = await VenueFixture.StartAsync(change: options => options with { DataDirectory = _folder, OpenLog = path => file = new FilledFile(path) }))
        {
            kept = RealtimeClient.Text(await venue.PlaceAsync(venue.Alice, """{"symbol":"XBTUSD","orderQty":100,"price":90000}"""), "orderID")!;
            file!.Left = bytesThatFit;
            var (status, body, _) = await venue.SendAsync(venue.Alice, "POST", "/api/v1/order", """{"symbol":"XBTUSD","orderQty":200,"price":90000}""");
            Assert.Equal(503, status);
            Assert.DoesNotContain(_folder, body.ToString(), StringComparison.Ordinal);
            // Also when there is room again: what the file holds by now is in doubt.
            file.Left = long.MaxValue;
            Assert.Equal(503, (await venue.SendAsync(venue.Alice, "GET", "/api/v1/order")).Status);
            var fault = await Assert.ThrowsAnyAsync<Exception>(() => venue.Server.Completion.WaitAsync(TimeSpan.FromMinutes(1)));
            Assert.Contains("No space left", fault.GetBaseException().Message, StringComparison.Ordinal);
        }

        await using var again = await VenueFixture.StartAsync(change: options => options with { DataDirectory = _folder });
        var order = Assert.Single((await again.GetAsync(again.Alice, "/api/v1/order")).EnumerateArray());
        Assert.Equal(kept, RealtimeClient.Text(order, "orderID"));
    }

    /// <summary>A file on a disk that fills up.</summary>
    private sealed class FilledFile(string path) : FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0)
    {
        private long _left = long.MaxValue;

        public long Left
        {
            set => Interlocked.Exchange(ref _left, value);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            var fits = (int)Math.Min(buffer.Length, Interlocked.Read(ref _left));
            base.Write(buffer[..fits]);
            if (fits < buffer.Length) throw new IOException("No space left on device");
        }
    }
}
