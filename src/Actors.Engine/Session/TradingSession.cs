using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Engine.Risk;
using Actors.Engine.Supervision;
using Actors.Journal;
using Akka.Actor;
using Akka.Configuration;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Actors.Engine.Session;

/// <summary>What a session is started with.</summary>
public sealed record SessionStart
{
    public required SessionSettings Settings { get; init; }

    public required IVenuePort Venue { get; init; }

    /// <summary>Open; the session closes it when it ends.</summary>
    public required JournalDatabase Journal { get; init; }

    /// <summary>The engine's own configuration, of <c>hocon/engine.conf</c>.</summary>
    public required EngineConfiguration Configuration { get; init; }

    /// <summary>The text of <c>hocon/persistence.conf</c>.</summary>
    public required string PersistenceTunables { get; init; }

    public required TimeProvider Clock { get; init; }

    public required ILoggerFactory Logs { get; init; }

    /// <summary>Which build ran and with which configuration, for the manifest; must hold no secret.</summary>
    public required string CodeVersion { get; init; }

    public required string ConfigurationText { get; init; }

    /// <summary>Signs the journal's checkpoints; null: they are not signed.</summary>
    public CheckpointSigner? Signer { get; init; }
}

/// <summary>One run of the engine for one account, from start to orderly stop or crash. Owns the actor system.</summary>
public sealed class TradingSession : IAsyncDisposable
{
    /// <summary>Many times what the first use of the journal takes on a quiet machine.</summary>
    private static readonly TimeSpan JournalAnswersWithin = TimeSpan.FromSeconds(60);

    private readonly TaskCompletionSource<SessionSummary> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ActorSystem _system;
    private readonly JournalDatabase _journal;
    private readonly SessionContext _context;

    private TradingSession(ActorSystem system, JournalDatabase journal, SessionContext context, SessionStarted manifest)
    {
        _journal = journal;
        _system = system;
        _context = context;
        system.ActorOf(Props.Create(() => new EngineActor(context, manifest, summary => _completion.TrySetResult(summary))), PartNames.Engine);
    }

    public string SessionId => _context.SessionId;

    public string Account => _context.Account;

    /// <summary>Finds the actors of the tree; for tests and operators that reach into it.</summary>
    public EngineDirectory Directory => _context.Directory;

    /// <summary>The names of all parts below the engine itself, as the directory knows them.</summary>
    public IReadOnlyList<string> Parts => [.. _context.Parts, PartNames.Gateway];

    /// <summary>A moment of the session for a person to read; cheap enough to take several times a second.</summary>
    public SessionView View => _context.Board.Picture(_context.Now());

    /// <summary>Ends when the session has stopped, by request or by itself.</summary>
    public Task<SessionSummary> Completion => _completion.Task;

    /// <summary>
    /// Asks the venue for the account and the definitions of what is traded, then brings the tree up; trading begins by itself when everything is proved.
    /// Throws <see cref="VenueUnreachableException"/> with one line when the venue does not answer or does not list an instrument, and
    /// <see cref="EngineConfigurationException"/> when settings contradict each other, <see cref="JournalException"/> when the journal does not answer.
    /// </summary>
    public static async Task<TradingSession> StartAsync(SessionStart start, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(start);
        var timings = start.Configuration.Under(start.Settings.Switch).Timings;
        var own = ConfigurationFactory.ParseString(
            $"akka {{ loggers = [\"Akka.Hosting.Logging.LoggerFactoryLogger, Akka.Hosting\"], actor.guardian-supervisor-strategy = \"{typeof(EngineGuard).AssemblyQualifiedName}\" }}");
        var config = start.Journal.Hocon(start.PersistenceTunables).WithFallback(start.Configuration.Akka);
        var setup = BootstrapSetup.Create().WithConfig(own.WithFallback(config)).And(start.Journal.Setup).And(new LoggerFactorySetup(start.Logs));
        var system = ActorSystem.Create("actors", setup);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        // Beside the questions to the venue, which compile other code.
        var warmUp = Task.Run(() => start.Journal.WarmUpAsync(system, JournalAnswersWithin, given.Token), given.Token);
        try
        {
            var (context, manifest) = await PrepareAsync(start, timings, cancellation);
            await warmUp;
            return new TradingSession(system, start.Journal, context, manifest);
        }
        catch
        {
            await given.CancelAsync();
            await Task.WhenAny(warmUp);
            await system.Terminate();
            throw;
        }
    }

    /// <summary>Stops in the safe order and tells how it went. May be called more than once.</summary>
    public Task<SessionSummary> StopAsync(string reason = "asked to stop")
    {
        _context.Directory.Engine.Tell(new EngineMessages.Stop(reason, false));
        return Completion;
    }

    /// <summary>How the risk door stands. Throws <see cref="AskTimeoutException"/> when it does not answer.</summary>
    public async Task<RiskPicture> ShowRiskAsync() => (await AskRiskAsync<RiskMessages.Shown>(new RiskMessages.Show())).Picture;

    /// <summary>Halts or resumes in an operator's name; the picture after it is durable. Throws as <see cref="ShowRiskAsync"/>.</summary>
    public async Task<RiskPicture> OperateRiskAsync(OperatorVerb verb, string reason, IReadOnlyList<string> latches) =>
        (await AskRiskAsync<RiskMessages.Shown>(new RiskMessages.Operate(verb, reason, latches))).Picture;

    /// <summary>What the door would say to an order. Throws as <see cref="ShowRiskAsync"/>.</summary>
    public Task<RiskMessages.Examined> ExamineAsync(RiskMessages.Examine order) => AskRiskAsync<RiskMessages.Examined>(order);

    private Task<T> AskRiskAsync<T>(object question) => _context.Directory.Risk.Ask<T>(question, TimeSpan.FromSeconds(10));

    /// <summary>Ends the actor system, stopped or not, and closes the journal.</summary>
    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        _journal.Dispose();
    }

    /// <summary>What the venue says of the account and of what is traded, and the manifest that it is part of.</summary>
    private static async Task<(SessionContext Context, SessionStarted Manifest)> PrepareAsync(SessionStart start, EngineTimings timings, CancellationToken cancellation)
    {
        var account = $"{start.Venue.Dialect}-{await start.Venue.Queries.AccountAsync(cancellation)}";
        start.Journal.Claim(account);
        var instruments = await DefineAsync(start, cancellation);
        CheckCurrencies(start.Settings.Limits, instruments.Values);
        var startedAt = start.Clock.GetUtcNow();
        var sessionId = NameSession(startedAt);
        var context = new SessionContext
        {
            SessionId = sessionId,
            Account = account,
            Settings = start.Settings,
            Venue = start.Venue,
            Clock = start.Clock,
            Instruments = instruments,
            Timings = timings,
            Board = new SessionBoard(sessionId, account, start.Venue.Dialect, startedAt),
            Signer = start.Signer,
        };
        var manifest = new SessionStarted(sessionId, account, start.Venue.Dialect, start.CodeVersion, start.ConfigurationText)
        {
            Plan = new SessionPlan(
                start.Settings.Strategies,
                start.Settings.Limits,
                [.. instruments.Values.OrderBy(instrument => instrument.Symbol)],
                context.Timings.LostAfter,
                context.Timings.RefusedPause),
        };
        return (context, manifest);
    }

    private static async Task<Dictionary<Symbol, Instrument>> DefineAsync(SessionStart start, CancellationToken cancellation)
    {
        var wanted = start.Settings.Strategies.Select(strategy => strategy.Symbol).Distinct().ToArray();
        var setAside = new List<string>();
        var reports = await start.Venue.Queries.InstrumentsAsync(wanted, setAside.Add, cancellation);
        var defined = reports.ToDictionary(report => report.Definition.Symbol, report => report.Definition);
        var missing = wanted.Where(symbol => !defined.ContainsKey(symbol)).ToArray();
        if (missing.Length == 0) return defined;
        var why = setAside.Count > 0 ? $" ({string.Join("; ", setAside)})" : "";
        throw new VenueUnreachableException($"the venue does not list {string.Join(", ", missing)}{why}");
    }

    /// <summary>A limit of a currency that is spelt otherwise than the venue spells it would bind nothing.</summary>
    private static void CheckCurrencies(RiskLimits limits, IEnumerable<Instrument> instruments)
    {
        var settled = instruments.Select(instrument => instrument.Settlement.Code).Distinct().Order(StringComparer.Ordinal).ToList();
        foreach (var code in limits.All.Select(limit => limit.Scope.Currency?.Code).OfType<string>().Distinct())
        {
            if (!settled.Contains(code) && settled.Exists(other => string.Equals(other, code, StringComparison.OrdinalIgnoreCase)))
                throw new EngineConfigurationException($"risk.json: currencies: {code} is spelt otherwise by the venue; expected one of {string.Join(", ", settled)}");
        }
    }

    /// <summary>Milliseconds since 1970 in base 36: eight characters until the year 2059, never twice on one account, and in the order of time.</summary>
    private static string NameSession(DateTimeOffset startedAt)
    {
        const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
        var rest = startedAt.ToUnixTimeMilliseconds();
        var name = new char[16];
        var at = name.Length;
        for (; rest > 0; rest /= Digits.Length) name[--at] = Digits[(int)(rest % Digits.Length)];
        return string.Create(CultureInfo.InvariantCulture, $"{new string(name, at, name.Length - at)}");
    }
}
