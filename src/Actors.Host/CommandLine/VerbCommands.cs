using System.CommandLine;
using Actors.Host.Data;
using Actors.Venue;

namespace Actors.Host.CommandLine;

/// <summary>The verbs with their flags; each turns a parsed line into its options record.</summary>
internal static class VerbCommands
{
    public const string DefaultData = "data";
    private const string MarketHelp = "How the market is filled; a cascade is busy, and its index falls every few minutes. Default: quiet.";
    private const string PricesHelp = "Recorded index prices to replay, CSV of timestamp,indexSymbol,price. Without it, a seeded walk.";

    public static Command Run(Func<RunOptions, Task<int>> action)
    {
        var duration = Flags.Duration("--for", "Stop in the safe order after this time. Without it, run until Ctrl-C.");
        var data = Flags.PathOf("--data", "dir", "Folder of the journal, the logs and the embedded venue. Default: ./data.");
        var seed = Flags.Number("--seed", "Seed of the embedded venue's traders: the same seed gives the same traders. Default: 1.");
        var market = Flags.Market("--market", MarketHelp, MarketActivity.Quiet, MarketActivity.Busy, MarketActivity.Storm, MarketActivity.Cascade);
        var prices = Flags.PathOf("--prices", "file", PricesHelp);
        var venue = Flags.Address("--venue", "Trade on a venue that already runs, instead of the embedded one; needs --keys.");
        var keys = Flags.PathOf("--keys", "file", "API key for --venue: a file, or systemd:NAME, vault:MOUNT/PATH, env:NAME.");
        var real = new Option<bool>("--real") { Description = "Orders may cost real money; keys.json must say production too." };
        var config = Flags.PathOf("--config", "dir", "Folder with strategies.json, risk.json, engine.json, keys.json and alerts.json. Default: the one beside the executable.");
        var signKey = Flags.PathOf("--sign-key", "file", "Private key of the operator (P-256, PEM): the journal's checkpoints are signed with it. It is never journaled.");
        var journal = Journal();
        var plain = new Option<bool>("--plain") { Description = "Plain lines instead of the live view; the default when the output is not a terminal." };
        // A fault on demand, for loads: not something a person should find.
        var restarts = Flags.Number("--restart-parts", "Ends a part of the engine at random, once a second, so many times: to see that nothing is lost.");
        var clock = Flags.Clock();
        restarts.Hidden = true;
        var command = new Command("run", "Trades: starts the embedded venue and the engine, and shows what is going on. The default verb.")
        {
            duration, data, journal, seed, market, prices, venue, keys, real, config, signKey, plain, restarts, clock,
        };
        command.Validators.Add(result =>
        {
            var hasVenue = result.GetResult(venue) is not null;
            if (hasVenue && result.GetResult(keys) is null) result.AddError("--venue needs --keys: the file with an API key of that venue");
            if (!hasVenue && result.GetResult(keys) is not null) result.AddError("--keys needs --venue: the address of the venue the key belongs to");
            if (!hasVenue && result.GetResult(real) is { Implicit: false }) result.AddError("--real needs --venue: the embedded venue has no real money");
            if (result.GetResult(restarts) is not null && (result.GetResult(real) is { Implicit: false } || (hasVenue && result.GetValue(venue) is { IsLoopback: false })))
                result.AddError("--restart-parts is for venues on this machine and cannot stand with --real");
            if (result.GetResult(clock) is not null && (result.GetResult(real) is { Implicit: false } || (hasVenue && result.GetValue(venue) is { IsLoopback: false })))
                result.AddError("--clock is for venues on this machine and cannot stand with --real");
            if (hasVenue && result.GetResult(seed) is not null) result.AddError("--seed is for the embedded venue and cannot stand with --venue");
            if (hasVenue && result.GetResult(market) is not null) result.AddError("--market is for the embedded venue and cannot stand with --venue");
            if (hasVenue && result.GetResult(prices) is not null) result.AddError("--prices is for the embedded venue and cannot stand with --venue");
        });
        command.SetAction((line, _) => action(new RunOptions(
            line.GetValue(duration),
            line.GetValue(data) ?? DefaultData,
            line.GetValue(seed),
            line.GetValue(market) ?? MarketActivity.Quiet,
            line.GetValue(venue),
            line.GetValue(keys),
            line.GetValue(config),
            line.GetValue(plain),
            line.GetValue(prices),
            line.GetValue(signKey))
        {
            Real = line.GetValue(real),
            JournalSource = line.GetValue(journal),
            PartRestarts = line.GetValue(restarts) ?? 0,
            Clock = line.GetValue(clock),
        }));
        return command;
    }

    public static Option<string?> Journal() => Flags.PathOf("--journal", "file", JournalSource.Help);

    public static Command Venue(Func<VenueVerbOptions, Task<int>> action)
    {
        var port = Flags.Port("--port", "Port on 127.0.0.1; 0 takes a free one. REST is below /api/v1, the socket at /realtime.");
        var data = Flags.PathOf("--data", "dir", "Folder of the venue; the demo accounts' keys are written to its keys folder.");
        port.Required = data.Required = true;
        var seed = Flags.Number("--seed", "Seed of the background traders. Default: 1.");
        var market = Flags.Market("--market", MarketHelp, MarketActivity.None, MarketActivity.Quiet, MarketActivity.Busy, MarketActivity.Storm, MarketActivity.Cascade, MarketActivity.Recorded);
        var prices = Flags.PathOf("--prices", "file", PricesHelp);
        var flow = Flags.PathOf("--flow", "file", "The recorded session that --market recorded plays, in a form that 'actors feed' reads.");
        var faults = Flags.PathOf("--faults", "file", "Faults to begin with, in the grammar that GET /admin/faults tells.");
        var requests = Flags.Count("--requests-per-minute", "Requests of one account in a minute. Default: the 120 that BitMEX gave; it gave large accounts more on request.");
        var command = new Command("venue", "Runs the venue alone, until Ctrl-C.") { port, data, seed, market, prices, flow, faults, requests };
        command.Validators.Add(result =>
        {
            // The word itself: a wrong one has no value, and its own error.
            var isRecorded = result.GetResult(market)?.Tokens is [var word] && string.Equals(word.Value, nameof(MarketActivity.Recorded), StringComparison.OrdinalIgnoreCase);
            if (isRecorded && result.GetResult(flow) is null) result.AddError("--market recorded needs --flow: the recorded session");
            if (!isRecorded && result.GetResult(flow) is not null) result.AddError("--flow needs --market recorded");
        });
        command.SetAction((line, _) => action(new VenueVerbOptions(
            line.GetValue(port)!.Value,
            line.GetValue(data)!,
            line.GetValue(seed),
            line.GetValue(market) ?? MarketActivity.Quiet,
            line.GetValue(faults),
            line.GetValue(prices),
            line.GetValue(flow),
            line.GetValue(requests))));
        return command;
    }

    public static Command Feed(Func<FeedOptions, Task<int>> action)
    {
        var files = new Argument<string[]>("FILE") { Description = "Recorded sessions: frames, or CSV, gzip or not.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "One JSON object a symbol instead of a table." };
        var command = new Command("feed", "Plays recorded sessions through the parser and the books, and tells what came out.") { files, json };
        command.SetAction((line, _) => action(new FeedOptions(line.GetValue(files)!, line.GetValue(json))));
        return command;
    }

    public static Command Audit(Func<AuditOptions, Task<int>> action)
    {
        var session = new Argument<string?>("SESSION") { Description = "The session's name, as its summary printed it. Default: the newest.", Arity = ArgumentArity.ZeroOrOne };
        var data = Flags.PathOf("--data", "dir", "The data folder of the session. Default: ./data.");
        var journal = Journal();
        var whatIf = Flags.PathOf("--what-if", "file", "A risk.json with other limits: tells which orders would not have been sent.");
        var at = Flags.Moment("--at", "Print the state of books, orders, positions and margin as known at this moment, instead.");
        var report = Flags.PathOf("--report", "dir", "Write a page with the story and its tables (CSV, Parquet) into this folder.");
        var key = Flags.PathOf("--key", "file", "The operator's public key, in PEM, to check the checkpoints' signatures with.");
        var command = new Command("audit", "Verifies a session's journal, decides the session again from it, and tells what differs.") { session, data, journal, whatIf, at, report, key };
        command.SetAction((line, _) => action(new AuditOptions(
            line.GetValue(session),
            new JournalOptions(line.GetValue(data) ?? DefaultData, line.GetValue(journal)),
            line.GetValue(whatIf),
            line.GetValue(at),
            line.GetValue(report),
            line.GetValue(key))));
        return command;
    }

    public static Command Sessions(Func<JournalOptions, Task<int>> action)
    {
        var data = Flags.PathOf("--data", "dir", "The data folder of the sessions. Default: ./data.");
        var journal = Journal();
        var command = new Command("sessions", "Lists the sessions of a journal: when, how much, how they ended.") { data, journal };
        command.SetAction((line, _) => action(new JournalOptions(line.GetValue(data) ?? DefaultData, line.GetValue(journal))));
        return command;
    }

    public static Command JournalExport(Func<ExportOptions, Task<int>> action)
    {
        var session = new Argument<string?>("SESSION") { Description = "The session's name. Default: the newest.", Arity = ArgumentArity.ZeroOrOne };
        var data = Flags.PathOf("--data", "dir", "The data folder of the session. Default: ./data.");
        var journal = Journal();
        var to = Flags.PathOf("--to", "dir", "Folder to write to: journal.jsonl, one record a line, and frames.txt, which 'actors feed' reads.");
        to.Required = true;
        var command = new Command("export", "Writes a session's journal as text.") { session, data, journal, to };
        command.SetAction((line, _) => action(new ExportOptions(line.GetValue(session), new JournalOptions(line.GetValue(data) ?? DefaultData, line.GetValue(journal)), line.GetValue(to)!)));
        return command;
    }

    public static Command JournalPrune(Func<PruneOptions, Task<int>> action)
    {
        var data = Flags.PathOf("--data", "dir", "The data folder of the sessions. Default: ./data.");
        var journal = Journal();
        var keep = Flags.Duration("--keep", "How long records are kept: older ones are removed, and their digest is journaled.");
        keep.Required = true;
        var decisions = new Option<bool>("--decisions") { Description = "Not frames alone: also what sessions decided that ended so long ago, up to a state that their streams keep. Those cannot be decided again." };
        var command = new Command("prune", "Removes old frames, and old decisions where asked to, so that the audit still verifies the rest.") { data, journal, keep, decisions };
        command.SetAction((line, _) => action(new PruneOptions(
            new JournalOptions(line.GetValue(data) ?? DefaultData, line.GetValue(journal)), line.GetValue(keep)!.Value, line.GetValue(decisions))));
        return command;
    }
}
