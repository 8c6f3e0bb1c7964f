using Actors.Bitmex;
using Actors.Host.CommandLine;
using Microsoft.Extensions.Logging;

namespace Actors.Host.Keys;

/// <summary>A key that no order will be sent with. The message is one line.</summary>
internal sealed class KeyRefusedException(string message) : Exception(message);

/// <summary>Lets a key pass before a session begins, or says why not; the data folder remembers what passed.</summary>
internal static class KeyGate
{
    /// <summary>
    /// Asks the venue about its own key and judges the answer. Throws <see cref="KeyRefusedException"/>, and <see cref="ProblemException"/> when the venue
    /// could not be asked.
    /// </summary>
    public static async Task PassAsync(
        ApiKeyFile key,
        Func<CancellationToken, Task<OwnKeyAnswer>> ask,
        KeySettings settings,
        VenuePlace place,
        bool realIsAsked,
        FingerprintFile used,
        ILogger log,
        CancellationToken cancellation)
    {
        var known = await ask(cancellation).ConfigureAwait(false) switch
        {
            OwnKeyAnswer.Known answer => answer,
            OwnKeyAnswer.Refused(var reason) => throw new KeyRefusedException($"the venue refuses {key}: {reason}"),
            OwnKeyAnswer.NotAsked(var reason) => throw new ProblemException($"the venue could not be asked about {key}: {reason}"),
            var other => throw new InvalidOperationException($"an answer that nobody knows: {other}"),
        };
        var facts = new KeyFacts(key.Name, key.Fingerprint, known, place, realIsAsked, used.OtherPlaces(key.Fingerprint, place));
        var findings = KeyPolicy.Judge(settings, facts);
        foreach (var warned in findings.Where(finding => finding.Outcome == RuleOutcome.Warned)) log.LogWarning("{Key}: {Rule}: {Words}", key, warned.Rule, warned.Words);
        var refused = findings.Where(finding => finding.Outcome == RuleOutcome.Refused).Select(finding => $"{finding.Rule}: {finding.Words}").ToList();
        if (refused.Count > 0) throw new KeyRefusedException($"{key} is refused: {string.Join("; ", refused)}");
        used.Remember(key.Fingerprint, place);
    }
}
