using Actors.Domain.Instruments;
using Actors.Domain.Sessions;

namespace Actors.Domain.Accounts;

/// <summary>
/// A wallet's balance as the venue last told it, in minor units; and, once it was taken over as ours, from where ours is counted, what the venue then counts as deposited, and
/// what was transferred since.
/// </summary>
public sealed record WalletBalance(Currency Currency, long Balance)
{
    public WalletAdopted? Adopted { get; init; }

    public long Deposits { get; init; }

    public long Transferred { get; init; }
}

/// <summary>The wallets last journaled, by the currency's code.</summary>
public sealed record WalletsKept(IReadOnlyList<WalletBalance> Balances) : StateKept;
