namespace Actors.Guard;

/// <summary>Reads the limits file. Strict, because a limit that is misread is no limit: an unknown key, a negative bound, a missing value, a
/// milder step behind a stronger one, or two limits on the same thing refuse the start, with file, line and reason.</summary>
internal static class LimitsFile
{
    /// <summary>The venue's tables give at most 500 rows at once, so a higher count could not be told apart from it.</summary>
    private const decimal CountMax = 499;

    public static Settings Read(string path)
    {
        var root = Node.Parse(path, KeyFile.ReadBytes(path, isSecret: false));
        var lines = new Dictionary<string, int>();
        var limits = root.Required("limits").AsList().Select(node => ReadLimit(node, lines)).ToList();
        var timing = root.Required("timing");
        TimeSpan Time(string name) => timing.Required(name).AsDuration();
        var settings = new Settings(
            new Timing(Time("judgeEvery"), Time("crossCheckEvery"), Time("pollEvery"), Time("socketSilence"), Time("repeatEvery")),
            root.Optional("engine") is { } engine ? ReadEngine(engine) : null,
            root.Optional("webhookFile")?.AsText(),
            limits.ConvertAll(limit => limit.Of == Watch.EveryOther ? limit with { Except = limits.Where(other => other.Watch == limit.Watch).Select(other => other.Of).ToHashSet() } : limit));
        timing.NothingElse();
        root.NothingElse();
        RequireWhatMakesItFailClosed(root, settings);
        if (Time("judgeEvery") > TimeSpan.FromSeconds(1)) throw timing.Refuse("judgeEvery: expected at most 1s");
        if (Time("pollEvery") < TimeSpan.FromSeconds(2)) throw timing.Refuse("pollEvery: expected at least 2s, or the guard uses up the requests it needs to act");
        if (Time("crossCheckEvery") < Time("pollEvery")) throw timing.Refuse("crossCheckEvery: expected at least pollEvery");
        return settings;
    }

    private static Limit ReadLimit(Node node, Dictionary<string, int> lines)
    {
        var name = node.Required("watch");
        var watch = Watch.All.FirstOrDefault(watch => watch.Name == name.AsText())
            ?? throw name.Refuse($"unknown watch '{name.Text}'; expected one of {string.Join(", ", Watch.All.Select(watch => watch.Name))}");
        var of = watch.Scope == Scope.Account ? "" : node.Required(watch.Scope == Scope.Symbol ? "symbol" : "currency").AsText();
        var bounds = new Dictionary<Step, decimal>();
        foreach (var step in Steps.All)
        {
            if (node.Optional(Steps.Name(step)) is not { } bound) continue;
            var value = Bound(watch, bound);
            // Stop and flatten are as strong as one another: neither needs to come before the other.
            var milder = step == Step.Flatten ? Step.Stop : step;
            if (bounds.Any(other => other.Key < milder && (watch.IsFloor ? value > other.Value : value < other.Value)))
                throw bound.Refuse($"{Steps.Name(step)}: comes before a milder step");
            bounds.Add(step, value);
        }
        node.NothingElse();
        if (bounds.Count == 0) throw node.Refuse($"{watch.Name}: has no bound; give one of log, alert, cancel, stop, flatten");
        var limit = new Limit(watch, of, bounds);
        return lines.TryAdd(limit.Name, node.Line) ? limit : throw node.Refuse($"{limit.Name}: has a limit on line {lines[limit.Name]} already; one thing has one limit");
    }

    private static decimal Bound(Watch watch, Node node)
    {
        if (watch.Unit == Unit.Seconds) return (decimal)node.AsDuration().TotalSeconds;
        var value = node.AsNumber();
        if (watch.Unit != Unit.Fraction && value != decimal.Truncate(value)) throw node.Refuse($"{watch.Name}: expected a whole number");
        if (watch.Unit == Unit.Count && value > CountMax) throw node.Refuse($"{watch.Name}: expected at most {CountMax}");
        return value;
    }

    private static EngineSettings ReadEngine(Node node)
    {
        var engine = new EngineSettings(node.Required("pidFile").AsText(), node.Required("command").AsText(), node.Optional("keyId")?.AsText(), node.Required("stopGrace").AsDuration());
        node.NothingElse();
        return engine;
    }

    private static void RequireWhatMakesItFailClosed(Node root, Settings settings)
    {
        foreach (var missing in Watch.All.Where(watch => !watch.NeedsAccount && !settings.Limits.Any(limit => limit.Watch == watch && limit.Bounds.Keys.Any(Steps.IsLatched))))
            throw root.Refuse($"limits: {missing.Name} must be there with cancel, stop or flatten: a guard that cannot see or work must act");
        if (settings.Engine is null && (settings.Does(Step.Stop) || settings.Limits.Any(limit => limit.Watch == Watch.EngineGone)))
            throw root.Refuse("engine is missing: stop and engineGone need to know where its process is");
    }
}
