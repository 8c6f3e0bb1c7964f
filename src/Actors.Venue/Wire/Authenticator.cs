using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Actors.Bitmex;
using Actors.Venue.Clearing;
using Actors.Venue.Faults;

namespace Actors.Venue.Wire;

/// <summary>A key that proved itself, and the account it belongs to.</summary>
internal sealed record Identity(VenueKey Key, Account Account)
{
    /// <summary>Whether the key may do this; reading needs no permission, and whoever may order may cancel.</summary>
    public bool May(string? permission) =>
        permission is null || Key.Permissions.Contains(permission) || (permission == Authenticator.OrderCancel && Key.Permissions.Contains(Authenticator.Order));
}

/// <summary>What a request says to prove itself, as sent.</summary>
internal sealed record Credentials(string? Id, string? Expires, string? Signature, string? Nonce = null);

/// <summary>Checks keys and signatures. Secrets stay in here.</summary>
internal sealed class Authenticator(IEnumerable<Identity> identities, TimeProvider clock, FaultBox faults)
{
    public const string Order = "order";
    public const string OrderCancel = "orderCancel";
    public const string Withdraw = "withdraw";

    private readonly Dictionary<string, (Identity Identity, byte[] Secret)> _keys =
        identities.ToDictionary(identity => identity.Key.Id, identity => (identity, Encoding.UTF8.GetBytes(identity.Key.Secret)), StringComparer.Ordinal);

    /// <summary>The identity of a signed request. Throws <see cref="RequestException"/> with status 401 or 403.</summary>
    public Identity Check(Credentials credentials, string verb, string pathAndQuery, ReadOnlySpan<byte> body, IPAddress? from)
    {
        var (id, expires, signature, nonce) = credentials;
        if (string.IsNullOrEmpty(id)) throw new RequestException(401, "Missing API key.");
        if (!_keys.TryGetValue(id, out var known)) throw new RequestException(401, "Invalid API Key.");
        if (faults.IsRevoked(known.Identity.Key)) throw new RequestException(403, "This key is disabled.");
        if (string.IsNullOrEmpty(expires) && !string.IsNullOrEmpty(nonce))
            throw new RequestException(401, "`api-nonce` is no longer supported; send `api-expires`.");
        if (!long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var until))
            throw new RequestException(401, "Missing or invalid api-expires.");
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (until < now) throw new RequestException(401, $"This request has expired - `expires` is in the past. Current time: {now}");
        var wanted = Encoding.ASCII.GetBytes(Signer.Sign(known.Secret, verb, pathAndQuery, until, body));
        if (!CryptographicOperations.FixedTimeEquals(wanted, Encoding.UTF8.GetBytes(signature ?? "")))
            throw new RequestException(401, "Signature not valid.");
        if (!IsAllowedFrom(known.Identity.Key, from)) throw new RequestException(403, "This IP address is not allowed to use this key.");
        return known.Identity;
    }

    private static bool IsAllowedFrom(VenueKey key, IPAddress? from)
    {
        if (key.Cidrs.Count == 0) return true;
        var address = from is { IsIPv4MappedToIPv6: true } ? from.MapToIPv4() : from;
        return address is not null && key.Cidrs.Any(cidr => IPNetwork.TryParse(cidr, out var network) && network.Contains(address));
    }
}
