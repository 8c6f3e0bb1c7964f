// actors-guard: the independent risk process. It watches one account at the venue and stops trading when a limit is passed, whatever
// the engine thinks. It shares no code, no key, no process and no journal with the engine: a fault there is no fault here.
//
//   Eyes       see the account: realtime socket for news, REST to prove it and as the fallback (VenueSocket, VenueClient, Account)
//   Judge      measures every limit of the limits file on the venue's own rows, with its own arithmetic (LimitsFile, Watches)
//   GuardLoop  latches breaches until an operator clears them, and remembers them over restarts (StateFile)
//   Hands      cancel all, stop the engine's process, flatten; only ever reducing, repeated until it is so (EngineProcess)
//   Voice      says one line a fact, alerts by webhook, tells the service manager that it lives
//
// What it cannot see or do is a breach too: an account that is not seen, a failure of its own, a state file it cannot read.
using System.Runtime.InteropServices;
using Actors.Guard;
using Serilog;
using Serilog.Events;

const string Help = """
    Watches an account at the venue and stops trading when a limit is passed. A process of its own.

    actors-guard run --limits FILE --url URL [--key FILE] [--socket URL] [--state FILE]
    actors-guard check --limits FILE [--key FILE --url URL]
    actors-guard clear [--state FILE] --confirm [--restart-losses]

      run      watch, until SIGTERM
      check    print one line a rule, and with a key and a url whether the key will do
      clear    let go of what is latched; a limit that is still passed latches again

      --limits FILE      what may be lost: see config/guard.json
      --key FILE         the guard's own key, mode 0600; default: $CREDENTIALS_DIRECTORY/guard-key.json
      --url URL          the venue; https, or http on this machine
      --socket URL       the venue's realtime socket; default: the url's /realtime
      --state FILE       what must outlive a restart; default: $STATE_DIRECTORY/guard.json or data/guard/guard.json
      --confirm          yes, the latches were looked at and may go
      --restart-losses   count losses from now; without it a loss of today latches again

    Ends with 0 when all is well, 1 when something is latched, unseen or could not be done, 2 when it cannot be started so.
    """;

try
{
    if (args is ["--help" or "-h", ..] or [_, "--help" or "-h", ..])
    {
        Console.WriteLine(Help);
        return 0;
    }

    return args switch
    {
        ["run", .. var rest] => await RunAsync(new Flags(rest, "--limits", "--url", "--key", "--socket", "--state")),
        ["check", .. var rest] => await CheckAsync(new Flags(rest, "--limits", "--url", "--key")),
        ["clear", .. var rest] => Clear(new Flags(rest, "--state", "--confirm", "--restart-losses")),
        _ => throw new RefusalException("expected run, check or clear; see actors-guard --help"),
    };
}
catch (RefusalException refusal)
{
    Console.Error.WriteLine($"actors-guard: {refusal.Message}");
    return 2;
}
catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or VenueException)
{
    Console.Error.WriteLine($"actors-guard: {broken.Message.ReplaceLineEndings(" ")}");
    return 1;
}

static async Task<int> RunAsync(Flags flags)
{
    var settings = LimitsFile.Read(flags.Needed("--limits"));
    var (key, url) = (flags.Key(settings), flags.Address("--url"));
    var webhook = settings.WebhookFile is { } path ? KeyFile.ReadAddress(path) : null;
    using var file = new StateFile(flags.State);
    file.Lock();
    using var log = new LoggerConfiguration().WriteTo.Console(outputTemplate: "{Timestamp:yyyy-MM-dd'T'HH:mm:ss.fffzzz} {Level:u3} {Message:lj}{NewLine}", formatProvider: CultureInfo.InvariantCulture, standardErrorFromLevel: LogEventLevel.Fatal).CreateLogger();
    await using var voice = new Voice(log, webhook);
    var clock = TimeProvider.System;
    var account = new Account(clock);
    using var venue = new VenueClient(key, url, clock);
    var socket = new VenueSocket(key, flags.Socket(url), settings.Timing.SocketSilence, account, voice, clock);
    var eyes = new Eyes(settings, venue, socket, account, voice, clock);
    var engine = settings.Engine is { } process ? new EngineProcess(process, voice, clock) : null;
    var hands = new Hands(settings, venue, engine, account, eyes, voice, clock);
    var guard = new GuardLoop(settings, account, eyes, hands, engine, venue, file, voice, clock);
    using var stopping = new CancellationTokenSource();
    using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    voice.Say($"watches with {key} at {url.Authority}: {settings.Limits.Count} limits; may cancel{(settings.Does(Step.Stop) ? ", stop the engine" : "")}{(settings.Does(Step.Flatten) ? ", flatten" : "")}; alerts go to the log{(webhook is null ? "" : " and a webhook")}");
    foreach (var limit in settings.Limits) voice.Say(limit.ToString());
    guard.Remember(file.Read);
    voice.TellManager("READY=1");
    var listening = socket.RunAsync(stopping.Token);
    guard.Run(stopping.Token);
    voice.TellManager("STOPPING=1");
    await listening;
    voice.Say(guard.IsWell ? "ends; all is well" : "ends; NOT well: something is latched, not seen, or could not be done");
    return guard.IsWell ? 0 : 1;

    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stopping.Cancel();
    }
}

static async Task<int> CheckAsync(Flags flags)
{
    var settings = LimitsFile.Read(flags.Needed("--limits"));
    foreach (var limit in settings.Limits) Console.WriteLine(limit);
    if (!flags.Has("--url")) return 0;
    using var venue = new VenueClient(flags.Key(settings), flags.Address("--url"), TimeProvider.System);
    Console.WriteLine(KeyPolicy.Check(settings, await venue.PermissionsAsync(CancellationToken.None)));
    return 0;
}

static int Clear(Flags flags)
{
    using var file = new StateFile(flags.State);
    try { foreach (var latch in file.Read().Latches) Console.WriteLine($"latched: {latch}"); }
    catch (RefusalException corrupt) { Console.WriteLine($"latched: {corrupt.Message}"); }
    if (!flags.Has("--confirm")) throw new RefusalException("nothing is cleared without --confirm");
    file.AskToClear(flags.Has("--restart-losses"));
    Console.WriteLine("the guard clears this at once when it runs, or when it starts");
    return 0;
}
