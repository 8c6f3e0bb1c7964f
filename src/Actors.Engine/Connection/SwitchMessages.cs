using Actors.Domain.Switch;

namespace Actors.Engine.Connection;

/// <summary>The dead man's switch's protocol.</summary>
public static class SwitchMessages
{
    /// <summary>Begin beating; sent when the tree is up.</summary>
    public sealed record Start;

    /// <summary>Engine and venue agree on every order, as the venue had them at <see cref="AskedAt"/>.</summary>
    public sealed record Reconciled(DateTimeOffset AskedAt);

    /// <summary>Stop beating and disarm; answered to the engine with <see cref="Disarmed"/> when the venue confirmed.</summary>
    public sealed record Disarm;

    public sealed record Disarmed;

    /// <summary>A beat could not be sent or was not confirmed.</summary>
    public sealed record BeatFailed(string Reason);

    /// <summary>Told to the engine whenever the state changes.</summary>
    public sealed record StateChanged(SwitchState State, string Reason);
}
