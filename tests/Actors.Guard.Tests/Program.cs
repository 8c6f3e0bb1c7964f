using System.Globalization;
using Actors.Guard.Tests;
using Actors.Guard.Tests.Support;

// Beside the tests, which a runner starts:
//   measure [RUNS]           how long a breach lives; 1 when the last percent lives two seconds or longer
//   runaway ADDRESS KEYFILE  an engine as a process that places orders without end and does not listen to SIGTERM
switch (args)
{
    case ["measure"]: return await MeasureAsync(100);
    case ["measure", var runs] when int.TryParse(runs, CultureInfo.InvariantCulture, out var count) && count > 0: return await MeasureAsync(count);
    case ["runaway", var address, var keyFile]: await Runaway.RunAsync(address, keyFile); return 0;
    default: Console.Error.WriteLine("expected: measure [RUNS], or runaway ADDRESS KEYFILE"); return 2;
}

static async Task<int> MeasureAsync(int runs)
{
    var (lastPercent, text) = await Measurement.RunAsync(runs, TimeSpan.FromSeconds(2));
    Console.WriteLine(text);
    return lastPercent < Measurement.Bound ? 0 : 1;
}
