using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Venue.Listing;

/// <summary>
/// What the venue lists: its settlement currencies and its instruments. Owned by a file in <c>config/</c>, read once at start.
/// </summary>
internal sealed record VenueListing(IReadOnlyList<ListedCurrency> Currencies, IReadOnlyList<InstrumentListing> Instruments);

/// <summary>
/// A settlement currency: minor units per asset unit are 10^scale; deposits are what accounts start with, in minor units.
/// </summary>
internal sealed record ListedCurrency
{
    public required string Code { get; init; }

    public required string Asset { get; init; }

    public required int Scale { get; init; }

    public required long DemoDeposit { get; init; }

    public required long TraderDeposit { get; init; }

    /// <summary>What the insurance fund starts with, in minor units.</summary>
    public long InsuranceFund { get; init; }
}

/// <summary>A listing file that cannot be used. The message is one line: file, row and what was expected.</summary>
public sealed class ListingException : Exception
{
    public ListingException(string message)
        : base(message)
    {
    }

    public ListingException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public ListingException()
    {
    }
}

/// <summary>Reads and checks a listing. Unknown keys are refused: a misspelt key must not become a silent default.</summary>
internal static class ListingFile
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    /// <summary>
    /// The listing as it is seen from the venue's first start, by which its dated contracts get their expiry. Throws <see
    /// cref="ListingException"/> with one line when the file is missing or wrong.
    /// </summary>
    public static VenueListing Read(string path, DateTimeOffset start)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var document = JsonSerializer.Deserialize<Document>(stream, Strict)
                ?? throw new ListingException($"{path}: expected an object with currencies and instruments");
            return Check(path, document, start);
        }
        catch (JsonException exception)
        {
            throw new ListingException($"{path}: {Describe(exception)}", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ListingException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    private static VenueListing Check(string path, Document document, DateTimeOffset start)
    {
        var currencies = document.Currencies.Select(currency => currency.Code).ToHashSet(StringComparer.Ordinal);
        if (currencies.Count != document.Currencies.Count) throw new ListingException($"{path}: currencies: expected each code once");
        for (var row = 0; row < document.Currencies.Count; row++)
        {
            var currency = document.Currencies[row];
            if (Fault(currency) is { } fault) throw new ListingException($"{path}: currencies[{row}] ({currency.Code}): {fault}");
        }

        if (document.Instruments.Count == 0) throw new ListingException($"{path}: instruments: expected at least one row");
        var symbols = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var dated = new List<InstrumentListing>();
        for (var row = 0; row < document.Instruments.Count; row++)
        {
            var instrument = ExpiryCalendar.Date(document.Instruments[row], start, out var fault);
            fault ??= symbols.Add(instrument.Symbol) ? RowCheck.Fault(instrument, currencies, start) : "symbol: expected each symbol once";
            fault ??= RowCheck.FaultAmong(instrument, document.Instruments);
            if (fault is not null) throw new ListingException($"{path}: instruments[{row}] ({instrument.Symbol}): {fault}");
            dated.Add(instrument);
        }

        return new VenueListing(document.Currencies, dated);
    }

    private static string? Fault(ListedCurrency currency)
    {
        if (currency.Code.Length == 0) return "code: expected a name";
        if (currency.Scale is < 0 or > 18) return "scale: expected 0 to 18";
        if (currency.DemoDeposit < 0 || currency.TraderDeposit < 0) return "demoDeposit, traderDeposit: expected whole numbers that are not negative";
        return currency.InsuranceFund < 0 ? "insuranceFund: expected a whole number that is not negative" : null;
    }

    private static string Describe(JsonException exception)
    {
        var where = string.IsNullOrEmpty(exception.Path) ? "line " + (exception.LineNumber + 1) : exception.Path.Replace("$.", "", StringComparison.Ordinal);
        var message = exception.Message.Split(" Path:")[0].Split(" The type")[0];
        if (message.Contains("could not be mapped", StringComparison.Ordinal))
            return $"{where}: unknown key; expected only the documented ones";
        var missing = message.IndexOf("including:", StringComparison.Ordinal);
        if (missing >= 0) return $"{where}: expected the missing {message[(missing + "including:".Length)..].Trim().TrimEnd('.')}";
        var wanted = message.IndexOf("converted to ", StringComparison.Ordinal);
        return wanted < 0 ? $"{where}: {message}" : $"{where}: expected a value of type {message[(wanted + "converted to ".Length)..].Split('.')[^2]}";
    }

    private sealed record Document
    {
        public required List<ListedCurrency> Currencies { get; init; }

        public required List<InstrumentListing> Instruments { get; init; }
    }
}
