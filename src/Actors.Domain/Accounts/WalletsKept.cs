using Actors.Domain.Instruments;
using Actors.Domain.Sessions;

namespace Actors.Domain.Accounts;

/// <summary>A wallet's balance in minor units.</summary>
public sealed record WalletBalance(Currency Currency, long Balance);

/// <summary>The balances last journaled, by the currency's code.</summary>
public sealed record WalletsKept(IReadOnlyList<WalletBalance> Balances) : StateKept
{
    public static WalletsKept Of(IEnumerable<KeyValuePair<Currency, long>> balances) =>
        new([.. balances.OrderBy(one => one.Key.Code, StringComparer.Ordinal).Select(one => new WalletBalance(one.Key, one.Value))]);
}
