using Actors.Domain.Risk;

namespace Actors.Journal.Codec.Kept;

/// <summary>How what is journaled of the risk door is stored when it is kept.</summary>
internal static class RiskKeptFormat
{
    public static RecordFormat Format { get; } = new JsonFormat<RiskKept>("risk-kept", Write, Read);

    private static void Write(FieldWriter to, RiskKept kept) => to
        .List("gates", kept.ClosedGates, static (one, closed) => one.Word("gate", closed.Gate, Vocabulary.Gates).Text("reason", closed.Reason));

    private static RiskKept Read(FieldReader from) =>
        new(from.List("gates", static one => new ClosedGate(one.Word("gate", Vocabulary.Gates), one.Text("reason"))));
}
