using Actors.Domain.Instruments;

namespace Actors.Workloads;

/// <summary>One message as a socket would deliver it, and how many level rows it holds.</summary>
public readonly record struct Frame(byte[] Bytes, int Rows);

/// <summary>
/// Frames to measure with. <see cref="Opening"/> is applied once; <see cref="Cycle"/> leaves every book as it found it, so that it can be applied
/// for as long as a measurement wants without books growing or going stale.
/// </summary>
public sealed record MarketSession(string Name, TickSize Tick, IReadOnlyList<Frame> Opening, IReadOnlyList<Frame> Cycle)
{
    /// <summary>Level rows of one cycle.</summary>
    public long Rows { get; } = Cycle.Sum(frame => (long)frame.Rows);

    public override string ToString() => Name;
}
