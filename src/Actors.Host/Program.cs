using Actors.Host.CommandLine;
using Actors.Host.Verbs;

var run = new RunVerb(RunComposition.StartAsync, Console.Out, Console.Error);
var keys = new KeysVerb(Console.Out, Console.Error);
var commandLine = new ActorsCommandLine(new VerbActions(
    run.ExecuteAsync,
    new VenueVerb(Console.Out, Console.Error).ExecuteAsync,
    new FeedVerb(Console.Out, Console.Error).ExecuteAsync,
    _ => throw new UsageException("the audit is not there yet: sessions are journaled, but this version cannot re-decide them"),
    new KeysActions(keys.CheckAsync, keys.NewAsync, keys.EncryptAsync)));
return await commandLine.InvokeAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
