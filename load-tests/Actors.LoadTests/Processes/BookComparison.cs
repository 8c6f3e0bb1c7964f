using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Actors.LoadTests.Processes;

/// <summary>Holds the books of a running engine against the venue's.</summary>
internal static partial class BookComparison
{
    /// <summary>Best bid and ask of every book as the engine tells them must be the venue's own at the same moment. On a market that moves the two are not asked at
    /// one moment, so each book is compared until it was right once; one that is wrong never is.</summary>
    public static async Task<BoundRow> RightAsync(LoadProcess engine, Uri venue, TimeSpan most)
    {
        const string Bound = "at the end: the best prices of all books are the venue's";
        using var http = new HttpClient { BaseAddress = venue };
        var (clock, compared, right, last) = (Stopwatch.StartNew(), 0, new HashSet<string>(), new Dictionary<string, string>());
        for (var seen = engine.Lines.Count; clock.Elapsed < most && !engine.HasEnded; await Task.Delay(5))
        {
            var lines = engine.Lines;
            if (lines.Count == seen) continue;
            var told = lines.Skip(seen).SelectMany(line => TopLine().Matches(line.Line)).ToList();
            seen = lines.Count;
            if (told.Count == 0) continue;
            compared++;
            foreach (var top in told)
            {
                var (symbol, here) = (top.Groups[1].Value, $"{Number(top.Groups[2].Value)}/{Number(top.Groups[3].Value)}");
                if (right.Contains(symbol)) continue;
                var there = await TopAsync(http, symbol);
                if (here == there) right.Add(symbol);
                last[symbol] = $"{symbol} is {here} here and {there} there";
            }

            if (last.Count > 0 && last.Keys.All(right.Contains)) return new BoundRow(Bound, $"{right.Count} books, the last right at look {compared}", true);
        }

        var wrong = last.Where(one => !right.Contains(one.Key)).Select(one => one.Value).DefaultIfEmpty("the engine told no book");
        return new BoundRow(Bound, $"{compared} looks; {string.Join("; ", wrong)}", false);

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
