using Actors.Benchmarks;
using Actors.Workloads;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

if (args is [MatchingTail.Verb]) return MatchingTail.Run(Console.Out);

// BenchmarkDotNet runs each benchmark in a process of its own: what a recording is called travels in the environment.
var rest = args.ToList();
var at = rest.IndexOf("--recording");
if (at >= 0)
{
    if (at + 1 >= rest.Count)
    {
        Console.Error.WriteLine("--recording: expected the path of a recording after it");
        return 2;
    }

    Environment.SetEnvironmentVariable(RecordedSession.Variable, Path.GetFullPath(rest[at + 1]));
    rest.RemoveRange(at, 2);
}

try
{
    if (Environment.GetEnvironmentVariable(RecordedSession.Variable) is { Length: > 0 } path) RecordedSession.Load(path);
}
catch (RecordedSessionException unreadable)
{
    Console.Error.WriteLine(unreadable.Message);
    return 2;
}

var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run([.. rest], DefaultConfig.Instance).ToList();
return summaries.Exists(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
