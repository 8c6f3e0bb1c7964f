using System.Collections.Immutable;
using Actors.Domain.Instruments;

namespace Actors.Domain.Accounts;

/// <summary>Something the account learned of its money; journaled.</summary>
public abstract record AccountEvent;

/// <summary>The venue's wallet balance changed, in minor units: realised profit, fees, deposits, transfers.</summary>
public sealed record WalletObserved(Currency Currency, long WalletBalance, DateTimeOffset VenueTime) : AccountEvent;

/// <summary>
/// Money came into the wallet (positive) or left it other than by trading, in minor units. <see cref="Deposits"/>: the venue's balance less the profit it has
/// realised, after it. Nothing moved where the venue only began a new session of its own, and counts the profit until then as deposited.
/// </summary>
public sealed record WalletTransferred(Currency Currency, long Amount, long Deposits, DateTimeOffset VenueTime) : AccountEvent;

/// <summary>What a position had realised, in minor units of its settlement currency, when a wallet was taken over.</summary>
public readonly record struct RealisedAt(Symbol Symbol, long Realised);

/// <summary>
/// The venue's balance was taken over as ours, in minor units: from here on ours follows what positions realise and what is transferred. <see cref="Realised"/>: what each
/// position of the currency had realised then, in the order of their symbols.
/// </summary>
public sealed record WalletAdopted(Currency Currency, long Balance, long Deposits, ImmutableArray<RealisedAt> Realised, string Reason) : AccountEvent
{
    public bool Equals(WalletAdopted? other) =>
        other is not null && (Currency, Balance, Deposits, Reason) == (other.Currency, other.Balance, other.Deposits, other.Reason) && Realised.SequenceEqual(other.Realised);

    public override int GetHashCode() => HashCode.Combine(Currency, Balance, Deposits, Reason, Realised.Length);
}
