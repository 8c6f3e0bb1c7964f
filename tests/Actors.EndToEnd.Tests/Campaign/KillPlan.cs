namespace Actors.EndToEnd.Tests.Campaign;

internal enum Victim
{
    Engine = 1,
    Venue = 2,
}

/// <summary>One SIGKILL: of whom, and how long after the engine began to trade, or, <paramref name="DuringRecovery"/>, after its process began.</summary>
internal sealed record Kill(int Number, Victim Victim, TimeSpan After, bool DuringRecovery)
{
    public override string ToString() => $"kill {Number} of the {Victim.ToString().ToLowerInvariant()} {After.TotalMilliseconds:0} ms after the {(DuringRecovery ? "process began" : "trading began")}";
}

/// <summary>When to kill whom: the same seed chooses the same moments.</summary>
internal static class KillPlan
{
    public static IReadOnlyList<Kill> Of(int seed, int engineKills, int venueKills)
    {
        var random = new Random(seed);
        Victim[] victims = [.. Enumerable.Repeat(Victim.Engine, engineKills), .. Enumerable.Repeat(Victim.Venue, venueKills)];
        random.Shuffle(victims);
        var kills = new List<Kill>();
        foreach (var victim in victims)
        {
            // One engine in four dies again while it recovers, if it has just been killed.
            var again = victim == Victim.Engine && kills.Count > 0 && kills[^1].Victim == Victim.Engine && random.Next(4) == 0;
            kills.Add(new Kill(kills.Count + 1, victim, TimeSpan.FromMilliseconds(again ? random.Next(200, 4_000) : random.Next(200, 3_000)), again));
        }

        return kills;
    }
}
