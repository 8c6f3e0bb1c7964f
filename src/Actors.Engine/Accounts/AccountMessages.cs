using Actors.Domain;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Engine.Accounts;

/// <summary>The account's protocol.</summary>
public static class AccountMessages
{
    /// <summary>The venue's own row of the account's money in one currency.</summary>
    public sealed record VenueSays(Cursor Cursor, MarginReport Report);

    /// <summary>Tell me the wallets again; answered with a <see cref="WalletChanged"/> for each that is known.</summary>
    public sealed record AskWallets;

    /// <summary>Told to risk after every change of a wallet's balance, in minor units, durable already.</summary>
    public sealed record WalletChanged(Currency Currency, long Balance);

    /// <summary>The venue's own row of a position of the account, of any instrument.</summary>
    public sealed record VenueSaysPosition(PositionReport Report);
}
