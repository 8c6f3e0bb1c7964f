using Akka.Configuration;
using Akka.Dispatch;

namespace Actors.Engine.Dispatch;

/// <summary>Makes the executor of a dispatcher; named in <c>hocon/engine.conf</c>.</summary>
/// <param name="config">The dispatcher's block. With <c>waits-for-turn = on</c> its actors are none that an order waits for.</param>
/// <param name="prerequisites">What Akka hands to every executor.</param>
public sealed class TurnExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    public override ExecutorService Produce(string id)
    {
        // Of the two dispatchers one is enough. The wheel of Akka's timers turns at that pace anyway; a timer of its own would wake a thread ten times a second more.
        // Where loads have that wheel turn faster, turns are looked at more often, which only gives away sooner what waits.
        var waits = Config.GetBoolean("waits-for-turn");
        if (!waits) Prerequisites.Scheduler.Advanced.ScheduleRepeatedly(Turn.RescueInterval, Turn.RescueInterval, Turn.RescueAll);
        return new TurnExecutor(id, waits);
    }
}

/// <summary>
/// Runs what an actor's message sets off on the thread that ran that actor, one mailbox after the other in the order in which they were told, instead of waking another
/// thread of the pool for each. What comes from outside a turn begins one on the pool.
/// </summary>
/// <param name="id">The dispatcher's.</param>
/// <param name="waitsForTurn">What is set off within a turn is run when nothing else of that turn is left.</param>
internal sealed class TurnExecutor(string id, bool waitsForTurn) : ExecutorService(id)
{
    /// <summary>The dispatcher of parts that no order waits for.</summary>
    public const string BehindOrders = "akka.actor.behind-orders-dispatcher";

    public override void Execute(IRunnable run) => Turn.Execute(run, waitsForTurn);

    public override void Shutdown()
    {
        // The pool is the runtime's, and a turn ends by itself.
    }
}
