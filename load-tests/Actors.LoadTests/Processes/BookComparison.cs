using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Actors.LoadTests.Processes;

/// <summary>Holds the books of a running engine against the venue's.</summary>
internal static partial class BookComparison
{
    /// <summary>Best bid and ask of every book as the engine tells them must be the venue's own at the same moment. On a market that moves the two are not asked at
    /// one moment, so each of the engine's lines is compared until one is right in all of it; books that are wrong never are.</summary>
    public static async Task<BoundRow> RightAsync(LoadProcess engine, Uri venue, TimeSpan most)
    {
        const string Bound = "at the end: the best prices of all books are the venue's";
        using var http = new HttpClient { BaseAddress = venue };
        var (clock, compared, last) = (Stopwatch.StartNew(), 0, "the engine told no book");
        for (var seen = engine.Lines.Count; clock.Elapsed < most && !engine.HasEnded; await Task.Delay(5))
        {
            var lines = engine.Lines;
            if (lines.Count == seen) continue;
            var told = lines.Skip(seen).SelectMany(line => TopLine().Matches(line.Line)).ToList();
            seen = lines.Count;
            if (told.Count == 0) continue;
            compared++;
            var wrong = new List<string>();
            foreach (var top in told)
            {
                var (symbol, here) = (top.Groups[1].Value, $"{Number(top.Groups[2].Value)}/{Number(top.Groups[3].Value)}");
                var there = await TopAsync(http, symbol);
                if (here != there) wrong.Add($"{symbol} is {here} here and {there} there");
            }

            if (wrong.Count == 0) return new BoundRow(Bound, $"{told.Count} books, right at look {compared}", true);
            last = string.Join("; ", wrong);
        }

        return new BoundRow(Bound, $"{compared} looks; {last}", false);

        static string Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture).ToString("0.########", CultureInfo.InvariantCulture);
    }

    private static async Task<string> TopAsync(HttpClient http, string symbol)
    {
        using var book = JsonDocument.Parse(await http.GetByteArrayAsync(new Uri($"/api/v1/orderBook/L2?symbol={symbol}&depth=1", UriKind.Relative)));
        var sides = book.RootElement.EnumerateArray().ToDictionary(row => row.GetProperty("side").GetString()!, row => row.GetProperty("price").GetDecimal().ToString("0.########", CultureInfo.InvariantCulture));
        return $"{sides.GetValueOrDefault("Buy")}/{sides.GetValueOrDefault("Sell")}";
    }

    [GeneratedRegex(@"\| ([A-Z0-9]+) ([0-9,.]+)/([0-9,.]+)")]
    private static partial Regex TopLine();
}
