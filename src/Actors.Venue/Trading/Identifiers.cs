using System.Buffers.Binary;
using Actors.Venue.Snapshots;

namespace Actors.Venue.Trading;

/// <summary>
/// Seeded pseudo-random numbers (SplitMix64): the same on every machine and runtime version, unlike the base library's. Not for secrets.
/// </summary>
internal sealed class SeededRandom(long seed)
{
    private ulong _state = unchecked((ulong)seed);

    public ulong Next()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15UL;
            var z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Uniform between the bounds, both included.</summary>
    public long Between(long low, long high) => low + (long)(Next() % (ulong)(high - low + 1));

    public bool Chance(int percent) => Between(1, 100) <= percent;

    /// <summary>
    /// Bell-shaped around zero: the sum of four uniform numbers, with a standard deviation of about 1.15 <paramref name="scale"/>.
    /// </summary>
    public long Bell(long scale) => Between(-scale, scale) + Between(-scale, scale) + Between(-scale, scale) + Between(-scale, scale);

    public void Pass(StateStream state) => _state = state.Pass(_state);

    /// <summary>An independent stream of the same seed.</summary>
    public SeededRandom Fork() => new(unchecked((long)Next()));
}

/// <summary>
/// Makes every identifier the venue gives out. The seed holds the moment of the start too, so that a venue started again with the same seed
/// never repeats the identifier of another order or execution.
/// </summary>
internal sealed class Identifiers(long seed)
{
    private readonly SeededRandom _random = new(seed);
    private long _levelId = 98_000_000_000;

    public Guid Next()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, _random.Next());
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], _random.Next());
        return new Guid(bytes);
    }

    public void Pass(StateStream state)
    {
        _random.Pass(state);
        _levelId = state.Pass(_levelId);
    }

    /// <summary>Identifies a book level: ever rising, and telling nothing of its price.</summary>
    public long NextLevel() => _levelId += _random.Between(1, 9);
}
