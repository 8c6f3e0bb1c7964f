using System.Text;

namespace Actors.Bitmex.Tests;

public sealed class DecoderFuzzTests
{
    private static readonly string[] Frames =
    [
        """{"info":"Welcome","version":"v","timestamp":"2021-07-22T22:36:07.865Z","limit":{"remaining":39}}""",
        """{"success":true,"subscribe":"quote:XBTUSD","request":{"op":"subscribe","args":["quote:XBTUSD"]}}""",
        """{"now":"2025-01-01T00:00:00.000Z","cancelTime":"2025-01-01T00:01:00.000Z","request":{"op":"cancelAllAfter","args":60000}}""",
        """{"status":400,"error":"bad \u00e9","meta":{},"request":{"op":"subscribe","args":[]}}""",
        """{"table":"orderBookL2","action":"partial","keys":["symbol","id","side"],"types":{"symbol":"symbol"},"filter":{"symbol":"XBTUSD"},"data":[{"symbol":"XBTUSD","id":17180110699,"side":"Sell","size":900,"price":3201030.0,"timestamp":"2025-04-25T21:18:20.859Z","transactTime":"2025-04-25T02:00:00.002Z"},{"symbol":"XBTUSD","id":2,"side":"Buy","size":1,"price":1e-8}]}""",
        """{"table":"orderBookL2","action":"update","data":[{"symbol":"XBTUSD","id":2,"side":"Buy","size":5},{"symbol":"ETHUSD","id":3,"side":"Buy","size":5}]}""",
        """{"table":"quote","action":"insert","data":[{"timestamp":"2018-08-16T14:56:26.511Z","symbol":"XBTUSD","bidSize":966594,"bidPrice":6369.5,"askPrice":6370,"askSize":null}]}""",
        """{"table":"trade","action":"insert","data":[{"timestamp":"2021-03-12T02:00:04.608Z","symbol":"XBTUSD","side":"Sell","size":900,"price":56927,"trdMatchID":"d1b8"}]}""",
        """{"table":"order","action":"partial","keys":["orderID"],"data":[{"orderID":"o-1","clOrdID":"c","symbol":"XBTUSD","side":"Buy","orderQty":100,"price":6370,"ordType":"Limit","ordStatus":"New","leavesQty":100,"cumQty":0,"timestamp":"2018-08-16T14:56:29.774Z"}]}""",
        """{"table":"order","action":"update","data":[{"orderID":"o-1","ordStatus":"Filled","leavesQty":0,"avgPx":6370.25}]}""",
        """{"table":"execution","action":"partial","data":[{"execID":"e-1","execType":"Trade","ordStatus":"Filled","symbol":"XBTUSD","side":"Buy","lastQty":1,"lastPx":6360.5,"execCost":-15722,"execComm":10,"commission":0.000675,"timestamp":"2018-08-19T07:08:21.774Z"}]}""",
        """{"table":"position","action":"partial","keys":["account","symbol","currency","strategy"],"data":[{"account":2,"symbol":"XBTUSD","currency":"XBt","strategy":"OneWay","leverage":100,"crossMargin":true,"currentQty":2,"timestamp":"2018-08-19T07:08:21.781Z"}]}""",
        """{"table":"margin","action":"partial","data":[{"account":2,"currency":"XBt","walletBalance":100,"timestamp":"2018-08-19T07:08:21.781Z"}]}""",
        """{"table":"margin","action":"update","data":[{"account":2,"currency":"XBt","walletBalance":-9223372036854775807}]}""",
        """{"table":"instrument","action":"partial","data":[{"symbol":"XBTUSD","state":"Open","typ":"FFWCSX","expiry":null,"maxOrderQty":10000000,"maxPrice":1000000,"lotSize":100,"tickSize":0.5,"multiplier":-100000000,"settlCurrency":"XBt","isQuanto":false,"isInverse":true,"initMargin":0.01,"maintMargin":0.005,"makerFee":-0.00025,"takerFee":0.00075,"timestamp":"2021-07-22T22:35:55.000Z"}]}""",
    ];

    private static readonly string[] Tokens =
        ["null", "true", "-1", "1e400", "1e-400", "-9223372036854775808", "99999999999999999999999999999999", "\"\"", "\"\\ud800\"", "{}", "[]", "[[]]", "1e28", "0.00000000000000000000000000000001"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_mutation_of_a_frame_throws(int seed)
    {
        var random = new Random(seed);
        var decoder = new BitmexDecoder();
        var sink = new CountingSink();
        for (var i = 0; i < 5000; i++)
        {
            var frame = Mutate(Frames[random.Next(Frames.Length)], random);
            try
            {
                decoder.Decode(frame, sink);
            }
            catch (Exception broken)
            {
                Assert.Fail($"seed {seed} round {i}: {broken.GetType().Name} for {Encoding.UTF8.GetString(frame)}");
            }
        }

        Assert.True(sink.Faults > 500, $"seed {seed}: {sink.Faults} faults");
        Assert.True(sink.Others > 500, $"seed {seed}: {sink.Others} messages");
    }

    [Fact]
    public void Every_way_to_cut_a_frame_short_is_a_fault()
    {
        foreach (var frame in Frames)
        {
            var bytes = Encoding.UTF8.GetBytes(frame);
            var sink = new CountingSink();
            for (var length = 0; length < bytes.Length; length++) new BitmexDecoder().Decode(bytes.AsSpan(0, length), sink);
            Assert.Equal((bytes.Length, 0L, 0L), (sink.Faults, sink.Rows, sink.Others));
        }
    }

    private static byte[] Mutate(string frame, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(frame).ToList();
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, (byte)"{}[],:\"0e-."[random.Next(11)]); break;
                case 3: bytes.RemoveRange(at, bytes.Count - at); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(20, bytes.Count - at))); break;
                default: ReplaceValue(bytes, random); break;
            }

            if (bytes.Count == 0) bytes.Add((byte)' ');
        }

        return [.. bytes];
    }

    /// <summary>Puts a value of another type or size behind a colon: the text stays JSON.</summary>
    private static void ReplaceValue(List<byte> bytes, Random random)
    {
        var colon = bytes.IndexOf((byte)':', random.Next(bytes.Count));
        if (colon < 0) return;
        var end = bytes.FindIndex(colon, octet => octet is (byte)',' or (byte)'}');
        if (end < 0) return;
        bytes.RemoveRange(colon + 1, end - colon - 1);
        bytes.InsertRange(colon + 1, Encoding.UTF8.GetBytes(Tokens[random.Next(Tokens.Length)]));
    }
}
