using Actors.Domain.Instruments;
using Actors.Domain.Sessions;

namespace Actors.Domain.Positions;

/// <summary>
/// The venue's own position, to be compared with ours; money in minor units. <see cref="Quiet"/>: nothing was being traded, so that any difference is real.
/// </summary>
public sealed record PositionCompared(Quantity Quantity, long UnrealisedCost, bool Quiet) : Input;
