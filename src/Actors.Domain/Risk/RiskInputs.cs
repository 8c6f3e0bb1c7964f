using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Positions;
using Actors.Domain.Sessions;

namespace Actors.Domain.Risk;

/// <summary>The mark price of an instrument moved, in quote units.</summary>
public sealed record MarkSeen(Symbol Symbol, decimal Mark) : Input;

/// <summary>
/// The account's position in an instrument with its costs, as the position's own stream had it. <see cref="Leverage"/> is the owner's, zero for cross margin.
/// <see cref="IsAdopted"/>: the venue's was taken over, so that what differs is no profit and no loss.
/// </summary>
public sealed record HoldingSeen(Symbol Symbol, Position Position, decimal Leverage, bool IsAdopted) : Input
{
    /// <summary>The execution that has just been counted in; null where it was told for another reason.</summary>
    public string? ExecutionId { get; init; }
}

/// <summary>The account's wallet balance in one currency, in minor units.</summary>
public sealed record WalletSeen(Currency Currency, long Balance) : Input;

/// <summary>The next funding of an instrument: the rate as a fraction of value, positive when longs pay, and when.</summary>
public sealed record FundingSeen(Symbol Symbol, decimal Rate, DateTimeOffset DueAt) : Input;

/// <summary>The best bid and ask of a live book after the frame <see cref="Frame"/>; told a few times a second, not at every change.</summary>
public sealed record BestSeen(Symbol Symbol, BookTop Top, Cursor Frame) : Input;

/// <summary>What an operator may command.</summary>
public enum OperatorVerb
{
    Halt = 1,
    Resume = 2,
}

/// <summary>A person's command with the reason given. <see cref="Latches"/>: the names to clear; none means all. Empty for a halt.</summary>
public sealed record OperatorSaid(OperatorVerb Verb, string Reason, IReadOnlyList<string> Latches) : Input;
