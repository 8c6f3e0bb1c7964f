using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>Checks and counts the signatures of one chronicle's checkpoints.</summary>
internal sealed class SignatureTally(CheckpointVerifier? verifier, AuditFindings findings, string chronicle)
{
    private readonly SortedSet<string> _keys = new(StringComparer.Ordinal);
    private long _checkpoints;
    private long _signed;

    public void Check(long sequence, DateTimeOffset at, Checkpoint checkpoint)
    {
        _checkpoints++;
        if (checkpoint.Signature is not null) _signed++;
        if (checkpoint.KeyId is { } key) _keys.Add(key);
        if (verifier?.Refuse(checkpoint) is { } reason) findings.Differ(chronicle, sequence, at, $"the checkpoint cannot be trusted: {reason}");
    }

    public void Tell()
    {
        findings.Count("checkpoints verified", _checkpoints);
        findings.Remark((_signed, verifier) switch
        {
            (0, null) => "the checkpoints are not signed: a journal forged as a whole, every hash computed anew, could not be told from this one",
            (_, null) => $"{_signed} of {_checkpoints} checkpoints are signed with key {string.Join(", ", _keys)}; no public key was given to check them with",
            _ => $"{_signed} of {_checkpoints} checkpoints are signed; checked with key {verifier.KeyId}",
        });
    }
}
