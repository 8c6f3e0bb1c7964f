using System.Globalization;
using Actors.Guard.Tests;
using Actors.Guard.Tests.Support;

// Beside the tests, which a runner starts:
//   measure [RUNS]           how long a breach lives; not a test: nothing is asserted
//   runaway ADDRESS KEYFILE  an engine as a process that places orders without end and does not listen to SIGTERM
switch (args)
{
    case ["measure"]: await Measurement.RunAsync(50); return 0;
    case ["measure", var runs] when int.TryParse(runs, CultureInfo.InvariantCulture, out var count) && count > 0: await Measurement.RunAsync(count); return 0;
    case ["runaway", var address, var keyFile]: await Runaway.RunAsync(address, keyFile); return 0;
    default: Console.Error.WriteLine("expected: measure [RUNS], or runaway ADDRESS KEYFILE"); return 2;
}
