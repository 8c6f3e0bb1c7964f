using Actors.Engine.Session;
using Akka.Actor;

namespace Actors.Engine.Supervision;

/// <summary>
/// An actor that makes children and treats their failures by the supervision table. A child that lost its journal stops itself (Akka stops a
/// persistent actor whose write failed, whatever its supervisor says) and is made again here after a growing wait; so is one that fails while it recovers.
/// </summary>
public abstract class Supervisor(SessionContext context) : UntypedActor, IWithTimers
{
    private readonly Dictionary<string, Child> _children = [];

    public ITimerScheduler Timers { get; set; } = null!;

    protected SessionContext Session { get; } = context;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(-1, Timeout.InfiniteTimeSpan, Decide);

    /// <summary>Makes a child under the last segment of its part's name.</summary>
    protected void Spawn(string part, Props props)
    {
        var child = new Child(part, props);
        _children[Name(part)] = child;
        Make(child);
    }

    /// <summary>Handles what concerns children; true when the message was one of those.</summary>
    protected bool HandledByTable(object message)
    {
        switch (message)
        {
            case Terminated terminated when _children.TryGetValue(terminated.ActorRef.Path.Name, out var child) && child.Cause is { } cause:
                Recreate(child, cause);
                return true;
            case Terminated:
                return true;
            case Recreation recreation:
                Make(recreation.Child);
                return true;
            case ChildLostJournal lost when _children.TryGetValue(Name(lost.Part), out var child):
                child.Cause = lost.Cause;
                return true;
            default:
                return false;
        }
    }

    private static string Name(string part) => part[(part.LastIndexOf('/') + 1)..];

    private Directive Decide(Exception cause)
    {
        var child = _children[Sender.Path.Name];
        var row = SupervisionTable.Row(child.Part, cause);
        if (row.Remedy == Remedy.Restart && Session.Recovering.ContainsKey(child.Part))
        {
            // What the journal still has to tell it would be told to the next one under the same reference, which could take the end of that reading for the end of its own, and write
            // under numbers that are taken.
            child.Cause = new JournalUnreachableException($"{child.Part} ended while it read its records: {cause.GetBaseException().Message}", cause);
            return Directive.Stop;
        }

        if (row.Remedy == Remedy.Restart && child.RestartsPassBound(Session.Now(), Session.Timings.RestartsPerMinuteMax))
            row = row with { Remedy = Remedy.StopSession, Told = $"the session stops: more than {Session.Timings.RestartsPerMinuteMax} restarts in a minute" };
        Session.Directory.Engine.Tell(new PartMessages.Failed(child.Part, cause, row));
        return SupervisionTable.Directive(row.Remedy);
    }

    private void Recreate(Child child, JournalUnreachableException cause)
    {
        var row = SupervisionTable.Row(child.Part, cause);
        Session.Directory.Engine.Tell(new PartMessages.Failed(child.Part, cause, row));
        child.Cause = null;
        // After a calm the first wait is short again.
        if (Session.Now() - child.RecreatedAt > 2 * Session.Timings.RecreateMax) child.Recreations = 0;
        child.RecreatedAt = Session.Now();
        var wait = Session.Timings.RecreateMin * (1L << Math.Min(child.Recreations++, 20));
        Timers.StartSingleTimer(child.Part, new Recreation(child), wait < Session.Timings.RecreateMax ? wait : Session.Timings.RecreateMax);
    }

    private void Make(Child child)
    {
        var actor = Context.Watch(Context.ActorOf(child.Props, Name(child.Part)));
        Session.Directory.Register(child.Part, actor);
    }

    /// <summary>Told by a child on its way out.</summary>
    internal sealed record ChildLostJournal(string Part, JournalUnreachableException Cause);

    private sealed record Recreation(Child Child);

    private sealed class Child(string part, Props props)
    {
        private readonly Queue<DateTimeOffset> _restarts = [];

        public string Part { get; } = part;

        public Props Props { get; } = props;

        public JournalUnreachableException? Cause { get; set; }

        public int Recreations { get; set; }

        public DateTimeOffset RecreatedAt { get; set; }

        public bool RestartsPassBound(DateTimeOffset now, int perMinuteMax)
        {
            _restarts.Enqueue(now);
            while (now - _restarts.Peek() > TimeSpan.FromMinutes(1)) _restarts.Dequeue();
            return _restarts.Count > perMinuteMax;
        }
    }
}

/// <summary>Owns the parts of one kind, one a symbol or a strategy, so that the tree reads like the design.</summary>
public sealed class GroupActor : Supervisor
{
    private readonly IReadOnlyDictionary<string, Props> _members;

    public GroupActor(SessionContext context, IReadOnlyDictionary<string, Props> members)
        : base(context) => _members = members;

    protected override void PreStart()
    {
        foreach (var (part, props) in _members) Spawn(part, props);
    }

    protected override void OnReceive(object message)
    {
        if (!HandledByTable(message)) Unhandled(message);
    }
}
