using System.Text;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Wire.Fuzz;

/// <summary>Damages valid messages: flipped, lost, doubled and foreign bytes, cut ends, extreme numbers, swapped tokens. Seeded.</summary>
internal sealed class Mutator(long seed)
{
    private static readonly byte[][] Tokens =
    [
        .. ((string[])
        [
            "null", "true", "-1", "0", "1e400", "-1e-400", "9223372036854775807", "-9223372036854775808", "79228162514264337593543950335", "0.1e+1", "\"\"", "[]", "{}", "[[[[[[[[[[",
            "\\ud800", "\\u0000", "\"\\", "{\"a\":", ",", ":", "\"", "%", "%00", "%ff", "&", "=", "[]=", "+", ".", "..", "*", "NaN", "Infinity", "XBT:perpetual", ".BXBT", "INDICES", "all",
            "filter", "columns", "symbol", "orderQty", "price", "timestamp.hh", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "\r\n", "\0",
        ]).Select(Encoding.UTF8.GetBytes),
    ];

    private readonly SeededRandom _random = new(seed);

    public T Pick<T>(IReadOnlyList<T> items) => items[(int)_random.Between(0, items.Count - 1)];

    public byte[] Damage(string valid)
    {
        var bytes = new List<byte>(Encoding.UTF8.GetBytes(valid));
        for (var times = _random.Between(0, 4); times > 0; times--) Damage(bytes);
        return [.. bytes];
    }

    private void Damage(List<byte> bytes)
    {
        var at = (int)_random.Between(0, bytes.Count);
        var length = (int)Math.Min(bytes.Count - at, _random.Between(1, 8));
        switch (_random.Between(0, 7))
        {
            case 0 when length > 0: bytes[at] ^= (byte)(1 << (int)_random.Between(0, 7)); break;
            case 1 when length > 0: bytes[at] = (byte)_random.Between(0, 255); break;
            case 2: bytes.RemoveRange(at, length); break;
            case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
            case 4: bytes.RemoveRange(at, bytes.Count - at); break;
            case 5: bytes.Insert(at, (byte)_random.Between(0, 255)); break;
            default:
                if (_random.Chance(50)) bytes.RemoveRange(at, length);
                bytes.InsertRange(at, Pick(Tokens));
                break;
        }
    }
}
