using Actors.Domain.Instruments;

namespace Actors.Domain.Accounts;

/// <summary>Something the account learned of its money; journaled.</summary>
public abstract record AccountEvent;

/// <summary>The venue's wallet balance changed, in minor units: realised profit, fees, deposits, transfers.</summary>
public sealed record WalletObserved(Currency Currency, long WalletBalance, DateTimeOffset VenueTime) : AccountEvent;
