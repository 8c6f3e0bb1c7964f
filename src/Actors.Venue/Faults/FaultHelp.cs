namespace Actors.Venue.Faults;

/// <summary>The grammar of faults in words, as GET tells it.</summary>
internal static class FaultHelp
{
    public static readonly IReadOnlyList<(string Name, string Text)> Lines =
    [
        ("POST", "a fault, a list of faults, or {\"faults\":[...]}; a scenario file has the same grammar"),
        ("DELETE", "?id=N removes one fault, without it all; an instrument's state goes back to what it was"),
        ("kind", "one of the kinds below; everything else may be left out, and what is left out matches anything"),
        ("account, symbol", "the account's name; the instrument"),
        ("verb, path", "of requests: POST, /order"),
        ("table, action", "of frames: orderBookL2, update"),
        ("skip, count", "matches that pass first; times it fires (1, or without end while seconds last)"),
        ("afterSeconds, seconds", "when it begins, how long it lasts"),
        ("percent, seed", "chance that a match fires, from the fault's own seeded stream"),
        ("overload", "503, not executed"),
        ("rateLimit", "429, not executed; milliseconds: until Retry-After"),
        ("stall", "taken, not executed, never answered"),
        ("loseRequest", "connection cut, not executed"),
        ("loseAnswer", "executed, connection cut instead of the answer"),
        ("delayAnswer", "executed, answered after milliseconds"),
        ("dropFrame", "a frame of a table is not sent"),
        ("delayFrame", "a frame, and all behind it on its socket, waits for milliseconds"),
        ("reorderFrame", "a frame is sent after the frame that follows it"),
        ("duplicateFrame", "a frame is sent twice: an execution row with table execution"),
        ("dropSocket", "sockets of the account, or all, are cut at once; with table, instead of a frame of it"),
        ("refuseSocket", "upgrades are answered 503 until removed, for seconds, or count times"),
        ("clockSkew", "milliseconds added to the clock that clients see, until removed or for seconds; timers keep the true time"),
        ("revokeKey", "the key with this identifier, or all of the account, is disabled and its sockets cut"),
        ("instrumentState", "symbol and state (Open, Closed, Settled, Unlisted), until removed or for seconds"),
        ("restart", "the venue ends and starts again on its port with all its state, faults forgotten"),
    ];
}
