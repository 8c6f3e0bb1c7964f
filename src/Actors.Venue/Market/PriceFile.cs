using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Actors.Venue.Listing;
using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>A moment of a recorded index: quote units, counted from the first moment of the file.</summary>
internal readonly record struct RecordedPrice(TimeSpan After, string IndexSymbol, decimal Price);

/// <summary>
/// Recorded index prices: comma-separated rows of <c>timestamp,indexSymbol,price</c> below a header of these words, times in UTC
/// (<c>2026-01-31T12:00:00.5Z</c>) that never go back.
/// </summary>
internal sealed class PriceFile
{
    private const string Header = "timestamp,indexSymbol,price";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    private PriceFile(string path, string contentHash, IReadOnlyList<RecordedPrice> rows) => (Path, ContentHash, Rows) = (path, contentHash, rows);

    public string Path { get; }

    /// <summary>SHA-256 of the file's bytes in hexadecimal: a run is only repeated with the same one.</summary>
    public string ContentHash { get; }

    /// <summary>At least one, oldest first.</summary>
    public IReadOnlyList<RecordedPrice> Rows { get; }

    /// <summary>Throws <see cref="VenueStartException"/> with one line, file, line and expectation, when it cannot be used for a listing.</summary>
    public static PriceFile Read(string path, VenueListing listing)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return new PriceFile(path, Convert.ToHexStringLower(SHA256.HashData(bytes)), Parse(path, Encoding.UTF8.GetString(bytes), listing));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new VenueStartException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    private static List<RecordedPrice> Parse(string path, string text, VenueListing listing)
    {
        var most = listing.Instruments.GroupBy(row => row.IndexSymbol, StringComparer.Ordinal)
            .ToDictionary(rows => rows.Key, rows => rows.Min(row => row.MaxPrice), StringComparer.Ordinal);
        var lines = text.TrimStart('\uFEFF').Split('\n');
        var rows = new List<RecordedPrice>(lines.Length);
        DateTimeOffset? first = null;
        for (var number = 1; number <= lines.Length; number++)
        {
            var line = lines[number - 1].TrimEnd('\r');
            if (number == 1 ? line == Header : line.Length == 0 && number == lines.Length) continue;
            if (number == 1) throw Expected($"the header {Header}");
            var cells = line.Split(',');
            if (cells.Length != 3) throw Expected("three cells: timestamp,indexSymbol,price");
            if (!DateTimeOffset.TryParseExact(cells[0], TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                throw Expected("a timestamp like 2026-01-31T12:00:00.5Z");
            if (!most.TryGetValue(cells[1], out var max)) throw Expected($"an index symbol of the listing, one of {string.Join(", ", most.Keys)}");
            if (!decimal.TryParse(cells[2], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price) || price <= 0 || price >= max)
                throw Expected(string.Create(CultureInfo.InvariantCulture, $"a price above 0 and below {max}"));
            first ??= time;
            if (rows.Count > 0 && time - first.Value < rows[^1].After) throw Expected("a timestamp not before the one above");
            rows.Add(new RecordedPrice(time - first.Value, cells[1], price));

            VenueStartException Expected(string what) => new($"{path}:{number}: expected {what}");
        }

        return rows.Count > 0 ? rows : throw new VenueStartException($"{path}: expected at least one row below the header");
    }
}

/// <summary>
/// Replays recorded prices from the file's first moment at the venue's start. An index has its first price before its first row, and holds its
/// last one after the file's end; what the file does not name goes its own way.
/// </summary>
internal sealed class RecordedIndex(PriceFile file, IIndexSource others, DateTimeOffset start, Action ended) : IIndexSource
{
    private readonly Dictionary<string, decimal> _prices = file.Rows.DistinctBy(row => row.IndexSymbol).ToDictionary(row => row.IndexSymbol, row => row.Price, StringComparer.Ordinal);
    private int _next;

    public void MoveTo(DateTimeOffset now)
    {
        others.MoveTo(now);
        if (_next == file.Rows.Count) return;
        while (_next < file.Rows.Count && file.Rows[_next].After <= now - start)
        {
            _prices[file.Rows[_next].IndexSymbol] = file.Rows[_next].Price;
            _next++;
        }

        if (_next == file.Rows.Count) ended();
    }

    public void Pass(StateStream state)
    {
        others.Pass(state);
        _next = state.Pass(_next);
        foreach (var symbol in _prices.Keys.Order(StringComparer.Ordinal).ToList()) _prices[symbol] = state.Pass(_prices[symbol]);
    }

    public decimal Price(ListedInstrument instrument) => _prices.TryGetValue(instrument.Listing.IndexSymbol, out var price)
        ? decimal.Round(price, instrument.Listing.IndexDecimals, MidpointRounding.AwayFromZero)
        : others.Price(instrument);
}
