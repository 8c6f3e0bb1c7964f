using System.Globalization;
using Actors.Domain.Risk;

namespace Actors.Host.View;

/// <summary>The risk door in words.</summary>
internal static class RiskText
{
    public static string Standing(RiskStanding standing) => standing switch
    {
        RiskStanding.Open => "open",
        RiskStanding.ReduceOnly => "reduce-only",
        _ => "halted",
    };

    /// <summary>The limit whose bound is used up most, in a few words; null when none is known.</summary>
    public static string? Nearest(RiskPicture picture) =>
        picture.Levels.FirstOrDefault(level => level.Level is not null) is { } nearest ? $"{nearest.Name} {Part(nearest.Level!.Value)}" : null;

    /// <summary>One line of it.</summary>
    public static string Line(RiskPicture picture)
    {
        var why = picture.Why.Count == 0 ? string.Empty : ": " + string.Join("; ", picture.Why);
        var nearest = Nearest(picture) is { } words ? $", nearest limit {words}" : string.Empty;
        return $"{Standing(picture.Standing)}{why}{nearest}";
    }

    /// <summary>All of it.</summary>
    public static IEnumerable<string> Lines(RiskPicture picture)
    {
        yield return $"risk is {Standing(picture.Standing)}";
        foreach (var why in picture.Why) yield return $"  because {why}";
        foreach (var latch in picture.Latches)
            yield return string.Create(CultureInfo.InvariantCulture, $"  latched {latch.Name} since {latch.At:yyyy-MM-dd HH:mm:ss} UTC, {latch.Action}{(latch.HasEnded ? ", flattening has ended" : string.Empty)}");
        foreach (var level in picture.Levels)
        {
            yield return level.Value is { } value
                ? $"  {level.Name,-30} {LimitWords.Shown(value),18} of {LimitWords.Shown(level.Bound),-18} {Part(level.Level!.Value)}"
                : $"  {level.Name,-30} {"unknown",18} of {LimitWords.Shown(level.Bound),-18} {level.Missing}";
        }
    }

    private static string Part(decimal level) => level > 1_000 ? "far beyond" : (level * 100).ToString("0", CultureInfo.InvariantCulture) + " %";
}
