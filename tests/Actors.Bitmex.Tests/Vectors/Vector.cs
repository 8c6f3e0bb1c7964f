using System.Text.Json;

namespace Actors.Bitmex.Tests.Vectors;

/// <summary>One published or observed calculation: what went in and what the venue made of it.</summary>
internal sealed record Vector(string Id, string Topic, Fields Instrument, Fields Inputs, Fields Expected, IReadOnlySet<string> Circular)
{
    /// <summary>A check of an expected field; nothing when the vector does not expect it.</summary>
    public IEnumerable<Check> Check(string field, Func<decimal> compute, decimal tolerance = 0)
    {
        if (!Expected.Has(field)) yield break;
        yield return Checked(field, compute, tolerance);
    }

    /// <summary>As <see cref="Check"/>, compared to the decimals that the published figure shows.</summary>
    public IEnumerable<Check> CheckShown(string field, Func<decimal> compute, decimal tolerance = 0) => Expected.Has(field)
        ? Check(field, compute, tolerance + new decimal(5, 0, 0, false, (byte)(Expected.ShownDecimals(field) + 1)))
        : [];

    /// <summary>As <see cref="Check"/> for what went through binary floating point on its way: equal to 12 digits.</summary>
    public IEnumerable<Check> CheckReal(string field, Func<decimal> compute, decimal tolerance = 0) => Expected.Has(field)
        ? Check(field, compute, Math.Max(tolerance, Math.Abs(Expected.Need(field)) * 1e-12m))
        : [];

    public IEnumerable<Check> CheckText(string field, Func<string> compute)
    {
        if (!Expected.Has(field)) yield break;
        var (expected, got) = (Compact(Expected.Text(field)!), Compact(compute()));
        yield return new Check(field, expected, got, Circular.Contains(field) ? Outcome.Circular : expected == got ? Outcome.Passed : Outcome.Failed);
    }

    /// <summary>A list or an object may be laid out in any way.</summary>
    private static string Compact(string text) => text is ['[' or '{', ..] ? string.Concat(text.Where(letter => !char.IsWhiteSpace(letter))) : text;

    /// <summary>Fields that stand in the vector and are not computed, with the reason.</summary>
    public IEnumerable<Check> Aside(string reason, params string[] fields) =>
        fields.Where(Expected.Has).Select(field => new Check(field, Expected.Text(field)!, reason, Outcome.NotUnderstood));

    private Check Checked(string field, Func<decimal> compute, decimal tolerance)
    {
        try
        {
            var (expected, got) = (Expected.Need(field), compute());
            var difference = Math.Abs(expected - got);
            var outcome = Circular.Contains(field) ? Outcome.Circular
                : difference == 0 ? Outcome.Passed
                : difference <= tolerance ? Outcome.WithinTolerance
                : Outcome.Failed;
            return new Check(field, $"{expected}", tolerance > 0 ? $"{got} (tolerance {tolerance / 1.000000000000000000m})" : $"{got}", outcome);
        }
        catch (NotUnderstoodException reason)
        {
            return new Check(field, Expected.Text(field)!, reason.Message, Outcome.NotUnderstood);
        }
    }
}

internal enum Outcome
{
    Passed = 1,
    WithinTolerance = 2,
    Failed = 3,

    /// <summary>Computed, but an input was inferred from the field itself: not counted.</summary>
    Circular = 4,

    NotUnderstood = 5,
}

/// <summary>One field of a vector after the calculation: what was expected, what was got (or why nothing was).</summary>
internal readonly record struct Check(string Field, string Expected, string Got, Outcome Outcome);

/// <summary>Reads files of vectors leniently: what is wrong with one is said and does not stop the others.</summary>
internal static class VectorFile
{
    public static (List<Vector> Vectors, List<string> Unreadable) Read(string path, byte[] json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        var root = document.RootElement.Clone();
        var rows = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("vectors", out var inside) ? inside : root;
        if (rows.ValueKind != JsonValueKind.Array) throw new InvalidDataException($"{path}: expected a list of vectors, or an object with one");
        var (vectors, unreadable) = (new List<Vector>(), new List<string>());
        foreach (var (row, index) in rows.EnumerateArray().Select((row, index) => (row, index)))
        {
            if (row.ValueKind != JsonValueKind.Object || Text(row, "topic") is not { } topic) unreadable.Add($"vector {index}: expected an object with a topic");
            else vectors.Add(One(row, topic, index));
        }

        ShareInstruments(vectors);
        return (vectors, unreadable);
    }

    private static Vector One(JsonElement row, string topic, int index) => new(
        Text(row, "id") ?? $"#{index}",
        topic,
        new Fields("instrument", Part(row, "instrument")),
        new Fields("inputs", Part(row, "inputs")),
        new Fields("expected", Part(row, "expected")),
        row.TryGetProperty("circular_checks", out var circular) && circular.ValueKind == JsonValueKind.Array
            ? circular.EnumerateArray().Select(field => field.ToString()).ToHashSet()
            : []);

    /// <summary>
    /// A vector may leave out what another of the same instrument tells. What the vectors dispute (the lot of XBTUSD, 1 until 2021 and 100 after)
    /// is not filled in, nor a quanto's rate of settlement, which moves with the index.
    /// </summary>
    private static void ShareInstruments(List<Vector> vectors)
    {
        foreach (var same in vectors.Where(vector => vector.Instrument.Has("symbol")).GroupBy(vector => vector.Instrument.Text("symbol")))
        {
            var agreed = same.SelectMany(vector => vector.Instrument.Names.Select(name => (Name: name, Value: vector.Instrument.Raw(name))))
                .GroupBy(field => field.Name)
                .Where(field => field.Key != "quoteToSettleMultiplier" && field.Select(value => value.Value.ToString()).Distinct().Count() == 1)
                .Select(field => field.First())
                .ToList();
            foreach (var vector in same)
            {
                foreach (var (name, value) in agreed) vector.Instrument.Fill(name, value);
            }
        }
    }

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement? Part(JsonElement row, string name) => row.TryGetProperty(name, out var part) ? part : null;
}
