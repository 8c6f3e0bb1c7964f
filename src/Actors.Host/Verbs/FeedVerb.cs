using System.Globalization;
using System.Text.Json;
using Actors.Bitmex.Recordings;
using Actors.Host.CommandLine;
using Actors.Host.View;

namespace Actors.Host.Verbs;

/// <summary><c>actors feed</c>: plays recordings through the parser and the books and prints what came out.</summary>
internal sealed class FeedVerb(TextWriter output, TextWriter error)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>Every file is played; exit code 1 when a part of one could not be decoded.</summary>
    public Task<int> ExecuteAsync(FeedOptions options)
    {
        var undecodable = false;
        foreach (var file in options.Files)
        {
            var report = Play(file);
            if (options.Json) WriteJson(report);
            else WriteTable(report);
            if (report.Undecodable == 0) continue;
            undecodable = true;
            error.WriteLine($"actors: {file}: {Words.Count(report.Undecodable, "row")} could not be decoded, the first: {Words.Printable(report.FirstUndecodable ?? "–")}");
        }

        return Task.FromResult(undecodable ? ExitCode.Problem : ExitCode.Success);
    }

    private static FeedReport Play(string file)
    {
        try
        {
            var report = FeedReport.Play(file);
            return report.Frames > 0 || report.Instruments > 0 ? report : throw new UsageException($"{file}: holds no frame of a recorded session");
        }
        catch (RecordingException problem)
        {
            throw new UsageException(Words.Printable(problem.Message));
        }
    }

    private void WriteJson(FeedReport report)
    {
        foreach (var symbol in report.Symbols) output.WriteLine(JsonSerializer.Serialize(JsonLine.From(symbol), Json));
    }

    private void WriteTable(FeedReport report)
    {
        var seconds = ((decimal)report.Elapsed.Ticks / TimeSpan.TicksPerSecond).ToString("0.000", CultureInfo.InvariantCulture);
        output.WriteLine($"{report.Path}: {Words.Count(report.Frames, "frame")}, {Words.Count(report.Instruments, "definition")} in {seconds} s, {Words.Count(report.RowsPerSecond)} rows a second");
        var table = new LineTable(
            new Column("symbol"),
            new Column("frames", Right: true),
            new Column("rows", Right: true),
            new Column("bid size", Right: true),
            new Column("bid", Right: true),
            new Column("ask", Right: true),
            new Column("ask size", Right: true),
            new Column("bids", Right: true),
            new Column("asks", Right: true),
            new Column("crossed"),
            new Column("unknown", Right: true),
            new Column("quotes agree", Right: true),
            new Column("rows/s", Right: true),
            new Column(string.Empty));
        foreach (var symbol in report.Symbols)
        {
            table.Add(
                symbol.Symbol,
                Words.Count(symbol.Frames),
                Words.Count(symbol.Rows),
                Size(symbol.BidSize),
                Words.Price(symbol.BestBid),
                Words.Price(symbol.BestAsk),
                Size(symbol.AskSize),
                Words.Count(symbol.BidLevels),
                Words.Count(symbol.AskLevels),
                symbol.Crossed ? "CROSSED" : "no",
                Words.Count(symbol.Unknown),
                symbol.Quotes == 0 ? "–" : $"{Words.Count(symbol.QuotesAgreed)} of {Words.Count(symbol.QuotesAgreed + symbol.QuotesDisagreed)}",
                Words.Count(symbol.RowsPerSecond),
                symbol.Fault ?? string.Empty);
        }

        if (report.Symbols.Count > 0)
        {
            foreach (var line in table.Lines(int.MaxValue)) output.WriteLine("  " + line.ToString().TrimEnd());
        }
    }

    private static string Size(long? size) => size is { } contracts ? Words.Count(contracts) : "–";

    /// <summary>The fields that scripts rely on, in their order.</summary>
    private sealed record JsonLine(
        string Symbol,
        long Frames,
        long Rows,
        decimal? BestBid,
        long? BidSize,
        decimal? BestAsk,
        long? AskSize,
        int BidLevels,
        int AskLevels,
        bool Crossed,
        long Unknown)
    {
        public static JsonLine From(FeedSymbol symbol) => new(
            symbol.Symbol,
            symbol.Frames,
            symbol.Rows,
            symbol.BestBid,
            symbol.BidSize,
            symbol.BestAsk,
            symbol.AskSize,
            symbol.BidLevels,
            symbol.AskLevels,
            symbol.Crossed,
            symbol.Unknown);
    }
}
