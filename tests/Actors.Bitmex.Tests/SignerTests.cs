using System.Text;

namespace Actors.Bitmex.Tests;

public sealed class SignerTests
{
    private static readonly byte[] Secret = "chNOOS4KvNXR_Xq4k4c9qsfoKWvnDecLATCRlcBwyKDYnWgO"u8.ToArray();

    [Theory]
    [InlineData("GET", "/api/v1/instrument", 1518064236, "", "c7682d435d0cfe87c16098df34ef2eb5a549d4c5a3c2b1f0f77b8af73423bf00")]
    [InlineData(
        "GET", "/api/v1/instrument?filter=%7B%22symbol%22%3A+%22XBTM15%22%7D", 1518064237, "", "e2f422547eecb5b3cb29ade2127e21b858b235b386bfa45e1c1756eb3383919f")]
    [InlineData(
        "POST", "/api/v1/order", 1518064238, """{"symbol":"XBTM15","price":219.0,"clOrdID":"mm_bitmex_1a/oemUeQ4CAJZgP3fjHsA","orderQty":98}""",
        "1749cd2ccae4aa49048ae09f0b95110cee706e0944e6a14ad0b3a8cb45bd336b")]
    public void The_published_vectors_are_met(string verb, string path, long expires, string body, string signature)
    {
        Assert.Equal(signature, Signer.Sign(Secret, verb, path, expires, Encoding.UTF8.GetBytes(body)));
        using var credentials = new ApiCredentials("id", Secret);
        Assert.Equal(signature, credentials.Sign(verb, path, expires, Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void A_cleared_secret_signs_nothing()
    {
        var credentials = new ApiCredentials("id", Secret);
        credentials.Dispose();
        Assert.Throws<ObjectDisposedException>(() => credentials.Sign("GET", "/", 1, []));
        Assert.DoesNotContain("chNOO", credentials.ToString(), StringComparison.Ordinal);
    }
}
