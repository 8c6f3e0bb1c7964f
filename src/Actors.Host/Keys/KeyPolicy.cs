using System.Net;
using System.Net.Sockets;
using Actors.Bitmex;

namespace Actors.Host.Keys;

/// <summary>What a rule says of a key.</summary>
internal enum RuleOutcome
{
    Passed = 1,
    Warned = 2,
    Refused = 3,
}

/// <summary>One rule, what it says, and why in words.</summary>
internal sealed record RuleFinding(string Rule, RuleOutcome Outcome, string Words)
{
    public override string ToString() => $"{Outcome.ToString().ToLowerInvariant(),-8} {Rule,-12} {Words}";
}

/// <summary>What is known of a key when it is judged.</summary>
/// <param name="Name">Its name in its file; the venue may know it by another.</param>
/// <param name="Fingerprint">See <see cref="ApiKeyFile.Fingerprint"/>.</param>
/// <param name="Venue">What the venue says of it.</param>
/// <param name="Place">Where it is to be used.</param>
/// <param name="RealIsAsked">Somebody said, here and now, that orders may cost real money.</param>
/// <param name="UsedBefore">Other places that the data folder has seen it in.</param>
internal sealed record KeyFacts(string Name, string Fingerprint, OwnKeyAnswer.Known Venue, VenuePlace Place, bool RealIsAsked, IReadOnlyList<string> UsedBefore);

/// <summary>The rules a key must pass before anything is sent with it. Pure. A key is used when no rule refuses it.</summary>
internal static class KeyPolicy
{
    // The venue's own words for what a key may do.
    private const string Withdraw = "withdraw";
    private const string Order = "order";

    /// <summary>Every rule with what it says, always in the same order.</summary>
    public static IReadOnlyList<RuleFinding> Judge(KeySettings settings, KeyFacts key) =>
    [
        key.Venue.Enabled ? Passed("enabled", "the venue accepts it") : Refused("enabled", "the venue knows it and has it switched off"),
        key.Venue.Permissions.Contains(Withdraw, StringComparer.OrdinalIgnoreCase)
            ? Refused("withdraw", "it may withdraw; make one that may not: a program that trades never needs it")
            : Passed("withdraw", "it may not withdraw"),
        key.Venue.Permissions.Contains(Order, StringComparer.Ordinal)
            ? Passed("order", "it may place orders")
            : Refused("order", $"it may not place orders, only {(key.Venue.Permissions.Count == 0 ? "read" : string.Join(", ", key.Venue.Permissions))}"),
        Network(settings, key),
        Elsewhere(settings, key),
        Environment(settings, key.Place),
        RealMoney(settings, key),
    ];

    public static bool IsRefused(IEnumerable<RuleFinding> findings) => findings.Any(finding => finding.Outcome == RuleOutcome.Refused);

    private static RuleFinding Network(KeySettings settings, KeyFacts key)
    {
        const string Rule = "network";
        var wide = key.Venue.Cidrs.Where(cidr => !IsOneAddress(cidr)).ToList();
        if (key.Venue.Cidrs.Count > 0 && wide.Count == 0) return Passed(Rule, $"only {string.Join(", ", key.Venue.Cidrs)} may use it");
        var words = key.Venue.Cidrs.Count == 0 ? "any address may use it" : $"whole networks may use it: {string.Join(", ", wide)}";
        if (key.Place == VenuePlace.ThisMachine) return Passed(Rule, $"{words}, which does not matter on this machine");
        words += "; bind it to single addresses (/32)";
        return settings.RefusesWideNetworks ? Refused(Rule, words) : new RuleFinding(Rule, RuleOutcome.Warned, words);
    }

    /// <summary>An address alone, or a network of one address.</summary>
    private static bool IsOneAddress(string cidr) =>
        IPAddress.TryParse(cidr, out _)
        || (IPNetwork.TryParse(cidr, out var network) && network.PrefixLength == (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));

    private static RuleFinding Elsewhere(KeySettings settings, KeyFacts key)
    {
        const string Rule = "elsewhere";
        string[] names = [key.Name, key.Venue.Name];
        if (settings.NamesElsewhere.FirstOrDefault(known => names.Contains(known, StringComparer.OrdinalIgnoreCase)) is { } name)
            return Refused(Rule, $"a key named {name} belongs to another tool or environment; make one for this engine alone");
        if (settings.FingerprintsElsewhere.Contains(key.Fingerprint))
            return Refused(Rule, $"the key {key.Fingerprint[..12]}… belongs to another tool or environment; make one for this engine alone");
        return key.UsedBefore.Count > 0
            ? Refused(Rule, $"this data folder has seen it used for {string.Join(", ", key.UsedBefore)}; a key has one use")
            : Passed(Rule, "not known from another tool or environment");
    }

    private static RuleFinding Environment(KeySettings settings, VenuePlace place) => (settings.IsProduction, place == VenuePlace.Production) switch
    {
        (false, true) => Refused("environment", "the configuration is for tests and the venue's address is not one for tests"),
        (true, false) => Refused("environment", $"the configuration is for production and the venue is {(place == VenuePlace.Testnet ? "a testnet" : "on this machine")}"),
        (true, true) => Passed("environment", "production, as the configuration says"),
        (false, false) => Passed("environment", $"{(place == VenuePlace.Testnet ? "a testnet" : "this machine")}, and the configuration is for tests"),
    };

    private static RuleFinding RealMoney(KeySettings settings, KeyFacts key) =>
        key.Place != VenuePlace.Production ? Passed("real money", "there is none here")
        : settings.TradesForReal || key.RealIsAsked ? Passed("real money", "asked for")
        : Refused("real money", $"orders here cost real money, and neither --real nor 'tradeForReal' in {KeysFile.Name} asks for that");

    private static RuleFinding Passed(string rule, string words) => new(rule, RuleOutcome.Passed, words);

    private static RuleFinding Refused(string rule, string words) => new(rule, RuleOutcome.Refused, words);
}
