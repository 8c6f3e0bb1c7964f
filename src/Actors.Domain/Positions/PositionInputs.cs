using Actors.Domain.Instruments;
using Actors.Domain.Sessions;

namespace Actors.Domain.Positions;

/// <summary>
/// The venue's own position, to be compared with ours; money in minor units. <see cref="Quiet"/>: no execution came between the question for executions and that
/// for positions, so that a difference is real unless we have counted one newer than <see cref="NewestExecutionAt"/>, the newest that came along (null: none did).
/// </summary>
public sealed record PositionCompared(Quantity Quantity, long UnrealisedCost, bool Quiet, DateTimeOffset? NewestExecutionAt) : Input;
