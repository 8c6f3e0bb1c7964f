using System.CommandLine;
using System.CommandLine.Help;
using Actors.Host.Configuration;

namespace Actors.Host.CommandLine;

/// <summary>
/// Owns the <c>actors</c> command line: its verbs, flags and help. A line that cannot be understood ends in one line on the error
/// stream and <see cref="ExitCode.Usage"/>.
/// </summary>
internal sealed class ActorsCommandLine
{
    private readonly Dictionary<string, IReadOnlyList<string>> _examples = new(StringComparer.Ordinal);
    private readonly RootCommand _root = new("Trades crypto derivatives with actors: books, risk, orders and a journal that survives any crash.");

    public ActorsCommandLine(VerbActions actions)
    {
        _root.Directives.Clear(); // completion through '[suggest]' would be a second, undocumented grammar
        foreach (var help in _root.Options.OfType<HelpOption>()) help.Action = new HelpWithExamples(_examples);
        _examples[_root.Name] = ["actors                           the same as 'actors run'", "actors run --for 30s", "actors run --help"];
        Add(VerbCommands.Run(actions.Run), "actors run --for 30s", "actors run --data /var/lib/actors --market quiet --plain",
            "actors run --venue http://127.0.0.1:8080 --keys data/venue/keys/alice.json");
        Add(VerbCommands.Venue(actions.Venue), "actors venue --port 8080 --data data/venue", "actors venue --port 8080 --data data/venue --seed 7 --market busy");
        Add(VerbCommands.Feed(actions.Feed), "actors feed recording.jsonl", "actors feed monday.csv.gz tuesday.csv.gz --json");
        Add(VerbCommands.Audit(actions.Audit), "actors audit", "actors audit mrfx1a2b --data /var/lib/actors --report /tmp/report", "actors audit --what-if strict/risk.json", "actors audit --at 2026-09-01T12:30:00");
        Add(VerbCommands.Sessions(actions.Sessions), "actors sessions --data /var/lib/actors");
        var journal = new Command("journal", "Looks after the journal.");
        Add(journal, "actors journal export --to /tmp/day", "actors journal prune --keep 720h");
        AddBelow(journal, VerbCommands.JournalExport(actions.JournalExport), "actors journal export mrfx1a2b --to /tmp/day");
        AddBelow(journal, VerbCommands.JournalPrune(actions.JournalPrune), "actors journal prune --keep 720h --data /var/lib/actors");
        Add(Keys(actions.Keys), "actors keys check alice.json --url http://127.0.0.1:8080", "actors keys new data/venue/keys/alice.json");
        var risk = new Command("risk", "Looks at the risk door of a running engine, and commands it.");
        Add(risk, "actors risk show --data /var/lib/actors", "actors risk halt --reason 'exchange maintenance'", "actors risk resume --all --reason 'looked at the losses'");
        AddBelow(risk, RiskCommands.Show(actions.Risk), "actors risk show --data /var/lib/actors");
        AddBelow(risk, RiskCommands.Halt(actions.Risk), "actors risk halt --reason 'exchange maintenance'");
        AddBelow(risk, RiskCommands.Resume(actions.Risk), "actors risk resume dailyLoss:XBt operator --reason 'looked at the losses'");
        AddBelow(risk, RiskCommands.Check(actions.Risk), "actors risk check --symbol XBTUSD --side buy --quantity 100 --price 96000 --strategy grid1");
        Add(WhatIfCommand.Make(actions.WhatIf), "actors what-if --venue http://127.0.0.1:8080 --keys data/venue/keys/alice.json --mark XBTUSD=90000",
            "actors what-if --venue http://127.0.0.1:8080 --keys data/venue/keys/alice.json --leverage XBTUSD=10 --order XBTUSD:buy:1000@95000 --withdraw XBt=1000000");
    }

    /// <summary>Parses and carries out one line; never throws for what a person typed.</summary>
    public async Task<int> InvokeAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var result = _root.Parse(WithDefaultVerb(arguments), new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (ParseMessages.FirstOf(result) is { } message)
        {
            await error.WriteLineAsync($"actors: {message}").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        try
        {
            // Signals are the verbs' own: the library's handler would end the process two seconds after the first Ctrl-C.
            var configuration = new InvocationConfiguration
            {
                Output = output,
                Error = error,
                ProcessTerminationTimeout = null,
                EnableDefaultExceptionHandler = false,
            };
            return await result.InvokeAsync(configuration).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is UsageException or BrokenConfigurationException or ProblemException)
        {
            await error.WriteLineAsync($"actors: {problem.Message.ReplaceLineEndings(" ")}").ConfigureAwait(false);
            return problem is ProblemException ? ExitCode.Problem : ExitCode.Usage;
        }
    }

    /// <summary>A line that begins with a flag, or is empty, means <c>run</c>.</summary>
    private static IReadOnlyList<string> WithDefaultVerb(IReadOnlyList<string> arguments) => arguments switch
    {
        [] => ["run"],
        ["--help" or "-h" or "-?" or "/?" or "/h" or "--version", ..] => arguments,
        [var first, ..] when first.StartsWith('-') => ["run", .. arguments],
        _ => arguments,
    };

    private Command Keys(KeysActions actions)
    {
        var keys = new Command("keys", "Looks after API keys.");
        Example(KeysCommands.Check(actions.Check), "actors keys check alice.json --url http://127.0.0.1:8080", "actors keys check systemd:bitmex --url https://testnet.bitmex.com");
        Example(KeysCommands.New(actions.New), "actors keys new data/venue/keys/alice.json --permissions order,orderCancel --cidrs 127.0.0.1/32");
        Example(KeysCommands.Encrypt(actions.Encrypt), "actors keys encrypt alice.json --passphrase /etc/actors/passphrase");
        return keys;

        void Example(Command verb, params string[] examples)
        {
            keys.Add(verb);
            _examples[$"{keys.Name} {verb.Name}"] = examples;
        }
    }

    private void Add(Command command, params string[] examples)
    {
        _root.Add(command);
        _examples[command.Name] = examples;
    }

    private void AddBelow(Command parent, Command command, params string[] examples)
    {
        parent.Add(command);
        _examples[$"{parent.Name} {command.Name}"] = examples;
    }
}
