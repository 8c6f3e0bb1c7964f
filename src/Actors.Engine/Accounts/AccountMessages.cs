using Actors.Domain;
using Actors.Domain.Port;

namespace Actors.Engine.Accounts;

/// <summary>The account's protocol.</summary>
public static class AccountMessages
{
    /// <summary>The venue's own row of the account's money in one currency.</summary>
    public sealed record VenueSays(Cursor Cursor, MarginReport Report);

    /// <summary>The venue's own row of a position of the account, of any instrument.</summary>
    public sealed record VenueSaysPosition(PositionReport Report);
}
