using System.Text;
using Xunit.Abstractions;

namespace Actors.Bitmex.Tests.Vectors;

/// <summary>
/// Published and observed calculations of the venue against the product's own code. Runs over the files that ACTORS_VECTORS names, separated as in
/// PATH, else over vectors.json of the reference data. The table goes to the test's output, to the console and to TestResults/vectors.txt.
/// </summary>
public sealed class VectorTests(ITestOutputHelper output)
{
    /// <summary>Fields of the reference vectors that no rule is known for, as "id field": anything else not understood fails.</summary>
    private static readonly HashSet<string> Reasoned =
    [
        "pub-pnl-1 pnlNetOfFundingXBT", "pub-supportpnl-2017 naivePnlSats", "pub-supportpnl-2017 fundingRates", "pub-supportpnl-2017 fundingSats",
        "calc-third-party liquidationPrice",
    ];

    [VectorsFact]
    public void Every_vector_that_is_understood_comes_out_as_the_venue_had_it()
    {
        var reports = VectorsFactAttribute.Files.Select(path => VectorReport.Of(path, File.ReadAllBytes(path))).ToList();
        var text = string.Join(Environment.NewLine, reports);
        output.WriteLine(text);
        Console.WriteLine(text);
        Save(text);
        Assert.True(!reports.Exists(report => report.Failures.Any()), string.Join(Environment.NewLine, reports.SelectMany(report => report.Failures)));
        Assert.All(reports, report => Assert.True(report.Judged.Count > 0, $"{report.Path}: no vectors"));
        if (!VectorsFactAttribute.IsDefault) return;
        Assert.Empty(reports[0].Unreadable);
        Assert.DoesNotContain(reports[0].NotUnderstood, field => !IsReasoned(field));
    }

    [Fact]
    public void The_figures_typed_here_come_out_as_the_venue_had_them()
    {
        var report = VectorReport.Of("typed", Encoding.UTF8.GetBytes(TypedVectors.Json));
        output.WriteLine(report.ToString());
        Assert.Empty(report.Failures);
        Assert.Empty(report.Unreadable);
        Assert.Equal(TypedVectors.Count, report.Judged.Count(judged => judged.IsPassed));
        Assert.All(report.NotUnderstood, field => Assert.Contains(field.Field, new[] { "fundingSats" }));
    }

    /// <summary>The runner itself: a wrong figure fails, rubbish is said and stops nothing.</summary>
    [Fact]
    public void A_wrong_figure_fails_and_what_cannot_be_read_is_said()
    {
        const string Instrument = """{"symbol":"X","isInverse":true,"multiplier":"-100000000","lotSize":1}""";
        var report = VectorReport.Of("rubbish", Encoding.UTF8.GetBytes($$$"""
            [
              {"id":"good","topic":"grossValue","instrument":{{{Instrument}}},"inputs":{"size":"8494","price":6.36e3},"expected":{"grossValue":1.33551162e8}},
              {"id":"shared","topic":"grossValue","instrument":{"symbol":"X","tickSize":null},"inputs":{"size":1,"price":6379},"expected":{"grossValue":15676}},
              {"id":"wrong","topic":"grossValue","instrument":{{{Instrument}}},"inputs":{"size":8494,"price":6360},"expected":{"grossValue":133551163}},
              {"id":"circular","topic":"grossValue","instrument":{{{Instrument}}},"inputs":{"size":1,"price":6360},"expected":{"grossValue":1},"circular_checks":["grossValue"]},
              {"id":"missing","topic":"grossValue","instrument":{{{Instrument}}},"inputs":{"size":1,"price":null},"expected":{"grossValue":1}},
              {"id":"lot","topic":"grossValue","instrument":{"symbol":"Y","isInverse":true,"multiplier":-100000000},"inputs":{"size":300,"price":6360},"expected":{"grossValue":1}},
              {"id":"unknown","topic":"weather","expected":{"rain":1}},
              17, {"id":"no topic"}
            ]
            """));
        Assert.Equal("wrong grossValue: expected 133551163, got 133551162", Assert.Single(report.Failures));
        Assert.Equal(["good", "shared"], report.Judged.Where(judged => judged.IsPassed).Select(judged => judged.Vector.Id));
        Assert.Equal(["circular", "missing", "lot", "unknown"], report.Judged.Where(judged => judged.IsNotUnderstood).Select(judged => judged.Vector.Id));
        Assert.Equal(2, report.Unreadable.Count);
        Assert.Contains("lotSize is missing", report.ToString(), StringComparison.Ordinal);
    }

    private static bool IsReasoned((string Id, string Field, string Reason) field) =>
        Reasoned.Contains($"{field.Id} {field.Field}")
        || (field.Field == "fairBasisRate" && field.Reason.StartsWith("an input here", StringComparison.Ordinal));

    private static void Save(string text)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Actors.sln"))) folder = folder.Parent;
        var results = Directory.CreateDirectory(Path.Combine(folder?.FullName ?? AppContext.BaseDirectory, "TestResults"));
        File.WriteAllText(Path.Combine(results.FullName, "vectors.txt"), text);
    }
}

/// <summary>A test over files of vectors; skipped, with the reason shown, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VectorsFactAttribute : FactAttribute
{
    public VectorsFactAttribute()
    {
        if (Files.Count == 0) Skip = $"{SharedData.Missing}; ACTORS_VECTORS names no file of vectors either";
    }

    public static bool IsDefault => Environment.GetEnvironmentVariable("ACTORS_VECTORS") is null or "";

    public static IReadOnlyList<string> Files { get; } = IsDefault
        ? SharedData.Root is { } root ? [Path.Combine(root, "vectors.json")] : []
        : Environment.GetEnvironmentVariable("ACTORS_VECTORS")!.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
}
