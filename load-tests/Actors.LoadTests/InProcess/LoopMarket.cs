using System.Globalization;
using System.Text;
using Actors.Domain.Instruments;

namespace Actors.LoadTests.InProcess;

/// <summary>
/// Frames for some instruments in turn, one row each: the size of the best bid changes, which every strategy is told; and every so many frames a better bid
/// comes or goes, so that the middle moves by a tick and both quotes of that instrument's strategy have to follow.
/// </summary>
internal sealed class LoopMarket(int count, int moveEvery = LoopMarket.MoveEvery)
{
    public const decimal Mark = 1_000m;

    /// <summary>Every so many frames one moves the middle, where nothing else is said.</summary>
    public const int MoveEvery = 20;

    private const int Levels = 25;

    private readonly bool[] _isHigher = new bool[count];
    private int _frame;
    private int _moves;

    public IReadOnlyList<Instrument> Instruments { get; } = [.. Enumerable.Range(0, count).Select(number => SampleInstruments.Linear with { Symbol = new Symbol(Name(number)) })];

    public IEnumerable<byte[]> Snapshots()
    {
        for (var number = 0; number < count; number++)
        {
            var rows = Enumerable.Range(0, Levels).SelectMany(level => new[] { Row(number, 100 + level, "Buy", 10, 999m - (level * 0.5m)), Row(number, 200 + level, "Sell", 10, 1_001m + (level * 0.5m)) });
            yield return Frame("partial", $$"""
                "keys":["symbol","id","side"],"types":{"symbol":"symbol","id":"long","side":"symbol","size":"long","price":"float"},"filter":{"symbol":"{{Name(number)}}"},
                """, string.Join(',', rows));
        }
    }

    /// <summary>The next frame, and whether it moves a middle.</summary>
    public (byte[] Frame, bool Moves) Next()
    {
        var frame = _frame++;
        if (frame % moveEvery != 0) return (Frame("update", "", Row(frame % count, 100, "Buy", 10 + (frame % 7), 999m)), false);
        var number = _moves++ % count;
        _isHigher[number] = !_isHigher[number];
        return (Frame(_isHigher[number] ? "insert" : "delete", "", Row(number, 99, "Buy", 5, 1_000m)), true);
    }

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"LOOP{number:00}");

    private static string Row(int number, int id, string side, int size, decimal price) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"symbol":"{{Name(number)}}","id":{{(number * 1_000) + id}},"side":"{{side}}","size":{{size}},"price":{{price}}}""");

    private static byte[] Frame(string action, string keys, string rows) => Encoding.UTF8.GetBytes($$"""{"table":"orderBookL2","action":"{{action}}",{{keys}}"data":[{{rows}}]}""");
}
