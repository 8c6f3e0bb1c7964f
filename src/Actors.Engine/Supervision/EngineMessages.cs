using Actors.Engine.Clustering;
using Actors.Engine.Orders;

namespace Actors.Engine.Supervision;

/// <summary>The engine's own protocol.</summary>
public static class EngineMessages
{
    /// <summary>Stop in the safe order: quoting, cancellations, confirmation, and the switch last. A fault is a stop that nobody asked for.</summary>
    public sealed record Stop(string Reason, bool IsFault) : IBetweenNodes;

    /// <summary>Something is known to be missed or to differ: engine and venue are to be compared.</summary>
    internal sealed record Suspect(string Reason);

    internal sealed record SnapshotTaken(int Round, VenueSnapshot Venue);

    internal sealed record SnapshotFailed(int Round, string Reason);

}
