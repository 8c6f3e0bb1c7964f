using Actors.Engine.Clustering;

namespace Actors.Engine.Supervision;

/// <summary>What parts tell the engine about themselves.</summary>
public static class PartMessages
{
    /// <summary>The part is up: recovered, if it has a journal.</summary>
    public sealed record Ready(string Part);

    /// <summary>The part failed; what the supervision table says is being done.</summary>
    public sealed record Failed(string Part, Exception Cause, SupervisionRow Row);

    /// <summary>The part answers that it is alive and, if it writes, that its last write is durable.</summary>
    public sealed record Alive(string Part, long Beat) : IBetweenNodes;

    /// <summary>Answer with <see cref="Alive"/>, in turn with everything else.</summary>
    public sealed record Probe(long Beat) : IBetweenNodes;
}
