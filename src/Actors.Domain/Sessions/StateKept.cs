namespace Actors.Domain.Sessions;

/// <summary>
/// All that the records of a stream before it add up to, as far as recovery needs it: a record of the stream like any other, chained like any other. Recovery
/// begins at the newest one; an audit reads from the first record and computes it again.
/// </summary>
public abstract record StateKept;

/// <summary>A kept state that this build cannot read, and why. It is a link of its chain and says nothing: recovery reads the whole stream instead.</summary>
public sealed record StateUnreadable(string Manifest, string Reason) : StateKept;
