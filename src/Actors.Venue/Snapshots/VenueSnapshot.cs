using System.Text.Json;
using System.Text.Json.Serialization;
using Actors.Venue.Inputs;

namespace Actors.Venue.Snapshots;

/// <summary>What a snapshot says of itself.</summary>
/// <param name="Origin">Of the exchange whose state it is.</param>
/// <param name="Position">Up to where the log has been carried out in it.</param>
/// <param name="Until">The moment up to which time may pass by the log so far, milliseconds since 1970.</param>
/// <param name="Market">The background traders that the log brought in last; null for those of the beginning.</param>
/// <param name="Seed">Of those traders.</param>
/// <param name="Digest">Of all accounts (<see cref="StateDigest"/>).</param>
internal sealed record SnapshotHead(VenueOrigin Origin, LogPosition Position, long Until, MarketActivity? Market, long Seed, string Digest)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() }, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    /// <summary>Throws <see cref="InvalidDataException"/> when it is none.</summary>
    public static SnapshotHead Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<SnapshotHead>(json, Format) ?? throw new InvalidDataException("its head is empty");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException("its head cannot be read", wrong);
        }
    }
}

/// <summary>The state of a venue at a place of its log, as bytes that only a venue of the same version reads.</summary>
internal sealed record VenueSnapshot(SnapshotHead Head, ReadOnlyMemory<byte> Body, string Path)
{
    /// <summary>Brings a new venue, composed and not started, to this state. Throws <see cref="VenueStartException"/> when it does not fit.</summary>
    public void Restore(VenueState venue)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(Body.ToArray(), writable: false));
            venue.Pass(new StateStream(reader, venue.Exchange));
            if (StateDigest.Of(venue.Exchange) != Head.Digest) throw new InvalidDataException("its accounts come out different from what they were");
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or FormatException or ArgumentException or InvalidOperationException or OverflowException)
        {
            throw new VenueStartException($"{Path}: {problem.Message}; delete the file to have the log carried out instead", problem);
        }
    }
}
