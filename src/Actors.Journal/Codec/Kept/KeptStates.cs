using Actors.Domain.Sessions;

namespace Actors.Journal.Codec.Kept;

/// <summary>The records that recovery can begin at.</summary>
internal static class KeptStates
{
    public static readonly IReadOnlyList<RecordFormat> All =
        [OrdersKeptFormat.Format, PositionKeptFormat.Format, RiskKeptFormat.Format, StrategyKeptFormat.Format, WalletsKeptFormat.Format];

    /// <summary>
    /// Their names; and those of records that say all there is to know by themselves: a chronicle's manifest and checkpoints name the session that writes it, and
    /// a stream of frames has no state at all.
    /// </summary>
    public static readonly IReadOnlyList<string> Names = [.. All.Select(format => format.Name), "session-started", "checkpoint", "frames"];

    public static bool IsKept(RecordFormat format) => format.Type.IsSubclassOf(typeof(StateKept));
}
