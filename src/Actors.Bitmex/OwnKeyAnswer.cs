namespace Actors.Bitmex;

/// <summary>What the venue says about the key that asks.</summary>
public abstract record OwnKeyAnswer
{
    private OwnKeyAnswer()
    {
    }

    /// <param name="Name">The label its owner gave it.</param>
    /// <param name="Enabled">False: switched off or not confirmed yet.</param>
    /// <param name="Permissions">In the venue's words: order, orderCancel, withdraw; reading needs none.</param>
    /// <param name="Cidrs">Networks it may be used from; empty: from anywhere.</param>
    public sealed record Known(string Name, bool Enabled, IReadOnlyList<string> Permissions, IReadOnlyList<string> Cidrs) : OwnKeyAnswer;

    /// <summary>The venue does not accept the key: revoked, expired, wrongly signed, or used from where it may not be.</summary>
    public sealed record Refused(string Reason) : OwnKeyAnswer;

    /// <summary>No answer that says anything of the key.</summary>
    public sealed record NotAsked(string Reason) : OwnKeyAnswer;
}
