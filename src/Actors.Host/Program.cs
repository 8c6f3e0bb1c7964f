using Actors.Host.CommandLine;
using Actors.Host.Running;
using Actors.Host.Verbs;

SmallFootprint.ShareHeap();
var run = new RunVerb(RunComposition.StartAsync, Console.Out, Console.Error);
var keys = new KeysVerb(Console.Out, Console.Error);
var commandLine = new ActorsCommandLine(new VerbActions(
    run.ExecuteAsync,
    new VenueVerb(Console.Out, Console.Error).ExecuteAsync,
    new FeedVerb(Console.Out, Console.Error).ExecuteAsync,
    new AuditVerb(Console.Out).ExecuteAsync,
    new SessionsVerb(Console.Out).ExecuteAsync,
    new JournalVerb(Console.Out).ExportAsync,
    new JournalVerb(Console.Out).PruneAsync,
    new KeysActions(keys.CheckAsync, keys.NewAsync, keys.EncryptAsync),
    new WhatIfVerb(Console.Out, Console.Error).ExecuteAsync,
    new RiskVerb(Console.Out).ExecuteAsync));
return await commandLine.InvokeAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
