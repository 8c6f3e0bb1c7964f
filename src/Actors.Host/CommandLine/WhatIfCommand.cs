using System.CommandLine;
using System.CommandLine.Parsing;

namespace Actors.Host.CommandLine;

/// <summary><c>actors what-if</c>. <see cref="Source"/> as <c>run --keys</c> takes it; the changes in the order of the line.</summary>
internal sealed record WhatIfOptions(Uri Venue, string Source, string? ConfigDirectory, IReadOnlyList<AskedChange> Changes);

/// <summary>The verb with its flags. Those of the changes may be repeated, and their order on the line is the order of the changes.</summary>
internal static class WhatIfCommand
{
    private static readonly ChangeFlag[] Changes =
    [
        new("--withdraw", "currency=amount", "Take this much out of a wallet; negative is a deposit.", "a currency and an amount in whole minor units like XBt=1000000", AskedChange.Withdrawal),
        new("--leverage", "symbol=leverage", "Isolate a position at this leverage; 0 is cross margin.", "a symbol and a leverage of 0 or more like XBTUSD=10", AskedChange.Leverage),
        new("--risk-limit", "symbol=amount", "Choose this risk limit; 0 is automatic.", "a symbol and an amount of 0 or more in whole minor units like XBTUSD=30000000000", AskedChange.RiskLimit),
        new("--transfer", "symbol=amount", "Move this much margin into an isolated position; negative is out of it.", "a symbol and an amount in whole minor units like XBTUSD=500000", AskedChange.Transfer),
        new("--order", "symbol:side:contracts@price", "Let one more order rest.", "an order like XBTUSD:buy:1000@95000", AskedChange.Resting),
        new("--mark", "symbol=price", "Move a mark price.", "a symbol and a price like XBTUSD=90000", AskedChange.Mark),
    ];

    public static Command Make(Func<WhatIfOptions, Task<int>> action)
    {
        var venue = Flags.Address("--venue", "The venue that has the account.");
        var keys = Flags.PathOf("--keys", "file", "API key of the account: a file, or systemd:NAME, vault:MOUNT/PATH, env:NAME.");
        venue.Required = keys.Required = true;
        var config = Flags.PathOf("--config", "dir", "Folder with keys.json. Default: the one beside the executable.");
        var command = new Command(
            "what-if",
            "Reads an account and tells what changes would do to its margin, balances and liquidation prices. It changes nothing at the venue. The changes are made one after the other; "
            + "amounts are in minor units. Without a change it shows the account as it stands. Exit code 0: all could be done, 1: not all, or a position would be liquidated, 2: the account could not be read.")
        {
            venue, keys, config,
        };
        foreach (var change in Changes) command.Add(change.ToOption());
        command.SetAction((line, _) => action(new WhatIfOptions(line.GetValue(venue)!, line.GetValue(keys)!, line.GetValue(config), InOrder(line.Tokens))));
        return command;
    }

    /// <summary>The values of the options are grouped by option; only the tokens still know who came first. They have been checked.</summary>
    private static List<AskedChange> InOrder(IReadOnlyList<Token> tokens)
    {
        var changes = new List<AskedChange>();
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (tokens[i].Type != TokenType.Option || Array.Find(Changes, flag => flag.Name == tokens[i].Value) is not { } flag) continue;
            changes.Add(flag.Parse(tokens[i + 1].Value) ?? throw new InvalidOperationException($"{flag.Name} was checked and cannot be read"));
        }

        return changes;
    }

    private sealed record ChangeFlag(string Name, string HelpName, string Description, string Expected, Func<string, AskedChange?> Parse)
    {
        public Option<string[]> ToOption() => new(Name)
        {
            Description = Description + " May be repeated.",
            HelpName = HelpName,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result =>
            {
                foreach (var token in result.Tokens)
                {
                    if (Parse(token.Value) is null) result.AddError($"{Name}: '{token.Value}' is not {Expected}");
                }

                return [.. result.Tokens.Select(token => token.Value)];
            },
        };
    }
}
