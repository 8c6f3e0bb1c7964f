using Actors.Domain.Instruments;
using Actors.Domain.Positions;

namespace Actors.Domain.Tests;

/// <summary>
/// Nothing is made and nothing lost: over random histories of fills, funding, settlement, deposits, withdrawals and transfers, all wallets with
/// all unrealised profit and what the venue collected are what was paid in.
/// </summary>
public class ConservationTests
{
    private const int Steps = 1500;

    public static TheoryData<int> Seeds => [1, 2, 3, 20261122];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Wallets_unrealised_profit_and_what_was_collected_are_what_was_paid_in(int seed)
    {
        var (world, random) = (new ClearingWorld(), new Random(seed));
        for (var step = 0; step < Steps; step++)
        {
            var what = world.Step(random);
            Assert.All(ClearingWorld.Currencies, currency => Assert.True(world.Missing(currency) == 0, $"seed {seed}, step {step} ({what}): {world.Missing(currency)} {currency} missing"));
            world.AssertFlatHasNoCost($"seed {seed}, step {step} ({what})");
        }

        Assert.True(world.Trades > Steps / 4 && world.Settlements > 3 && world.Reversals > 10, $"seed {seed}: the history is too thin");
    }

    /// <summary>A mark off the grid values each position for itself, so that halves of a minor unit may show: never more than one a position.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Off_the_grid_only_the_rounding_of_each_value_shows(int seed)
    {
        var (world, random) = (new ClearingWorld(), new Random(seed));
        for (var step = 0; step < 300; step++) world.Step(random);
        world.Mark(0.0037m);
        Assert.All(ClearingWorld.Currencies, currency => Assert.True(Math.Abs(world.Missing(currency)) <= world.OpenPositions, $"seed {seed}: {world.Missing(currency)} {currency} missing"));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_history_replayed_in_pieces_from_snapshots_gives_the_same_state(int seed)
    {
        var (whole, random) = (new ClearingWorld(), new Random(seed));
        for (var step = 0; step < Steps; step++) whole.Step(random);

        var cuts = new Random(seed + 1);
        var (pieces, again) = (new ClearingWorld(), new Random(seed));
        for (var step = 0; step < Steps; step++)
        {
            pieces.Step(again);
            if (cuts.Next(20) == 0) pieces = ClearingWorld.Restore(pieces.Snapshot());
        }

        Assert.Equal(whole.Snapshot(), pieces.Snapshot());
    }

    [Fact]
    public void A_fill_allocates_nothing()
    {
        var position = Position.Flat;
        var least = long.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                var change = new Quantity(i % 3 == 0 ? -200 : 100);
                var cost = ContractValue.Cost(Kinds.Inverse, change, new Price(100_000 + i));
                position = position.Fill(change, cost, ContractValue.Commission(cost, 0.00075m)).Pay(1);
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.NotEqual(Position.Flat, position);
    }
}
