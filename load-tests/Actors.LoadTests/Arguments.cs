using System.Globalization;

namespace Actors.LoadTests;

/// <summary>The command line was wrong: the message is one line and says what was expected.</summary>
public sealed class UsageException : Exception
{
    public UsageException(string message)
        : base(message)
    {
    }

    public UsageException()
    {
    }

    public UsageException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>A parsed command line.</summary>
public sealed record Arguments(string Verb, IReadOnlyList<Scenario> Scenarios, ScenarioSettings Settings, string? JsonFile)
{
    public const string Help = """
        Loads on the engine's parts: a name, a rate, a duration, percentiles and a bound.

        usage:
          list                     the scenarios that exist, with their defaults and bounds
          run NAME [options]       one scenario
          run all [options]        all of them, one after the other

        options:
          --rate R                 messages or rows a second, as the scenario counts them
          --duration 10s           how long the load lasts: 500ms, 10s, 5m, 1h
          --instruments M          how many instruments the generated input has (1 to 1000)
          --recording FILE         a recorded session instead of the generated input
          --json FILE              writes everything measured as JSON too
          --help                   this page

        exit code: 0 every bound held, 1 a bound was missed, 2 wrong usage.

        examples:
          dotnet run --project load-tests/Actors.LoadTests -c Release -- list
          dotnet run --project load-tests/Actors.LoadTests -c Release -- run quote-storm --rate 50000 --duration 10s
          dotnet run --project load-tests/Actors.LoadTests -c Release -- run all --duration 5s --json results.json
        """;

    public static Arguments Parse(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var none = new ScenarioSettings(null, null, null, null);
        if (words.Contains("--help") || words.Contains("-h")) return new Arguments("help", [], none, null);
        return words switch
        {
            ["list"] => new Arguments("list", Catalogue.All, none, null),
            ["list", var more, ..] => throw new UsageException($"list: expected nothing after it, found '{more}'"),
            ["run"] => throw new UsageException("run: expected the name of a scenario, or all; see list"),
            ["run", var name, ..] => Options(new Arguments("run", Chosen(name), none, null), words),
            [var other, ..] => throw new UsageException($"'{other}': expected list or run; see --help"),
            _ => throw new UsageException("expected list or run; see --help"),
        };
    }

    private static IReadOnlyList<Scenario> Chosen(string name) => name == "all"
        ? Catalogue.All
        : [Catalogue.Find(name) ?? throw new UsageException($"no scenario is named '{name}'; there are: {string.Join(", ", Catalogue.All.Select(one => one.Name))}")];

    private static Arguments Options(Arguments parsed, IReadOnlyList<string> words)
    {
        for (var i = 2; i < words.Count; i += 2)
        {
            var (name, value) = (words[i], i + 1 < words.Count ? words[i + 1] : null);
            var settings = parsed.Settings;
            parsed = name switch
            {
                "--rate" => parsed with { Settings = settings with { Rate = Number(name, value, 10_000_000) } },
                "--instruments" => parsed with { Settings = settings with { Instruments = Number(name, value, 1_000) } },
                "--duration" => parsed with { Settings = settings with { Duration = Time(value) } },
                "--recording" => parsed with { Settings = settings with { Recording = value ?? throw Missing(name, "a file") } },
                "--json" => parsed with { JsonFile = value ?? throw Missing(name, "a file") },
                _ => throw new UsageException($"'{name}': no such option; see --help"),
            };
        }

        return parsed;
    }

    private static int Number(string name, string? value, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most
            ? number
            : throw Missing(name, $"a whole number from 1 to {most}", value);

    private static TimeSpan Time(string? value)
    {
        var (unit, factor) = value switch
        {
            not null when value.EndsWith("ms", StringComparison.Ordinal) => ("ms", 0.001),
            not null when value.EndsWith('s') => ("s", 1.0),
            not null when value.EndsWith('m') => ("m", 60.0),
            not null when value.EndsWith('h') => ("h", 3600.0),
            _ => throw Missing("--duration", "a time such as 10s", value),
        };
        return int.TryParse(value[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number * factor <= 86_400
            ? TimeSpan.FromSeconds(number * factor)
            : throw Missing("--duration", "a time such as 10s, a day at most", value);
    }

    private static UsageException Missing(string name, string expected, string? found = null) =>
        new(found is null ? $"{name}: expected {expected} after it" : $"{name}: expected {expected}, found '{found}'");
}
