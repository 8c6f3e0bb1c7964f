using System.Collections.Concurrent;
using System.Globalization;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.Domain.Tests.Campaign;

/// <summary>
/// Thousands of short lives of an engine on a bad network, with a venue that is right: frames, requests and answers are delayed, lost, doubled and reordered, the engine is
/// killed at any moment and begins again from its journal, each of its parts throws, hangs or stops at any of its messages, and the venue's switch fires. At the end of each,
/// engine and venue agree on every order, fill, level of the book and unit of money, every frame between two crashes is recorded, and no order has rested longer after contact
/// was lost than the switch allows.
/// ACTORS_CAMPAIGN_SEEDS says how many seeds, ACTORS_CAMPAIGN_SEED names one to run again with its trace.
/// </summary>
public class CampaignTests
{
    private const int SeedsByDefault = 10_000;
    private static readonly TimeSpan TroubleLasts = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan CalmLasts = TimeSpan.FromSeconds(90);

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
        Assert.True(totals.Sum(one => one.Orders) > seeds * 15, $"only {totals.Sum(one => one.Orders)} orders");
        Assert.True(totals.Sum(one => one.Fills) > seeds * 8, $"only {totals.Sum(one => one.Fills)} fills");
        Assert.True(totals.Sum(one => one.Crashes) > seeds, $"only {totals.Sum(one => one.Crashes)} crashes");
        Assert.True(totals.Sum(one => one.Fires) > seeds / 10, $"the switch fired only {totals.Sum(one => one.Fires)} times");
        foreach (var part in totals.SelectMany(one => one.Parts).GroupBy(part => part.Name))
        {
            Assert.True(part.Sum(one => one.Faults) > seeds / 5, $"only {part.Sum(one => one.Faults)} faults of {part.Key}");
            Assert.True(part.Sum(one => one.Hangs) > seeds / 10, $"only {part.Sum(one => one.Hangs)} hangs of {part.Key}");
        }
    }

    /// <summary>Beyond the seeds of the short form. 34009: a comparison that was asked for over one connection let go what a newer one had told. 23044: after a loss
    /// on a socket that went on, an older position of the venue was ours by chance.</summary>
    [Theory]
    [InlineData(34009)]
    [InlineData(23044)]
    public void A_seed_that_found_a_fault_passes_since(int seed) => Assert.True(Run(seed, keepsTrace: false, out var words, out _), words);

    [Fact]
    public void A_seed_gives_the_same_run_each_time()
    {
        Run(7, keepsTrace: true, out _, out var first);
        Run(7, keepsTrace: true, out _, out var second);
        Assert.Equal((first.Orders, first.Fills, first.Crashes, first.Fires, first.Trace), (second.Orders, second.Fills, second.Crashes, second.Fires, second.Trace));
        Assert.NotEmpty(first.Trace);
    }

    [Theory]
    [InlineData((int)Mutation.RevivesFinished, 1_000)]
    [InlineData((int)Mutation.CountsTwice)]
    [InlineData((int)Mutation.BeatsWhileHung)]
    [InlineData((int)Mutation.SendsAgain)]
    [InlineData((int)Mutation.ForgetsLease)]
    [InlineData((int)Mutation.OpensBlind, 500)]
    [InlineData((int)Mutation.TrustsGap)]
    [InlineData((int)Mutation.ForgetsFrames)]
    [InlineData((int)Mutation.KeepsToItself, 2_000)]
    [InlineData((int)Mutation.NumbersAgain)]
    [InlineData((int)Mutation.SendsOldBeats, 2_000)]
    [InlineData((int)Mutation.OpensByOldProof, 2_000)]
    [InlineData((int)Mutation.CountsAsTheyCome)]
    [InlineData((int)Mutation.CountsOverLosses)]
    [InlineData((int)Mutation.AsksOfOneOrder)]
    public void A_rule_that_is_broken_on_purpose_is_found(int mutation, int seeds = 200) =>
        Assert.Contains(Enumerable.Range(1, seeds), seed => !Run(seed, keepsTrace: false, out _, out _, (Mutation)mutation));

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
            if (venue.OpenCount > ModelEngine.OpenMax) problems.Add($"{venue.OpenCount} orders are open");
            engine.Hear(message);
        };
        venue.Market.Publish = engine.HearBook;
        engine.Start();
        Trouble(simulation, network, venue, engine, problems);
        simulation.RunUntil(Samples.Noon + TroubleLasts);
        (network.IsFaulty, network.RequestsFail, network.SocketFails, engine.Quotes) = (false, false, false, false);
        foreach (var part in engine.Parts) part.Disarm();
        // A part that stopped and is not made anew is a person's to mend: he begins anew.
        if (engine.IsMaimed) engine.Crash();
        if (!engine.IsUp) engine.Start();
        simulation.RunUntil(Samples.Noon + TroubleLasts + CalmLasts);
        problems.AddRange(engine.Violations);
        problems.AddRange(Disagreements(engine, venue));
        words = string.Join("; ", problems.Take(5)) + (keepsTrace ? Environment.NewLine + simulation.Trace : "");
        totals = new Totals(engine.Sent.Count, venue.Executions.Count, engine.Crashes, venue.Fires, engine.Parts, simulation.Trace);
        return problems.Count == 0;
    }

    private static void Trouble(Simulation simulation, ModelNetwork network, ModelVenue venue, ModelEngine engine, List<string> problems)
    {
        var end = Samples.Noon + TroubleLasts;
        Every(simulation, 200, 1_500, end, venue.Happen);
        // To the end, but for what would still be on its way then.
        Every(simulation, 50, 600, end + CalmLasts - TimeSpan.FromSeconds(5), venue.Market.Happen);
        Every(simulation, 2_000, 5_000, end + CalmLasts - TimeSpan.FromSeconds(5), venue.SayMargin);
        Every(simulation, 5_000, 60_000, end, () =>
        {
            CrashAndReturn(simulation, engine);
            var crash = engine.Crashes;
            WatchExposure(simulation, venue, () => !engine.IsUp && engine.Crashes == crash, problems);
        });
        Every(simulation, 500, 4_500, end, () => Strike(simulation, venue, engine, problems));
        Every(simulation, 4_000, 30_000, end, () => Outage(simulation, network, engine));
        Every(simulation, 4_000, 30_000, end, () => Unreachable(simulation, network));
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
        if (position.UnrealisedCost != venue.UnrealisedCost) yield return $"cost {position.UnrealisedCost} of what is held, the venue has {venue.UnrealisedCost}";
        var cost = position.UnrealisedCost + position.RealisedCost - engine.AdoptedCost;
        if (cost != venue.Cost) yield return $"cost {cost}, the venue has {venue.Cost}";
        if (position.Commission != venue.Commission) yield return $"commission {position.Commission}, the venue has {venue.Commission}";
        if (engine.Wallets.Theirs(Samples.Inverse.Settlement) != venue.Wallet) yield return $"wallet {engine.Wallets.Theirs(Samples.Inverse.Settlement)}, the venue has {venue.Wallet}";
        var counted = engine.Wallets.Ours(Samples.Inverse.Settlement) - engine.WalletAtStart;
        if (counted != position.RealisedPnl) yield return $"the account has counted {counted}, the position has realised {position.RealisedPnl}";
        foreach (var side in new[] { Side.Buy, Side.Sell })
        {
            if (engine.Levels.Status != BookStatus.Live || !engine.Levels.Levels(side, 1000).SequenceEqual(venue.Market.Levels(side))) yield return $"the book is {engine.Levels.Status} and its {side} side is not the venue's";
        }

        foreach (var hole in Holes(engine)) yield return hole;
    }

    /// <summary>Every frame of a socket is recorded, in its order, but for one at which the recorder threw; what was on its way to one that stopped is lost with its mailbox.</summary>
    private static IEnumerable<string> Holes(ModelEngine engine)
    {
        if (engine.RecorderHasStopped) yield break;
        var missing = 0L;
        foreach (var socket in engine.Recorded.GroupBy(one => one.Socket, one => one.Frame))
        {
            var newest = 0L;
            foreach (var frame in socket)
            {
                if (frame <= newest) yield return $"frame {frame} of socket {socket.Key} is recorded behind {newest}";
                missing += frame - newest - 1;
                newest = frame;
            }
        }

        var lost = engine.Parts.Single(part => part.Name == "recorder").Lost;
        if (missing > lost) yield return $"{missing} frames are not recorded, and the recorder threw at {lost}";
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

    /// <summary>One part throws, hangs or stops at one of its next messages; while it hangs or is away contact is lost.</summary>
    private static void Strike(Simulation simulation, ModelVenue venue, ModelEngine engine, List<string> problems)
    {
        var part = engine.Parts[simulation.Random.Next(engine.Parts.Count)];
        var fault = simulation.Random.Next(20) switch { < 6 => Fault.Throw, < 11 => Fault.ThrowOnceDurable, < 19 => Fault.Hang, _ => Fault.Stop };
        var hang = simulation.Chance(200) ? simulation.Milliseconds(20_000, 35_000) : simulation.Milliseconds(100, 8_000);
        var (after, crash) = (simulation.Random.Next(4), engine.Crashes);
        part.Arm(fault, after, hang);
        Look(20);

        // It is known to have struck only when a message came.
        void Look(int times) => simulation.After(TimeSpan.FromMilliseconds(100), () =>
        {
            if (engine.Crashes != crash || times == 0) return;
            if (part.Answers)
            {
                Look(times - 1);
                return;
            }

            var (hangs, lives) = (part.Hangs, part.Lives);
            WatchExposure(simulation, venue, () => engine.Crashes == crash && !part.Answers && (part.Hangs, part.Lives) == (hangs, lives), problems);
        });
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
            if (venue.LastBeatAt > lostAt + (ModelEngine.Timing.Deadline * 1.5) + ModelNetwork.LongestWay)
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

    private sealed record Totals(int Orders, int Fills, int Crashes, int Fires, IReadOnlyList<ModelPart> Parts, string Trace);
}
