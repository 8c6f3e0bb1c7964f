using System.Security.Cryptography;
using System.Text;
using Actors.Bitmex;
using BenchmarkDotNet.Attributes;

namespace Actors.Benchmarks;

/// <summary>Signing a request, against the bare keyed hash over bytes that are laid out already.</summary>
[MemoryDiagnoser]
public class SignerBenchmarks
{
    private const long Expires = 1_795_000_000;

    private readonly byte[] _secret = Encoding.UTF8.GetBytes("a-secret-made-up-for-this-benchmark-of-48-letters");
    private readonly byte[] _body = Encoding.UTF8.GetBytes(
        "{\"symbol\":\"XBTUSD\",\"side\":\"Buy\",\"orderQty\":1000,\"price\":49999.9,\"ordType\":\"Limit\",\"clOrdID\":\"7f3a91c2-grid-00001\",\"execInst\":\"ParticipateDoNotInitiate\"}");

    private byte[] _whole = [];

    [GlobalSetup]
    public void LayOut() => _whole = [.. Encoding.UTF8.GetBytes($"POST/api/v1/order{Expires}"), .. _body];

    [Benchmark(Baseline = true)]
    public byte[] Bare_hash() => HMACSHA256.HashData(_secret, _whole);

    [Benchmark]
    public string Sign() => Signer.Sign(_secret, "POST", "/api/v1/order", Expires, _body);
}
