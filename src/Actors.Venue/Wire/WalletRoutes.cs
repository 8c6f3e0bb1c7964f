using Actors.Venue.Clearing;
using Actors.Venue.Tables;

namespace Actors.Venue.Wire;

/// <summary>The account's money: margin, wallet and its history; and the ways to move it, which this venue refuses in words.</summary>
internal static class WalletRoutes
{
    private const int HistoryMax = 10_000;

    public static IEnumerable<RestRoute> All() =>
    [
        RestRoute.Mine("/user/margin", call => Wallets(call, AccountTables.Margin, MarginRow.Of)),
        RestRoute.Mine("/user/wallet", call => Wallets(call, AccountTables.Wallet, wallet => wallet)),
        RestRoute.Mine("/user/walletHistory", History),
        RestRoute.Mine("/user/walletSummary", Summary),
        RestRoute.Mine("/user/depositAddress", _ => throw NotHere("deposits: accounts are funded when they are opened")),
        RestRoute.Mine("/user/depositAddressInformation", _ => throw NotHere("deposits: accounts are funded when they are opened")),
        RestRoute.Mine("/user/getWalletTransferAccounts", _ => Json.EmptyList),
        Refused("POST", "/user/walletTransfer", "transfers between accounts", Authenticator.Withdraw),
        Refused("POST", "/user/requestWithdrawal", "withdrawals", Authenticator.Withdraw),
        Refused("POST", "/user/cancelWithdrawal", "withdrawals", Authenticator.Withdraw),
        Refused("POST", "/user/confirmWithdrawal", "withdrawals", Authenticator.Withdraw),
        Refused("DELETE", "/user/withdrawal", "withdrawals", Authenticator.Withdraw),
        Refused("POST", "/user/marginingMode", "other margining modes", Authenticator.Order),
        Refused("POST", "/user/positionMode", "other position modes", Authenticator.Order),
        Refused("POST", "/user/preferences", "preferences", null),
        Refused("POST", "/user/communicationToken", "messages to phones", null),
        Refused("POST", "/user/logout", "sessions of a browser", null),
        Refused("POST", "/user/addSubaccount", "subaccounts", null),
        Refused("POST", "/user/createIndependentSubaccount", "subaccounts", null),
        Refused("POST", "/user/updateSubaccount", "subaccounts", null),
        Refused("POST", "/user/unstakingRequests", "staking", null),
        Refused("DELETE", "/user/unstakingRequests", "staking", null),
        Refused("POST", "/userPriceAlert", "price alerts", null),
        Refused("DELETE", "/userPriceAlert", "price alerts", null),
    ];

    /// <summary>The error of what a client may rightly ask for and this venue does not do.</summary>
    public static RequestException NotHere(string what) => new(400, $"Not available on this venue yet: {what}");

    private static RestRoute Refused(string verb, string path, string what, string? permission) => new(verb, path, RouteTraits.Private, permission, _ => throw NotHere(what));

    /// <summary>One row for one currency, a list for all of them.</summary>
    private static byte[] Wallets<T>(RestCall call, Table<T> table, Func<Wallet, T> row) => Currency(call) is { } wallet
        ? Json.Row(table, row(wallet))
        : Json.Rows(table, call.Account.Wallets.Select(row));

    /// <summary>The wallet asked for, the first when none is named; null for all.</summary>
    private static Wallet? Currency(RestCall call)
    {
        var currency = call.Arguments.Text("currency") ?? call.Account.Wallets[0].Currency.Currency.Code;
        if (string.Equals(currency, "all", StringComparison.OrdinalIgnoreCase)) return null;
        return call.Account.Wallets.Find(wallet => string.Equals(wallet.Currency.Currency.Code, currency, StringComparison.OrdinalIgnoreCase))
            ?? throw RequestException.Invalid($"Invalid currency: expected one of {string.Join(", ", call.Account.Wallets.Select(wallet => wallet.Currency.Currency))}");
    }

    /// <summary>Deposits and whatever was recorded since, the newest first as the venue has it; of one currency or of all.</summary>
    private static byte[] History(RestCall call)
    {
        var wanted = Currency(call);
        var rows = call.Account.Wallets.Select(Deposit).Concat(call.Venue.Records.Transactions.Where(row => row.Account == call.Account))
            .Where(row => wanted is null || row.Currency == wanted.Currency.Currency.Code).ToList();
        var isNewestFirst = call.Arguments.Flag("reverse") ?? true;
        return TableQuery.Read(call, HistoryMax).With(isNewestFirst).Answer(PublicTables.Transaction, rows);
    }

    private static byte[] Summary(RestCall call)
    {
        var wanted = Currency(call);
        return Json.List(call.Account.Wallets.Where(wallet => wanted is null || wallet == wanted).SelectMany(Sums), (writer, sum) =>
        {
            writer.WriteNumber("account", call.Account.Number);
            writer.WriteString("currency", sum.Currency);
            writer.WriteString("transactType", sum.Kind);
            writer.WriteNumber("amount", sum.Amount);
            writer.WriteNumber("walletBalance", sum.Balance);
        });
    }

    private static IEnumerable<(string Currency, string Kind, long Amount, long Balance)> Sums(Wallet wallet)
    {
        var currency = wallet.Currency.Currency.Code;
        yield return (currency, "Deposit", wallet.Deposited, wallet.Deposited);
        yield return (currency, "RealisedPNL", wallet.RealisedPnl, wallet.Balance);
        yield return (currency, "Total", wallet.Balance, wallet.Balance);
    }

    /// <summary>The deposit that opened a wallet; its identifier is made of the account and the wallet's place, so that it is the same at every asking.</summary>
    private static TransactionRow Deposit(Wallet wallet)
    {
        var place = (short)wallet.Account.Wallets.IndexOf(wallet);
        return new TransactionRow(
            new Guid((int)wallet.Account.Number, place, 0, new byte[8]),
            wallet.Account,
            wallet.Currency.Currency.Code,
            "Deposit",
            wallet.Deposited,
            0,
            "Completed",
            "",
            wallet.Opened,
            wallet.Deposited);
    }
}
