using Actors.Host.CommandLine;
using Actors.Host.Verbs;

return await new ActorsCommandLine(new VerbActions(
    _ => throw new UsageException("run"),
    _ => throw new UsageException("venue"),
    options => new FeedVerb(Console.Out, Console.Error).ExecuteAsync(options),
    _ => throw new UsageException("the audit is not there yet: this version journals what it needs, and a later one re-decides it"),
    _ => throw new UsageException("the key check is not there yet"))).InvokeAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
