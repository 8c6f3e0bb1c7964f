using Actors.Engine.Session;
using Actors.Journal;
using Akka.Actor;

namespace Actors.Engine.Supervision;

/// <summary>What is done about a failing part.</summary>
public enum Remedy
{
    /// <summary>The same actor begins again: recovered from its journal if it has one; its mailbox is kept.</summary>
    Restart = 1,

    /// <summary>The part is made anew after a growing wait, because its journal could not be reached; nothing is traded until it is back.</summary>
    Recreate = 2,

    /// <summary>The session stops in the safe order: something is broken that no restart mends.</summary>
    StopSession = 3,

    /// <summary>The whole tree ends at once: who would stop it in the safe order is what failed. The switch stays armed, and the venue cancels what is left.</summary>
    EndSession = 4,
}

/// <summary>One row: which part, which failure, what is done, which gate closes until the part has proved itself, and what its peers are told.</summary>
public sealed record SupervisionRow(string Part, string Failure, Remedy Remedy, string Told);

/// <summary>
/// The supervision table: the only place that says what happens when a part fails. A part that fails more often than its bound stops the session,
/// whatever its row says.
/// </summary>
public static class SupervisionTable
{
    private const string AnyFailure = "any exception";
    private const string BrokenJournal = "a journal that is not whole";
    private const string JournalUnreachable = "the journal could not be written or read";

    public static readonly IReadOnlyList<SupervisionRow> Rows =
    [
        new(PartNames.Engine, AnyFailure, Remedy.EndSession, "the session ends at once and leaves the switch armed: the venue cancels every order of the account when it fires"),
        new(PartNames.Connection, AnyFailure, Remedy.Restart, "trading halts until reconnected and reconciled"),
        new(PartNames.Switch, AnyFailure, Remedy.Restart, "quoting halts until a beat is confirmed again"),
        new(PartNames.Books, AnyFailure, Remedy.Restart, "this book is stale until a new snapshot; other instruments go on"),
        new(PartNames.Gateway, AnyFailure, Remedy.Restart, "every order being sent becomes unknown and is looked up"),
        new(PartNames.Orders, AnyFailure, Remedy.Restart, "trading halts until recovered and reconciled; risk and strategies take the orders anew"),
        new(PartNames.Positions, AnyFailure, Remedy.Restart, "trading halts until recovered and reconciled"),
        new(PartNames.Account, AnyFailure, Remedy.Restart, "trading halts until recovered and reconciled"),
        new(PartNames.Risk, AnyFailure, Remedy.Restart, "the door is closed until recovered and reconciled"),
        new(PartNames.Strategies, AnyFailure, Remedy.Restart, "this strategy resumes with the orders it has; others go on"),
        new(PartNames.Recorder, AnyFailure, Remedy.Restart, "trading halts until frames are journaled again"),
        new(PartNames.Chronicle, AnyFailure, Remedy.Restart, "trading halts until the chronicle is written again"),
        new(PartNames.Orders, JournalUnreachable, Remedy.Recreate, "trading halts until recovered and reconciled"),
        new(PartNames.Positions, JournalUnreachable, Remedy.Recreate, "trading halts until recovered and reconciled"),
        new(PartNames.Account, JournalUnreachable, Remedy.Recreate, "trading halts until recovered and reconciled"),
        new(PartNames.Risk, JournalUnreachable, Remedy.Recreate, "the door is closed until recovered and reconciled"),
        new(PartNames.Strategies, JournalUnreachable, Remedy.Recreate, "trading halts until recovered and reconciled"),
        new(PartNames.Recorder, JournalUnreachable, Remedy.Recreate, "trading halts until frames are journaled again; those on their way to it are not recorded"),
        new(PartNames.Chronicle, JournalUnreachable, Remedy.Recreate, "trading halts until the chronicle is written again"),
        new(PartNames.Orders, BrokenJournal, Remedy.StopSession, "the session stops: the journal has to be looked at by a person"),
        new(PartNames.Positions, BrokenJournal, Remedy.StopSession, "the session stops: the journal has to be looked at by a person"),
        new(PartNames.Account, BrokenJournal, Remedy.StopSession, "the session stops: the journal has to be looked at by a person"),
        new(PartNames.Risk, BrokenJournal, Remedy.StopSession, "the session stops: the journal has to be looked at by a person"),
        new(PartNames.Strategies, BrokenJournal, Remedy.StopSession, "the session stops: the journal has to be looked at by a person"),
        new(PartNames.Recorder, BrokenJournal, Remedy.StopSession, "the session stops: the journal has to be looked at by a person"),
        new(PartNames.Chronicle, BrokenJournal, Remedy.StopSession, "the session stops: the journal has to be looked at by a person"),
    ];

    /// <summary>The row for a part (a child of a group goes by its group's name) and its failure. Throws when the table has none.</summary>
    public static SupervisionRow Row(string part, Exception failure)
    {
        var group = part.Split('/')[0];
        var kind = Kind(failure);
        return Rows.FirstOrDefault(row => row.Part == group && row.Failure == kind)
            ?? Rows.FirstOrDefault(row => row.Part == group && row.Failure == AnyFailure)
            ?? throw new InvalidOperationException($"the supervision table has no row for {part}");
    }

    /// <summary>Akka's directive for a remedy: what is recreated, or stops or ends the session, is stopped first.</summary>
    public static Directive Directive(Remedy remedy) => remedy == Remedy.Restart ? Akka.Actor.Directive.Restart : Akka.Actor.Directive.Stop;

    private static string Kind(Exception failure) => Unwrap(failure) switch
    {
        JournalUnreachableException => JournalUnreachable,
        JournalFormatException => BrokenJournal,
        _ => AnyFailure,
    };

    /// <summary>An actor that could not be created hides its failure inside Akka's own.</summary>
    private static Exception Unwrap(Exception failure) =>
        failure is ActorInitializationException { InnerException: { } inner } ? Unwrap(inner) : failure;
}

/// <summary>Stands above the engine, which nothing else supervises: the same table says what its failure means. Named in the configuration of the actor system.</summary>
public sealed class EngineGuard : SupervisorStrategyConfigurator
{
    public override SupervisorStrategy Create() => new OneForOneStrategy(static cause => SupervisionTable.Directive(SupervisionTable.Row(PartNames.Engine, cause).Remedy));
}

/// <summary>A part's journal could not be written or read; the part has stopped and has to be made anew.</summary>
public sealed class JournalUnreachableException : Exception
{
    public JournalUnreachableException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public JournalUnreachableException(string message)
        : base(message)
    {
    }

    public JournalUnreachableException()
    {
    }
}
