using System.Collections.Concurrent;
using Actors.Domain.Instruments;
using Akka.Actor;

namespace Actors.Engine.Session;

/// <summary>
/// Finds the actors of one account's tree by role, symbol or strategy, and never by path: what stands behind a name may be recreated, or move to
/// another node, without its peers knowing. Thread-safe. A part that is not there answers as nobody, and messages to it become dead letters.
/// </summary>
public sealed class EngineDirectory
{
    private readonly ConcurrentDictionary<string, IActorRef> _parts = [];

    public IActorRef Engine => Find(PartNames.Engine);

    public IActorRef Connection => Find(PartNames.Connection);

    public IActorRef Switch => Find(PartNames.Switch);

    public IActorRef Orders => Find(PartNames.Orders);

    public IActorRef Account => Find(PartNames.Account);

    public IActorRef Risk => Find(PartNames.Risk);

    public IActorRef Recorder => Find(PartNames.Recorder);

    public IActorRef Chronicle => Find(PartNames.Chronicle);

    public IActorRef Book(Symbol symbol) => Find(PartNames.Book(symbol));

    public IActorRef Position(Symbol symbol) => Find(PartNames.Position(symbol));

    public IActorRef Strategy(string id) => Find(PartNames.Strategy(id));

    public IActorRef Find(string part) => _parts.TryGetValue(part, out var actor) ? actor : ActorRefs.Nobody;

    /// <summary>Called by an actor when it starts: the newest incarnation is the one that is found.</summary>
    internal void Register(string part, IActorRef actor) => _parts[part] = actor;
}

/// <summary>The names of the parts of the tree, as logs, the journal and the supervision table spell them.</summary>
public static class PartNames
{
    public const string Engine = "engine";
    public const string Connection = "connection";
    public const string Switch = "dead-mans-switch";
    public const string Orders = "orders";
    public const string Gateway = "gateway";
    public const string Account = "account";
    public const string Risk = "risk";
    public const string Recorder = "recorder";
    public const string Chronicle = "chronicle";
    public const string Books = "books";
    public const string Positions = "positions";
    public const string Strategies = "strategies";

    public static string Book(Symbol symbol) => $"{Books}/{symbol}";

    public static string Position(Symbol symbol) => $"{Positions}/{symbol}";

    public static string Strategy(string id) => $"{Strategies}/{id}";
}
