using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Domain.Sessions;

namespace Actors.Domain.Accounts;

/// <summary>What our position in an instrument has realised since ever, fees and funding deducted, in minor units of its settlement currency.</summary>
public sealed record RealisedSeen(Symbol Symbol, Currency Settlement, long Realised) : Input;

/// <summary>The venue's row of the account's money in one currency.</summary>
public sealed record MarginTold(MarginReport Report) : Input;

/// <summary>
/// Our balance was held against the venue's at a moment when nothing was on its way, and the venue's is to be taken over if they differ. Deposits: the venue's balance less the
/// profit it has realised, in minor units.
/// </summary>
public sealed record WalletCompared(Currency Currency, long Deposits) : Input;
