using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Actors.Bitmex;

/// <summary>
/// The request signature: lower-case hex of HMAC-SHA256 over verb, path with query, expiry and body, exactly as sent.
/// Source: the venue's published API-key page; its three vectors are in the tests.
/// </summary>
public static class Signer
{
    /// <summary>What is signed to authenticate a socket, whatever path the socket was opened on.</summary>
    public const string RealtimePath = "/realtime";

    /// <param name="secret">The key's secret as bytes; not kept.</param>
    /// <param name="verb">Upper-case HTTP verb.</param>
    /// <param name="pathAndQuery">From the first slash, query as sent.</param>
    /// <param name="expires">Unix seconds after which the venue refuses the request.</param>
    /// <param name="body">The body's exact bytes; empty when there is none.</param>
    public static string Sign(ReadOnlySpan<byte> secret, string verb, string pathAndQuery, long expires, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(verb + pathAndQuery + expires.ToString(CultureInfo.InvariantCulture));
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hmac.AppendData(head);
        hmac.AppendData(body);
        return Convert.ToHexStringLower(hmac.GetHashAndReset());
    }
}
