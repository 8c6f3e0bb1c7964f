using System.Globalization;
using Actors.Domain.Instruments;

namespace Actors.Workloads;

/// <summary>Makes sessions in the newest form of the dialect. The same seed gives the same bytes.</summary>
public static class GeneratedSessions
{
    public const int DefaultSeed = 20261122;

    /// <summary>Levels a side of the fullest book captured (2025): 5,689 rows in one partial.</summary>
    public const int FullLevels = 2_844;

    private static readonly TickSize Tick = TickSize.From(0.1m);

    /// <summary>
    /// Snapshots first, then a cycle of changes over all instruments. The second half of the cycle undoes the first half message by message.
    /// </summary>
    public static MarketSession Changes(int instruments, int levels, int frames, int seed = DefaultSeed)
    {
        var (random, books) = Books(instruments, levels, seed);
        var opening = books.Select((book, number) => book.Partial().ToFrame(number)).ToArray();
        var forward = new List<LevelMessage>();
        var undo = new List<LevelMessage>();
        for (var i = 0; i < frames / 2; i++)
        {
            var (change, back) = books[random.Next(books.Length)].Change();
            forward.Add(change);
            undo.Add(back);
        }

        undo.Reverse();
        var cycle = forward.Concat(undo).Select((message, number) => message.ToFrame(books.Length + number)).ToArray();
        return new MarketSession("changes", Tick, opening, cycle);
    }

    /// <summary>Nothing but snapshots, one an instrument.</summary>
    public static MarketSession Snapshots(int instruments, int levels, int seed = DefaultSeed)
    {
        var (_, books) = Books(instruments, levels, seed);
        return new MarketSession("snapshots", Tick, [], [.. books.Select((book, number) => book.Partial().ToFrame(number))]);
    }

    private static (Random Random, SimulatedBook[] Books) Books(int instruments, int levels, int seed)
    {
        var random = new Random(seed);
        var books = Enumerable.Range(0, instruments)
            .Select(number => new SimulatedBook(Name(number), random, 500_000 + (number * 1_000), levels))
            .ToArray();
        return (random, books);
    }

    private static string Name(int number) => number == 0 ? "XBTUSD" : string.Create(CultureInfo.InvariantCulture, $"T{number:000}USDT");
}
