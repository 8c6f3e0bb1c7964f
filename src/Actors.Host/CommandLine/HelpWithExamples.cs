using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Actors.Host.CommandLine;

/// <summary>The library's help, followed by the examples of the command that was asked about.</summary>
internal sealed class HelpWithExamples(IReadOnlyDictionary<string, IReadOnlyList<string>> examplesByCommand) : SynchronousCommandLineAction
{
    private const int Width = 100;

    private readonly HelpAction _help = new() { MaxWidth = Width };

    public override int Invoke(ParseResult parseResult)
    {
        var result = _help.Invoke(parseResult);
        if (!examplesByCommand.TryGetValue(parseResult.CommandResult.Command.Name, out var examples)) return result;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in examples) output.WriteLine("  " + example);
        output.WriteLine();
        return result;
    }
}
