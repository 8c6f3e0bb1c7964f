using Actors.Host.Configuration;

namespace Actors.Host.Keys;

/// <summary>What keys are for, and what is asked of them: the content of <c>keys.json</c>, checked.</summary>
/// <param name="IsProduction">Keys here belong to a venue with real money; otherwise to this machine or a testnet.</param>
/// <param name="TradesForReal">Orders may cost real money. The command line may say so too.</param>
/// <param name="RefusesWideNetworks">A key that more than one address may use is refused; otherwise warned of.</param>
/// <param name="NamesElsewhere">Names of keys that belong to other tools or environments.</param>
/// <param name="FingerprintsElsewhere">Fingerprints of such keys.</param>
/// <param name="Vault">Null: keys cannot be taken from Vault.</param>
/// <param name="Passphrase">Where the passphrase of encrypted keys is; null: they cannot be used.</param>
internal sealed record KeySettings(
    bool IsProduction,
    bool TradesForReal,
    bool RefusesWideNetworks,
    IReadOnlyList<string> NamesElsewhere,
    IReadOnlyList<string> FingerprintsElsewhere,
    VaultSettings? Vault,
    string? Passphrase);

/// <summary><c>keys.json</c>. It holds no secret, only where secrets are.</summary>
internal static class KeysFile
{
    public const string Name = "keys.json";

    private const int FingerprintLength = 64;

    /// <summary>Throws <see cref="BrokenConfigurationException"/> for the first mistake.</summary>
    public static KeySettings Read(string folder)
    {
        var file = ConfigurationReader.Read(Path.Combine(folder, Name)).Node;
        var environment = file.Required("environment").Text("test or production", text => text is "test" or "production");
        var real = file.Required("tradeForReal").Switch();
        var wide = file.Required("wideNetworks").Text("warn or refuse", text => text is "warn" or "refuse");
        var elsewhere = file.Required("knownElsewhere");
        var names = elsewhere.Required("names").ItemsOrNone().Select(item => item.Text("a key's name", text => text.Length > 0)).ToList();
        var fingerprints = elsewhere.Required("fingerprints").ItemsOrNone().Select(item => item.Text("64 lower-case hexadecimal digits", IsFingerprint)).ToList();
        elsewhere.RefuseOtherKeys();
        var vault = file.Required("vault") is { IsNull: false } node ? Vault(node) : null;
        var passphrase = file.Required("passphrase") is { IsNull: false } source ? source.Text("a file or systemd:NAME, or null", text => text.Length > 0) : null;
        file.RefuseOtherKeys();
        return new KeySettings(environment == "production", real, wide == "refuse", names, fingerprints, vault, passphrase);
    }

    public static bool IsFingerprint(string text) => text.Length == FingerprintLength && text.All(character => char.IsAsciiDigit(character) || character is >= 'a' and <= 'f');

    private static VaultSettings Vault(ConfigurationNode node)
    {
        var address = node.Required("address").Address();
        var token = node.Required("tokenFile").Text("a file or systemd:NAME", text => text.Length > 0);
        node.RefuseOtherKeys();
        return new VaultSettings(address, token);
    }
}
