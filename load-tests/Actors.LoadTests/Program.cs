using Actors.LoadTests;
using Actors.Workloads;

try
{
    var arguments = Arguments.Parse(args);
    return arguments.Verb switch
    {
        "help" => Help(),
        "list" => List(),
        _ => Run(arguments),
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

static int Run(Arguments arguments)
{
    // Before the load and not after it: a file that cannot be written must not cost a run.
    if (arguments.JsonFile is { } early) Report.Write([], early);
    var results = new List<ScenarioResult>();
    foreach (var scenario in arguments.Scenarios)
    {
        results.Add(scenario.Run(arguments.Settings));
        Report.Show(results[^1], Console.Out);
    }

    if (arguments.JsonFile is { } path) Report.Write(results, path);
    return results.TrueForAll(result => result.Passed) ? 0 : 1;
}
