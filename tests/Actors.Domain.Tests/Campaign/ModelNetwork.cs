namespace Actors.Domain.Tests.Campaign;

/// <summary>
/// What lies between engine and venue: every message is delayed at random, requests and answers get lost, and for spells neither requests nor the socket work.
/// </summary>
internal sealed class ModelNetwork(Simulation simulation)
{
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The longest that a message is under way.</summary>
    public static readonly TimeSpan LongestWay = TimeSpan.FromSeconds(6);

    /// <summary>Whether anything fails; off when a run is brought to its end.</summary>
    public bool IsFaulty { get; set; } = true;

    public bool RequestsFail { get; set; }

    public bool SocketFails { get; set; }

    /// <summary>The way of one message: mostly short, now and then longer than anybody waits.</summary>
    public TimeSpan Delay() => IsFaulty && simulation.Chance(15) ? simulation.Milliseconds(1500, 6000) : simulation.Milliseconds(5, 120);

    public bool Loses(int permille) => IsFaulty && simulation.Chance(permille);

    /// <summary>
    /// Asks the venue something. Exactly one of the two is called, unless the asker is gone: <paramref name="answered"/> with what the venue said, or
    /// <paramref name="failed"/>, told whether the request certainly never left.
    /// </summary>
    public void Ask<T>(Func<T> venue, Action<T> answered, Action<bool> failed)
    {
        if (RequestsFail && simulation.Chance(500))
        {
            simulation.After(simulation.Milliseconds(1, 20), () => failed(true));
            return;
        }

        var open = true;
        simulation.After(RequestTimeout, () => End(() => failed(false)));
        if (RequestsFail || Loses(20)) return;
        simulation.After(Delay(), () =>
        {
            var answer = venue();
            if (RequestsFail || Loses(20)) return;
            simulation.After(Delay(), () => End(() => answered(answer)));
        });

        void End(Action end)
        {
            if (!open) return;
            open = false;
            end();
        }
    }
}
