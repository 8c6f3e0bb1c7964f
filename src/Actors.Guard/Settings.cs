namespace Actors.Guard;

/// <summary>The guard will not start, or will not go on: one line that says where and why. Never holds a secret.</summary>
internal sealed class RefusalException(string message) : Exception(message);

/// <summary>Where the engine's process is found: a systemd unit's control group, or a file that holds its number.</summary>
internal sealed record EngineSettings(string? Unit, string? PidFile, string? Command, string? KeyId, TimeSpan StopGrace);

/// <summary>Everything the limits file says.</summary>
internal sealed record Settings
{
    /// <summary>How often everything is judged when the socket tells nothing new; news is judged at once.</summary>
    public required TimeSpan JudgeEvery { get; init; }

    /// <summary>How often REST is asked while the socket lives: four requests each time.</summary>
    public required TimeSpan CrossCheckEvery { get; init; }

    /// <summary>How often REST is asked while the socket is silent: four requests each time.</summary>
    public required TimeSpan PollEvery { get; init; }

    /// <summary>A socket that tells nothing for so long, pings included, is given up.</summary>
    public required TimeSpan SocketSilence { get; init; }

    /// <summary>While latched, cancel all is repeated so often even when no order is seen.</summary>
    public required TimeSpan RepeatEvery { get; init; }

    public required EngineSettings? Engine { get; init; }

    /// <summary>File that holds the address alerts are sent to; the address is a secret.</summary>
    public required string? WebhookFile { get; init; }

    /// <summary>Take a key that may order although nothing is to be flattened.</summary>
    public required bool AcceptOrderPermission { get; init; }

    public required IReadOnlyList<Limit> Limits { get; init; }

    public bool Does(Step step) => Limits.Any(limit => limit.Bounds.ContainsKey(step));
}
