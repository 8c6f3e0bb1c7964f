namespace Actors.Bitmex.Tests.Vectors;

/// <summary>
/// Rules of margin, liquidation and auto-deleveraging. The code they would call does not exist yet: each function names the fields it will
/// check, and nothing is computed twice here.
/// </summary>
internal static partial class VectorRules
{
    public const string MarginMissing = "margin is not there yet";

    private static IEnumerable<Check> PositionMargin(Vector vector) => vector.Aside(
        MarginMissing, "posInit", "posComm", "posMaint", "posMargin", "maintMargin", "bankruptPrice", "liquidationPrice", "marginCallPrice");

    private static IEnumerable<Check> MarginOfPublishedValue(Vector vector) => vector.Aside(MarginMissing, "initialMarginXBT");

    private static IEnumerable<Check> AccountMargin(Vector vector) => All(vector);

    private static IEnumerable<Check> OrderMargin(Vector vector) => All(vector);

    private static IEnumerable<Check> GrossOpenCost(Vector vector) => All(vector);

    private static IEnumerable<Check> RiskLimit(Vector vector) => All(vector);

    private static IEnumerable<Check> AutoDeleveraging(Vector vector) => All(vector);

    private static IEnumerable<Check> All(Vector vector) => vector.Aside(MarginMissing, [.. vector.Expected.Names]);
}
