using Actors.LoadTests;
using Actors.LoadTests.Checks;
using Actors.LoadTests.Processes;
using Actors.LoadTests.Reporting;
using Actors.Workloads;

if (args is [LoadVenue.Verb, ..]) return await LoadVenue.RunAsync(args);
try
{
    var arguments = Arguments.Parse(args);
    return arguments.Verb switch
    {
        "help" => Help(),
        "list" => List(),
        "check" => RegressionChecks.Run(Console.Out),
        _ => await RunAsync(arguments),
    };
}
catch (Exception wrong) when (wrong is UsageException or RecordedSessionException)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}

static int Help()
{
    Console.Out.WriteLine(Arguments.Help);
    return 0;
}

static int List()
{
    Report.List(Console.Out);
    return 0;
}

static async Task<int> RunAsync(Arguments arguments)
{
    // Before the load and not after it: a file that cannot be written must not cost a run.
    Write(arguments, []);
    var results = new List<ScenarioResult>();
    foreach (var scenario in arguments.Scenarios)
    {
        results.Add(await RunOneAsync(scenario, arguments));
        Report.Show(results[^1], Console.Out);
        Write(arguments, results);
    }

    return results.TrueForAll(result => result.Passed) ? 0 : 1;
}

static async Task<ScenarioResult> RunOneAsync(Scenario scenario, Arguments arguments)
{
    var settings = arguments.Settings;
    if (arguments.IsSelection) settings = settings with { Duration = settings.Duration ?? scenario.SelectionDuration };
    try
    {
        return await scenario.RunAsync(settings);
    }
    catch (LoadProcessException broken)
    {
        // The other loads of a selection still run; this one has missed its bound.
        return new ScenarioResult
        {
            Scenario = scenario.Name,
            Input = "did not run to its end",
            RateUnit = scenario.RateUnit,
            RateAsked = 0,
            RateReached = 0,
            Seconds = 0,
            Bounds = [new BoundRow("runs to its end", broken.Message, false)],
        };
    }
}

static void Write(Arguments arguments, IReadOnlyList<ScenarioResult> results)
{
    if (arguments.JsonFile is { } json) Report.WriteFile("--json", json, Report.Json(results));
    if (arguments.HtmlFile is { } html) Report.WriteFile("--html", html, HtmlReport.Page(results, DateTimeOffset.UtcNow));
}
