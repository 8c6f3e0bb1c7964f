using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>
/// What a symbol argument may mean: a symbol, a root for its nearest expiry, or a root with a series such as <c>XBT:perpetual</c>. Case
/// does not matter.
/// </summary>
internal static class SymbolQuery
{
    private static readonly string[] Series = ["perpetual", "nearest", "daily", "weekly", "monthly", "quarterly", "biquarterly"];

    /// <summary>The listed instruments meant, the first listed first; empty when there is none.</summary>
    public static IReadOnlyList<ListedInstrument> Resolve(string text, Exchange exchange)
    {
        if (exchange.Find(text) is { } exact) return [exact];
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var root = colon < 0 ? text : text[..colon];
        var series = colon < 0 ? "nearest" : Array.Find(Series, name => string.Equals(name, text[(colon + 1)..], StringComparison.OrdinalIgnoreCase));
        var listed = exchange.Instruments.Where(instrument => string.Equals(instrument.Listing.RootSymbol, root, StringComparison.OrdinalIgnoreCase)).ToList();
        if (series == "perpetual") return listed.FindAll(instrument => instrument.Definition.IsPerpetual);
        var dated = listed.Where(instrument => instrument.Definition.Expiry is not null).OrderBy(instrument => instrument.Definition.Expiry).ToList();
        if (series == "nearest") return dated.Count > 0 ? dated[..1] : colon < 0 ? listed : [];
        return dated.FindAll(instrument => series == SeriesOf(instrument));
    }

    /// <summary>The first instrument meant; null when there is none.</summary>
    public static ListedInstrument? One(string text, Exchange exchange) => Resolve(text, exchange) is [var first, ..] ? first : null;

    /// <summary>The series an instrument is listed in, as <c>XBT:quarterly</c>.</summary>
    public static string Interval(ListedInstrument instrument) => $"{instrument.Listing.RootSymbol}:{SeriesOf(instrument)}";

    /// <summary>By how long before its expiry the contract was listed: the listing itself does not name a series.</summary>
    private static string SeriesOf(ListedInstrument instrument)
    {
        if (instrument.Definition.Expiry is not { } expiry) return "perpetual";
        return (expiry - instrument.Listing.Listed).TotalDays switch
        {
            <= 2 => "daily",
            <= 15 => "weekly",
            <= 45 => "monthly",
            <= 190 => "quarterly",
            _ => "biquarterly",
        };
    }
}
