using System.Globalization;
using System.Text;
using Actors.Domain.Books;

namespace Actors.Bitmex.Tests;

/// <summary>
/// The scanner of regular level rows against the JSON reader: a blank behind a frame changes nothing of what it says, and leaves it to the reader. Both ways
/// must tell the same of every frame, sound or broken.
/// </summary>
public sealed class LevelScannerTests
{
    private static readonly string[] Odd =
    [
        " ", "\\u0041", "\\", "\"", "-", "+", ".", "0", "00", "1e5", "E", "null", "é", "\u0001", "\u007f", ",", "}", "]", "{", "[", ":", "\"size\":1,", "\"id\":7,", "999999999999999999", "9223372036854775808",
        "\"timestamp\":\"2026-13-01T00:00:00.000Z\",", "2026-09-01T12:00", "/", ":", "\"price\":1.50,", "\"pool\":\"Secondary\",", "Buy", "Sell",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Scanner_and_reader_tell_the_same_of_every_frame(int seed)
    {
        var random = new Random(seed);
        var (scanning, reading) = (new BitmexDecoder(), new BitmexDecoder());
        var (sound, broken) = (0, 0);
        for (var round = 0; round < 20_000; round++)
        {
            var frame = Frame(random);
            for (var change = random.Next(3); change > 0; change--) frame = Mutate(frame, random);
            var (scanned, read) = (new MessageLog(), new MessageLog());
            scanning.Decode(frame, scanned);
            reading.Decode([.. frame, (byte)' '], read);
            Assert.True(Text(scanned) == Text(read), $"seed {seed} round {round}: {Encoding.UTF8.GetString(frame)}\nscanner: {Text(scanned)}\nreader: {Text(read)}");
            if (read.Faults.Count > 0) broken++;
            else if (read.Books.Count > 0) sound++;
        }

        Assert.True(sound > 5_000 && broken > 1_000, $"seed {seed}: {sound} sound, {broken} broken");
    }

    [Theory]
    [InlineData("""{"table":"orderBookL2","action":"update","data":[{"symbol":"XBTUSD","id":2,"side":"Buy","size":5}]}""", "XBTUSD Update () 2 Buy 5 ()")]
    [InlineData("""{"table":"orderBookL2_25","action":"delete","data":[{"symbol":"A","id":0,"side":"Sell"},{"symbol":"B_1","id":999999999999999999,"side":"Buy"}]}""", "A Delete () 0 Sell () (); B_1 Delete () 999999999999999999 Buy () ()")]
    [InlineData("""{"table":"orderBookL2","action":"insert","data":[{"symbol":"A","id":1,"side":"Sell","size":3,"price":219.0,"timestamp":"2026-09-01T12:00:00.007Z","transactTime":"2026-09-01T12:00:00.001Z"},{"symbol":"A","id":3,"side":"Sell","size":0,"price":0.00000001}]}""", "A Insert 2026-09-01T12:00:00.007Z 1 Sell 3 219.0, 3 Sell 0 0.00000001")]
    public void A_regular_frame_is_told_exactly(string frame, string expected)
    {
        var log = new MessageLog();
        new BitmexDecoder().Decode(Encoding.UTF8.GetBytes(frame), log);
        Assert.Equal(expected, Text(log));
    }

    private static string Text(MessageLog log)
    {
        // Where in the frame a fault is, both say; the words name a byte, which is the same, and the reader's own words may name the blank.
        if (log.Faults.Count > 0) return $"{log.Faults.Count} faults, missed {string.Join(", ", log.AllMissed)}";
        return string.Join("; ", log.Books.Select(book => $"{book.Symbol} {book.Action} {Time(book.Time)} {string.Join(", ", book.Rows.Select(Row))}"));

        static string Row(BookRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.Id} {row.Side} {(row.Size is { } size ? size : "()")} {(row.Price is { } price ? price : "()")}");
        static string Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? "()";
    }

    private static byte[] Frame(Random random)
    {
        var action = new[] { "partial", "insert", "update", "delete" }[random.Next(4)];
        var text = new StringBuilder($"{{\"table\":\"{new[] { "orderBookL2", "orderBookL2_25", "orderBookL2_100" }[random.Next(3)]}\",\"action\":\"{action}\",");
        if (action == "partial") text.Append("\"keys\":[\"symbol\",\"id\",\"side\"],\"filter\":{\"symbol\":\"XBTUSD\"},");
        text.Append("\"data\":[");
        var rows = random.Next(0, 4);
        for (var i = 0; i < rows; i++)
        {
            if (i > 0) text.Append(',');
            text.Append(CultureInfo.InvariantCulture, $"{{\"symbol\":\"{(random.Next(5) > 0 ? "XBTUSD" : "ETHUSDT")}\",\"id\":{random.NextInt64(1L << random.Next(1, 62))},\"side\":\"{(random.Next(2) > 0 ? "Buy" : "Sell")}\"");
            if (random.Next(3) > 0) text.Append(CultureInfo.InvariantCulture, $",\"size\":{random.NextInt64(1L << random.Next(1, 40))}");
            if (random.Next(3) > 0) text.Append(CultureInfo.InvariantCulture, $",\"price\":{new decimal(random.Next(), random.Next(1 << random.Next(28)), 0, false, (byte)random.Next(10))}");
            if (random.Next(3) > 0) text.Append(CultureInfo.InvariantCulture, $",\"timestamp\":\"2026-09-0{random.Next(1, 3)}T12:0{random.Next(2)}:{random.Next(62):00}.{random.Next(1000):000}Z\"");
            if (random.Next(3) > 0) text.Append(CultureInfo.InvariantCulture, $",\"transactTime\":\"2026-09-01T12:00:00.{random.Next(1000):000}Z\"");
            text.Append('}');
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }

    private static byte[] Mutate(byte[] frame, Random random)
    {
        if (frame.Length == 0) return "{"u8.ToArray();
        var bytes = frame.ToList();
        var at = random.Next(bytes.Count);
        switch (random.Next(6))
        {
            case 0: bytes[at] = (byte)random.Next(256); break;
            case 1: bytes.RemoveAt(at); break;
            case 2: bytes.RemoveRange(at, Math.Min(random.Next(30), bytes.Count - at)); break;
            case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(40), bytes.Count - at))); break;
            case 4: bytes.RemoveRange(at, bytes.Count - at); break;
            default: bytes.InsertRange(at, Encoding.UTF8.GetBytes(Odd[random.Next(Odd.Length)])); break;
        }

        return [.. bytes];
    }
}
