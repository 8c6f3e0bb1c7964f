namespace Actors.Guard;

/// <summary>The guard will not start, or will not go on: one line that says where and why. Never holds a secret.</summary>
internal sealed class RefusalException(string message) : Exception(message);

/// <summary>How the engine's process is found: a file of process numbers, one a line, and a text of its command line, because a number may have
/// gone to another process since.</summary>
internal sealed record EngineSettings(string PidFile, string Command, string? KeyId, TimeSpan StopGrace);

/// <summary>How often: judging when nothing new is told; asking REST (four requests) while the socket lives, and while it is silent;
/// how long a socket may tell nothing, pings included; how often cancel all is repeated while latched although no order is seen.</summary>
internal sealed record Timing(TimeSpan JudgeEvery, TimeSpan CrossCheckEvery, TimeSpan PollEvery, TimeSpan SocketSilence, TimeSpan RepeatEvery);

/// <summary>Everything the limits file says. The webhook's file holds the address alerts are sent to, which is a secret.</summary>
internal sealed record Settings(Timing Timing, EngineSettings? Engine, string? WebhookFile, IReadOnlyList<Limit> Limits)
{
    public bool Does(Step step) => Limits.Any(limit => limit.Bounds.ContainsKey(step));
}
