using Actors.Domain.Positions;

namespace Actors.Journal.Codec.Kept;

/// <summary>How a kept position is stored.</summary>
internal static class PositionKeptFormat
{
    public static RecordFormat Format { get; } = new JsonFormat<PositionKept>("position-kept", Write, Read).Compact();

    private static void Write(FieldWriter to, PositionKept kept) => to
        .Contracts("contracts", kept.Position.Quantity)
        .Number("unrealisedCost", kept.Position.UnrealisedCost)
        .Number("realisedCost", kept.Position.RealisedCost)
        .Number("commission", kept.Position.Commission)
        .Number("fills", kept.Fills)
        .OptionalTime("lastExecutionAt", kept.LastExecutionAt)
        .TextList("executions", kept.Executions);

    private static PositionKept Read(FieldReader from) => new(
        new Position(from.Contracts("contracts"), from.Number("unrealisedCost"), from.Number("realisedCost"), from.Number("commission")),
        from.Number("fills"),
        from.OptionalTime("lastExecutionAt"),
        from.TextList("executions"));
}
