using Actors.Domain.Instruments;
using Actors.Domain.Sessions;

namespace Actors.Domain.Risk;

/// <summary>The mark price of an instrument moved, in quote units.</summary>
public sealed record MarkSeen(Symbol Symbol, decimal Mark) : Input;
