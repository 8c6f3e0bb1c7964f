namespace Actors.Host.Control;

/// <summary>What may be asked of a running engine, as it goes over its socket: one line of JSON. Price null: a market order.</summary>
internal sealed record ControlRequest(
    string Verb, string? Reason = null, IReadOnlyList<string>? Latches = null, string? Symbol = null, string? Side = null, long Quantity = 0, decimal? Price = null, string? Strategy = null)
{
    public const string Show = "show";
    public const string Halt = "halt";
    public const string Resume = "resume";
    public const string Check = "check";
}

/// <summary>The answer: what to print and how to exit; one line of JSON too.</summary>
internal sealed record ControlAnswer(int ExitCode, IReadOnlyList<string> Lines);
