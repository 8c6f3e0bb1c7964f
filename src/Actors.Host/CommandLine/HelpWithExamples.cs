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
        var command = parseResult.CommandResult.Command;
        // A verb below another one is known by both names.
        var name = command.Parents.OfType<Command>().FirstOrDefault(parent => parent is not RootCommand) is { } above ? $"{above.Name} {command.Name}" : command.Name;
        if (!examplesByCommand.TryGetValue(name, out var examples)) return result;
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in examples) output.WriteLine("  " + example);
        output.WriteLine();
        return result;
    }
}
