using System.Globalization;

namespace Actors.Domain.Risk;

/// <summary>Findings and latches in words, the same in every language of the machine: they are journaled and compared.</summary>
public static class LimitWords
{
    /// <summary>The limit, the value, the bound and what the value was computed from.</summary>
    public static string Of(LimitFinding finding)
    {
        var name = LimitNames.Of(finding.Kind, finding.Scope);
        if (finding.Kind is LimitKind.Operator or LimitKind.Unproved) return finding.Inputs;
        if (finding.Value is not { } value) return $"{name} cannot be known: {finding.Inputs}";
        var beyond = finding.Kind == LimitKind.LiquidationDistance ? "below" : "above";
        return string.Create(CultureInfo.InvariantCulture, $"{name} {Shown(value)} is {beyond} its bound {Shown(finding.Bound)} ({finding.Inputs})");
    }

    /// <summary>At most six digits after the point, and no zeros at the end.</summary>
    public static string Shown(decimal value) => decimal.Round(value, 6).ToString("0.######", CultureInfo.InvariantCulture);

    internal static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
