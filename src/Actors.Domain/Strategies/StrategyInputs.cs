using Actors.Domain.Books;
using Actors.Domain.Sessions;

namespace Actors.Domain.Strategies;

/// <summary>The best bid or ask of the strategy's live book changed.</summary>
public sealed record TopSeen(BookTop Top) : Input;

/// <summary>Whether anything new may be sent.</summary>
public sealed record DoorSeen(bool IsOpen) : Input;

/// <summary>An intent came to nothing: the door refused it, or there was nothing left to change.</summary>
public sealed record IntentAnswered(Intent Intent, string Reason) : Input;

/// <summary>The orders began anew: what the strategy knew of its own may be out of date until it has been told again.</summary>
public sealed record OrdersForgotten : Input;

/// <summary>The strategy looked at its plan because time went by.</summary>
public sealed record TimePassed : Input;
