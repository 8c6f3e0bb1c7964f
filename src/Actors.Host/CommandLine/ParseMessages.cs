using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Actors.Host.CommandLine;

/// <summary>Says in one line what is wrong with a parsed command line, and where help is.</summary>
internal static class ParseMessages
{
    /// <summary>Null when nothing is wrong, or help was asked for.</summary>
    public static string? FirstOf(ParseResult result)
    {
        if (result.GetResult("--help") is OptionResult { Option: HelpOption, Implicit: false }) return null;
        var command = result.CommandResult.Command;
        var unknown = Unknown(result, command);
        if (unknown is null && result.Errors.Count == 0) return null;
        var where = PathOf(result.CommandResult);
        var what = unknown ?? MissingValue(result) ?? MissingVerb(command) ?? OneLine(result.Errors[0].Message);
        var verb = where.Length == 0 ? "actors" : "actors " + where;
        return $"{what}; see '{verb} --help'";
    }

    private static string? Unknown(ParseResult result, Command command)
    {
        // A mistyped flag after a file would be taken for a file.
        var swallowed = result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value);
        if (result.UnmatchedTokens.Concat(swallowed.Where(text => text.StartsWith('-'))).FirstOrDefault() is not { } token) return null;
        if (token.StartsWith('-'))
        {
            var known = command.Options.Select(option => option.Name).Order(StringComparer.Ordinal).ToList();
            return known.Count == 0
                ? $"unknown flag '{token}'; '{command.Name}' takes none"
                : $"unknown flag '{token}'; expected one of {string.Join(", ", known)}";
        }

        return command.Subcommands.Count > 0
            ? $"unknown verb '{token}'; expected {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}"
            : $"'{token}' was not expected after '{command.Name}'";
    }

    private static string? MissingVerb(Command command) =>
        command.Subcommands.Count > 0 ? $"a verb is missing; expected {string.Join(", ", command.Subcommands.Select(verb => verb.Name))}" : null;

    private static string? MissingValue(ParseResult result)
    {
        foreach (var error in result.Errors)
        {
            if (error.SymbolResult is OptionResult { Tokens.Count: 0 } flag) return flag.IdentifierTokenCount > 0
                ? $"{flag.Option.Name}: its value is missing"
                : $"{flag.Option.Name} is missing";
            if (error.SymbolResult is OptionResult { IdentifierTokenCount: > 1, Option.Arity.MaximumNumberOfValues: 1 } twice) return $"{twice.Option.Name}: given more than once";
            if (error.SymbolResult is ArgumentResult { Tokens.Count: 0, Parent: CommandResult } argument) return $"{argument.Argument.HelpName ?? argument.Argument.Name} is missing";
        }

        return null;
    }

    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{PathOf(parent)} {result.Command.Name}".TrimStart() : string.Empty;

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
