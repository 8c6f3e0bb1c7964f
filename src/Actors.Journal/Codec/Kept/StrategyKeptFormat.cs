using Actors.Domain.Strategies;

namespace Actors.Journal.Codec.Kept;

/// <summary>How what is journaled of a strategy is stored when it is kept.</summary>
internal static class StrategyKeptFormat
{
    public static RecordFormat Format { get; } = new JsonFormat<StrategyKept>("strategy-kept", Write, Read);

    private static void Write(FieldWriter to, StrategyKept kept) => to
        .Ticks("anchorTicks", kept.Memory.Anchor)
        .Contracts("inventory", kept.Memory.Inventory)
        .Number("lastSequence", kept.Memory.LastSequence)
        .Text("session", kept.SessionId)
        .Number("counter", kept.Counter);

    private static StrategyKept Read(FieldReader from) => new(
        new StrategyMemory(from.OptionalTicks("anchorTicks"), from.Contracts("inventory"), from.Number("lastSequence")),
        from.Text("session"),
        from.Number("counter"));
}
