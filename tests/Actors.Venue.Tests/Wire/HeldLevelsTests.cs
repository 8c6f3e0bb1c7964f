using Actors.Domain.Instruments;
using Actors.Venue.Matching;
using Actors.Venue.Trading;
using Actors.Venue.Wire;

namespace Actors.Venue.Tests.Wire;

public class HeldLevelsTests
{
    /// <summary>Whatever is held back for how long, a client that applies it has the book that one has who was told every change.</summary>
    [Fact]
    public void What_is_held_back_comes_to_the_same_book()
    {
        const long Seed = 7;
        var random = new SeededRandom(Seed);
        var (book, copy, nextId) = (new Dictionary<long, long>(), new Dictionary<long, long>(), 0L);
        for (var batch = 0; batch < 3_000; batch++)
        {
            var held = new HeldLevels();
            for (var changes = random.Between(1, 30); changes > 0; changes--) held.Add(Change(random, book, ref nextId), DateTimeOffset.UnixEpoch);
            foreach (var action in Enum.GetValues<LevelAction>())
            {
                Assert.Equal(held.Of(action).Any(), held.Has(action));
                foreach (var (change, _) in held.Of(action))
                {
                    Assert.True(copy.ContainsKey(change.Id) == (action != LevelAction.Insert), $"batch {batch} of seed {Seed}: {change}");
                    if (action == LevelAction.Delete) copy.Remove(change.Id);
                    else copy[change.Id] = change.Size;
                }
            }

            Assert.True(book.OrderBy(level => level.Key).SequenceEqual(copy.OrderBy(level => level.Key)), $"batch {batch} of seed {Seed}");
        }
    }

    private static LevelChange Change(SeededRandom random, Dictionary<long, long> book, ref long nextId)
    {
        var action = book.Count == 0 ? LevelAction.Insert : (LevelAction)random.Between(1, 3);
        var id = action == LevelAction.Insert ? ++nextId : book.Keys.ElementAt((int)random.Between(0, book.Count - 1));
        var size = random.Between(1, 1_000);
        if (action == LevelAction.Delete) book.Remove(id);
        else book[id] = size;
        return new LevelChange(action, id, Side.Buy, id, action == LevelAction.Delete ? 0 : size);
    }
}
