using System.Collections.Concurrent;
using System.Globalization;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.Domain.Tests.Campaign;

/// <summary>
/// Thousands of short lives of an engine on a bad network, with a venue that is right: orders, answers and reports are delayed, lost, doubled and reordered, the engine is
/// killed at any moment and begins again from its journal, its parts fail and hang one by one, and the venue's switch fires. At the end of each, engine and venue agree on
/// every order, fill and unit of money, and no order has rested longer after contact was lost than the switch allows.
/// ACTORS_CAMPAIGN_SEEDS says how many seeds, ACTORS_CAMPAIGN_SEED names one to run again with its trace.
/// </summary>
public class CampaignTests
{
    private const int SeedsByDefault = 10_000;
    private static readonly TimeSpan Trouble = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(90);

    [Fact]
    public void Engine_and_venue_agree_after_any_faults()
    {
        if (Setting("ACTORS_CAMPAIGN_SEED") is { } one)
        {
            Assert.True(Run(one, keepsTrace: true, out var words, out _), $"seed {one}: {words}");
            return;
        }

        var failures = new ConcurrentBag<(int Seed, string Words)>();
        var totals = new ConcurrentBag<Totals>();
        Parallel.For(1, (Setting("ACTORS_CAMPAIGN_SEEDS") ?? SeedsByDefault) + 1, seed =>
        {
            if (!Run(seed, keepsTrace: false, out var words, out var total)) failures.Add((seed, words));
            totals.Add(total);
        });
        Assert.True(
            failures.IsEmpty,
            $"{failures.Count} seeds failed; run one again with ACTORS_CAMPAIGN_SEED: " + string.Join("; ", failures.OrderBy(one => one.Seed).Take(5).Select(one => $"seed {one.Seed}: {one.Words}")));
        // A campaign in which nothing went wrong proves nothing.
        var seeds = totals.Count;
        Assert.True(totals.Sum(one => one.Orders) > seeds * 20, $"only {totals.Sum(one => one.Orders)} orders");
        Assert.True(totals.Sum(one => one.Fills) > seeds * 10, $"only {totals.Sum(one => one.Fills)} fills");
        Assert.True(totals.Sum(one => one.Crashes) > seeds, $"only {totals.Sum(one => one.Crashes)} crashes");
        Assert.True(totals.Sum(one => one.Hangs) > seeds, $"only {totals.Sum(one => one.Hangs)} hangs");
        Assert.True(totals.Sum(one => one.Fires) > seeds / 10, $"the switch fired only {totals.Sum(one => one.Fires)} times");
    }

    [Fact]
    public void A_seed_gives_the_same_run_each_time()
    {
        Run(7, keepsTrace: true, out _, out var first);
        Run(7, keepsTrace: true, out _, out var second);
        Assert.Equal(first, second);
        Assert.NotEmpty(first.Trace);
    }

    [Theory]
    [InlineData((int)Mutation.RevivesFinished)]
    [InlineData((int)Mutation.CountsTwice)]
    [InlineData((int)Mutation.BeatsWhileHung)]
    [InlineData((int)Mutation.SendsAgain)]
    public void A_rule_that_is_broken_on_purpose_is_found(int mutation) =>
        Assert.Contains(Enumerable.Range(1, 200), seed => !Run(seed, keepsTrace: false, out _, out _, (Mutation)mutation));

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static bool Run(int seed, bool keepsTrace, out string words, out Totals totals, Mutation mutation = Mutation.None)
    {
        var simulation = new Simulation(seed) { KeepsTrace = keepsTrace };
        var network = new ModelNetwork(simulation);
        var venue = new ModelVenue(simulation);
        var engine = new ModelEngine(simulation, network, venue) { Mutation = mutation };
        var problems = new List<string>();
        venue.Publish = message =>
        {
            if (message is OrderReport { Status: VenueOrderStatus.New or VenueOrderStatus.PartiallyFilled } open && venue.CancelAllAt is null)
                problems.Add($"order {open.ClientId} is open with no switch to cancel it");
            engine.Hear(message);
        };
        engine.Start();
        Every(simulation, 100, 600, Samples.Noon + Trouble, venue.Happen);
        Every(simulation, 3_000, 25_000, Samples.Noon + Trouble, () =>
        {
            CrashAndReturn(simulation, engine);
            var crash = engine.Crashes;
            WatchExposure(simulation, venue, () => !engine.IsUp && engine.Crashes == crash, problems);
        });
        Every(simulation, 4_000, 40_000, Samples.Noon + Trouble, () => Fail(simulation, engine));
        Every(simulation, 4_000, 40_000, Samples.Noon + Trouble, () =>
        {
            engine.OrdersHang(simulation.Chance(300) ? simulation.Milliseconds(20_000, 35_000) : simulation.Milliseconds(500, 12_000));
            var hang = engine.Hangs;
            WatchExposure(simulation, venue, () => engine.IsHung && engine.Hangs == hang, problems);
        });
        Every(simulation, 4_000, 30_000, Samples.Noon + Trouble, () => Outage(simulation, network, engine));
        Every(simulation, 4_000, 30_000, Samples.Noon + Trouble, () => Unreachable(simulation, network));
        simulation.RunUntil(Samples.Noon + Trouble);
        (network.IsFaulty, network.RequestsFail, network.SocketFails, engine.Quotes) = (false, false, false, false);
        if (!engine.IsUp) engine.Start();
        simulation.RunUntil(Samples.Noon + Trouble + Calm);
        problems.AddRange(Disagreements(engine, venue));
        words = string.Join("; ", problems.Take(5)) + (keepsTrace ? Environment.NewLine + simulation.Trace : "");
        totals = new Totals(engine.Sent.Count, venue.Executions.Count, engine.Crashes, engine.Hangs, venue.Fires, simulation.Trace);
        return problems.Count == 0;
    }

    private static IEnumerable<string> Disagreements(ModelEngine engine, ModelVenue venue)
    {
        foreach (var (id, times) in engine.Sent.Where(one => one.Value > 1)) yield return $"{id} was sent {times} times";
        foreach (var (id, times) in venue.Arrivals.Where(one => one.Value > 1)) yield return $"{id} arrived {times} times";
        foreach (var order in venue.Orders.Values)
        {
            if (engine.Ledger.Find(order.Terms.Id) is not { } ours) yield return $"{order.Terms.Id} is forgotten";
            else if (Difference(ours, order) is { } difference) yield return $"{order.Terms.Id}: {difference}";
        }

        foreach (var submitted in engine.Submitted.Where(one => !venue.Orders.ContainsKey(one.Id)))
        {
            var ours = engine.Ledger.Find(submitted.Id)!;
            if (ours.State is not (OrderState.Lost or OrderState.Rejected)) yield return $"{submitted.Id} is {ours.State} and the venue never had it";
        }

        var position = engine.Position;
        if (position.Quantity != venue.Position) yield return $"position {position.Quantity}, the venue has {venue.Position}";
        if (position.UnrealisedCost + position.RealisedCost != venue.Cost) yield return $"cost {position.UnrealisedCost + position.RealisedCost}, the venue has {venue.Cost}";
        if (position.Commission != venue.Commission) yield return $"commission {position.Commission}, the venue has {venue.Commission}";
        if (engine.Adoptions > 0) yield return $"{engine.Adoptions} positions had to be taken over";
    }

    private static string? Difference(Order ours, ModelOrder theirs)
    {
        var state = theirs.Status switch
        {
            VenueOrderStatus.Filled => OrderState.Filled,
            VenueOrderStatus.Canceled => OrderState.Cancelled,
            _ => OrderState.Working,
        };
        if (ours.State != state) return $"{ours.State}, the venue has {theirs.Status}";
        if (ours.Filled != theirs.Filled) return $"filled {ours.Filled}, the venue has {theirs.Filled}";
        if (!theirs.IsOpen) return null;
        if (ours.Pending != PendingChange.None) return $"still waits for its {ours.Pending}";
        return ours.Price == theirs.Price && ours.Quantity == theirs.Quantity ? null : $"{ours.Quantity} at {ours.Price}, the venue has {theirs.Quantity} at {theirs.Price}";
    }

    private static void CrashAndReturn(Simulation simulation, ModelEngine engine)
    {
        engine.Crash();
        simulation.After(simulation.Chance(250) ? simulation.Milliseconds(15_000, 30_000) : simulation.Milliseconds(100, 5_000), () =>
        {
            if (!engine.IsUp) engine.Start();
        });
    }

    /// <summary>One part throws at whatever it is doing, and is made anew.</summary>
    private static void Fail(Simulation simulation, ModelEngine engine)
    {
        switch (simulation.Random.Next(4))
        {
            case 0:
                engine.OrdersFail();
                break;
            case 1:
                engine.PositionFails();
                break;
            case 2:
                engine.GatewayFails();
                break;
            default:
                engine.SwitchFails();
                break;
        }
    }

    /// <summary>
    /// Contact has just been lost: a beat that was on its way, or goes out once more because it was not confirmed, may still arrive; from the last one on no order may rest
    /// longer than the timeout and a second.
    /// </summary>
    private static void WatchExposure(Simulation simulation, ModelVenue venue, Func<bool> isLost, List<string> problems)
    {
        if (!isLost()) return;
        var (lostAt, returned) = (simulation.Now, false);
        Look();

        void Look() => simulation.After(TimeSpan.FromSeconds(1), () =>
        {
            returned |= !isLost();
            if (returned) return;
            if (venue.LastBeatAt > lostAt + ModelEngine.Timing.Deadline + ModelNetwork.LongestWay)
                problems.Add($"a beat arrived {(venue.LastBeatAt - lostAt).TotalSeconds} s after contact was lost");
            var since = venue.LastBeatAt > lostAt ? venue.LastBeatAt : lostAt;
            if (simulation.Now <= since + ModelEngine.Timing.Timeout + TimeSpan.FromSeconds(1)) Look();
            else if (venue.Open.Count > 0) problems.Add($"{venue.Open.Count} orders rest {(simulation.Now - since).TotalSeconds} s after contact was lost");
        });
    }

    /// <summary>The socket dies; half of the time nobody is told.</summary>
    private static void Outage(Simulation simulation, ModelNetwork network, ModelEngine engine)
    {
        network.SocketFails = true;
        if (simulation.Chance(500)) engine.SocketBreaks();
        simulation.After(simulation.Milliseconds(100, 20_000), () => network.SocketFails = false);
    }

    private static void Unreachable(Simulation simulation, ModelNetwork network)
    {
        network.RequestsFail = true;
        simulation.After(simulation.Milliseconds(100, 20_000), () => network.RequestsFail = false);
    }

    private static void Every(Simulation simulation, int from, int to, DateTimeOffset end, Action action) => simulation.After(simulation.Milliseconds(from, to), () =>
    {
        if (simulation.Now >= end) return;
        action();
        Every(simulation, from, to, end, action);
    });

    private sealed record Totals(int Orders, int Fills, int Crashes, int Hangs, int Fires, string Trace);
}
