using Actors.Venue.Clearing;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>
/// The account's money: margin, wallet and its history; and the ways to move it. A transfer goes to any other account of a key: here all are paired.
/// This venue sends no mail: the token that confirms or cancels a withdrawal is its transactID.
/// </summary>
internal static class WalletRoutes
{
    private const int HistoryMax = 10_000;
    private const RouteTraits Entry = RouteTraits.Private | RouteTraits.Command | RouteTraits.Sheddable;

    public static IEnumerable<RestRoute> All() =>
    [
        RestRoute.Mine("/user/margin", call => Wallets(call, AccountTables.Margin, MarginRow.Of)),
        RestRoute.Mine("/user/wallet", call => Wallets(call, AccountTables.Wallet, wallet => wallet)),
        RestRoute.Mine("/user/walletHistory", History),
        RestRoute.Mine("/user/walletSummary", Summary),
        RestRoute.Mine("/user/depositAddress", _ => throw NotHere("deposits: accounts are funded when they are opened")),
        RestRoute.Mine("/user/depositAddressInformation", _ => throw NotHere("deposits: accounts are funded when they are opened")),
        RestRoute.Mine("/user/getWalletTransferAccounts", call => Json.List(Others(call), (writer, account) =>
        {
            writer.WriteNumber("accountId", account.Number);
            writer.WriteString("accountName", account.Name);
        })),
        new("POST", "/user/walletTransfer", Entry, Authenticator.Withdraw, Transfer),
        new("POST", "/user/requestWithdrawal", Entry, Authenticator.Withdraw, Withdraw),
        new("POST", "/user/confirmWithdrawal", Entry, Authenticator.Withdraw, call => Answer(call.Exchange.Wallets.Confirm(call.Account, Required(call, "token")))),
        new("POST", "/user/cancelWithdrawal", Entry, Authenticator.Withdraw, call => Answer(call.Exchange.Wallets.Cancel(call.Account, Required(call, "token")))),
        new("DELETE", "/user/withdrawal", Entry, Authenticator.Withdraw, call => Answer(call.Exchange.Wallets.Cancel(call.Account, Required(call, "transactID")))),
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

    private static IEnumerable<Account> Others(RestCall call) =>
        call.Venue.Identities.Select(identity => identity.Account).Where(account => account != call.Account).Distinct();

    private static byte[] Transfer(RestCall call)
    {
        var target = Whole(call, "targetAccountId");
        var account = Others(call).FirstOrDefault(other => other.Number == target)
            ?? throw RequestException.Invalid($"Invalid targetAccountId: expected one of {string.Join(", ", Others(call).Select(other => other.Number))}");
        return Answer(call.Exchange.Wallets.Transfer(One(call), account, Whole(call, "amount")));
    }

    private static byte[] Withdraw(RestCall call)
    {
        foreach (var name in (string[])["addressId", "targetUserId"])
        {
            if (call.Arguments.Has(name)) throw NotHere($"{name}: name the address");
        }

        var address = OrderArguments.Bounded(Required(call, "address"));
        var text = call.Arguments.Text("text") is { } said ? $"{address}\n{OrderArguments.Bounded(said)}" : address;
        return Answer(call.Exchange.Wallets.Request(One(call), Whole(call, "amount"), call.Arguments.Whole("fee") ?? 0, text));
    }

    private static byte[] Answer((TransactionRow? Row, Refusal? Refusal) outcome) => outcome.Refusal is { } refusal
        ? throw new RequestException(refusal.Status, refusal.Message)
        : Json.Row(PublicTables.Transaction, outcome.Row!);

    private static Wallet One(RestCall call)
    {
        Required(call, "currency");
        return Currency(call) ?? throw RequestException.Invalid("Invalid currency: expected one");
    }

    private static string Required(RestCall call, string name) => call.Arguments.Text(name) ?? throw RequestException.Invalid($"'{name}' is a required arg.");

    private static long Whole(RestCall call, string name) => call.Arguments.Whole(name) ?? throw RequestException.Invalid($"'{name}' is a required arg.");

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
        if (wallet.Withdrawn + wallet.PendingDebit != 0) yield return (currency, "Withdrawal", -wallet.Withdrawn - wallet.PendingDebit, wallet.Balance);
        if (wallet.TransferIn + wallet.TransferOut != 0) yield return (currency, "Transfer", wallet.TransferIn - wallet.TransferOut, wallet.Balance);
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
