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
public sealed record Arguments(string Verb, IReadOnlyList<Scenario> Scenarios)
{
    public ScenarioSettings Settings { get; private init; } = new();

    /// <summary>Each scenario lasts as long as it does in the selection, unless a duration is given.</summary>
    public bool IsSelection { get; private init; }

    public string? JsonFile { get; private init; }

    public string? HtmlFile { get; private init; }

    public const string Help = """
        Loads on the engine, its parts and the venue: a name, a rate, a duration, percentiles and a bound.

        usage:
          list                     the scenarios that exist, with their defaults and bounds
          run NAME [options]       one scenario
          run selection [options]  some of them one after the other, short: about five minutes
          run all [options]        all of them in their full length, which is more than an hour
          check                    allocations and ratios that must not get worse, in under a minute

        options:
          --rate R                 messages or rows a second, as the scenario counts them
          --duration 10s           how long the load lasts: 500ms, 10s, 5m, 1h
          --instruments M          how many instruments the generated input has (1 to 1000)
          --sockets S              how many sockets follow the market (1 to 5000)
          --recording FILE         a recorded session instead of the generated input
          --actors FILE            the built command to measure, such as a published one; without it the one beside this program
          --config DIR             the engine's configuration folder, such as config/small
          --gen0 MIB               DOTNET_GCgen0size of the processes that are started (1 to 1024); without it each program's own
          --json FILE              writes everything measured as JSON too
          --html FILE              writes it as one page with pictures too
          --help                   this page

        exit code: 0 every bound held, 1 a bound was missed, 2 wrong usage.

        examples:
          dotnet run --project load-tests/Actors.LoadTests -c Release -- list
          dotnet run --project load-tests/Actors.LoadTests -c Release -- run quote-storm --rate 50000 --duration 10s
          dotnet run --project load-tests/Actors.LoadTests -c Release -- run selection --html loads.html --json loads.json
        """;

    public static Arguments Parse(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (words.Contains("--help") || words.Contains("-h")) return new Arguments("help", []);
        return words switch
        {
            ["list"] => new Arguments("list", Catalogue.All),
            ["check"] => new Arguments("check", []),
            ["list" or "check", var more, ..] => throw new UsageException($"{words[0]}: expected nothing after it, found '{more}'"),
            ["run"] => throw new UsageException("run: expected the name of a scenario, selection or all; see list"),
            ["run", var name, ..] => Options(new Arguments("run", Chosen(name)) { IsSelection = name == "selection" }, words),
            [var other, ..] => throw new UsageException($"'{other}': expected list, run or check; see --help"),
            _ => throw new UsageException("expected list, run or check; see --help"),
        };
    }

    private static IReadOnlyList<Scenario> Chosen(string name) => name switch
    {
        "all" => Catalogue.All,
        "selection" => Catalogue.Selection,
        _ => [Catalogue.Find(name) ?? throw new UsageException($"no scenario is named '{name}'; there are: {string.Join(", ", Catalogue.All.Select(one => one.Name))}")],
    };

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
                "--sockets" => parsed with { Settings = settings with { Sockets = Number(name, value, 5_000) } },
                "--actors" => parsed with { Settings = settings with { ActorsFile = value ?? throw Missing(name, "a file") } },
                "--config" => parsed with { Settings = settings with { Config = value ?? throw Missing(name, "a folder") } },
                "--gen0" => parsed with { Settings = settings with { Gen0MiB = Number(name, value, 1_024) } },
                "--html" => parsed with { HtmlFile = value ?? throw Missing(name, "a file") },
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
