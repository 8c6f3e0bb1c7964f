using System.Globalization;
using System.Text;

namespace Actors.Bitmex.Tests.Vectors;

/// <summary>What became of a vector: failed if one field did, not understood if none could be checked.</summary>
internal sealed record Judged(Vector Vector, IReadOnlyList<Check> Checks)
{
    public bool IsFailed => Checks.Any(check => check.Outcome == Outcome.Failed);

    public bool IsPassed => !IsFailed && Count(Outcome.Passed, Outcome.WithinTolerance) > 0;

    public bool IsNotUnderstood => !IsFailed && !IsPassed;

    public int Count(params Outcome[] outcomes) => Checks.Count(check => outcomes.Contains(check.Outcome));
}

/// <summary>Judges all vectors of one file and says so in a table by topic, then every failure and everything not understood.</summary>
internal sealed class VectorReport
{
    private VectorReport(string path, List<Judged> judged, List<string> unreadable) => (Path, Judged, Unreadable) = (path, judged, unreadable);

    public string Path { get; }

    public IReadOnlyList<Judged> Judged { get; }

    public IReadOnlyList<string> Unreadable { get; }

    public IEnumerable<string> Failures => Judged.SelectMany(judged => judged.Checks
        .Where(check => check.Outcome == Outcome.Failed)
        .Select(check => $"{judged.Vector.Id} {check.Field}: expected {check.Expected}, got {check.Got}"));

    public IEnumerable<(string Id, string Field, string Reason)> NotUnderstood => Judged.SelectMany(judged => judged.Checks
        .Where(check => check.Outcome == Outcome.NotUnderstood)
        .Select(check => (judged.Vector.Id, check.Field, check.Got)));

    public static VectorReport Of(string path, byte[] json)
    {
        var (vectors, unreadable) = VectorFile.Read(path, json);
        return new VectorReport(path, [.. vectors.Select(vector => new Judged(vector, Judge(vector)))], unreadable);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"vectors of {Path}");
        text.AppendLine("                 | vectors                                  | fields");
        text.AppendLine("topic            | checked  passed  failed  not understood | exact  in tolerance  failed  circular  not understood");
        foreach (var topic in Judged.GroupBy(judged => judged.Vector.Topic).OrderBy(topic => topic.Key, StringComparer.Ordinal)) Line(topic.Key, [.. topic]);
        Line("all", Judged);
        foreach (var line in Failures) text.AppendLine(CultureInfo.InvariantCulture, $"failed: {line}");
        foreach (var line in Unreadable) text.AppendLine(CultureInfo.InvariantCulture, $"not understood: {line}");
        foreach (var reason in NotUnderstood.GroupBy(field => field.Reason))
            text.AppendLine(CultureInfo.InvariantCulture, $"not understood: {reason.Key}: {string.Join(", ", reason.Select(field => $"{field.Id} {field.Field}"))}");
        return text.ToString();

        void Line(string topic, IReadOnlyList<Judged> judged)
        {
            int Fields(Outcome outcome) => judged.Sum(one => one.Count(outcome));
            var vectors = $"{judged.Count(one => !one.IsNotUnderstood),7} {judged.Count(one => one.IsPassed),7} {judged.Count(one => one.IsFailed),7} {judged.Count(one => one.IsNotUnderstood),15}";
            var fields = $"{Fields(Outcome.Passed),5} {Fields(Outcome.WithinTolerance),13} {Fields(Outcome.Failed),7} {Fields(Outcome.Circular),9} {Fields(Outcome.NotUnderstood),15}";
            text.AppendLine(CultureInfo.InvariantCulture, $"{topic,-16} | {vectors} | {fields}");
        }
    }

    private static List<Check> Judge(Vector vector)
    {
        if (!VectorRules.ByTopic.TryGetValue(vector.Topic, out var rule)) return All($"no rule for the topic {vector.Topic}", Outcome.NotUnderstood);
        try
        {
            var checks = rule(vector).ToList();
            checks.AddRange(vector.Expected.Names.Except(checks.Select(check => check.Field))
                .Select(field => new Check(field, vector.Expected.Text(field)!, $"no rule for this field of {vector.Topic}", Outcome.NotUnderstood)));
            return checks;
        }
        catch (NotUnderstoodException reason)
        {
            return All(reason.Message, Outcome.NotUnderstood);
        }
        catch (Exception thrown) when (thrown is ArithmeticException or ArgumentException or InvalidOperationException or FormatException)
        {
            return All($"{thrown.GetType().Name}: {thrown.Message}", Outcome.Failed);
        }

        List<Check> All(string got, Outcome outcome) => vector.Expected.Names.Any()
            ? [.. vector.Expected.Names.Select(field => new Check(field, vector.Expected.Text(field)!, got, outcome))]
            : [new Check("expected", "something", "the vector expects nothing", Outcome.NotUnderstood)];
    }
}
