using Actors.Venue.Snapshots;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Clearing;

/// <summary>A withdrawal that waits for its confirmation; its amount and fee have left the balance. Minor units, positive.</summary>
internal sealed record Withdrawal(Guid Id, Wallet Wallet, long Amount, long Fee, string Text, DateTimeOffset Timestamp)
{
    public static Withdrawal Pass(StateStream state, Withdrawal? withdrawal) => new(
        state.Pass(withdrawal?.Id ?? default),
        state.Pass(withdrawal?.Wallet),
        state.Pass(withdrawal?.Amount ?? 0),
        state.Pass(withdrawal?.Fee ?? 0),
        state.Pass(withdrawal?.Text ?? ""),
        state.Pass(withdrawal?.Timestamp ?? default));
}

/// <summary>
/// Moves money other than by trading: from one account to another, and out of the venue. No more leaves a wallet than its margin can spare. What is
/// asked to be withdrawn leaves the balance at once and comes back if it is canceled; the fee goes to the venue when it is confirmed. The words
/// of the refusals are ours: the venue's were never captured.
/// </summary>
internal sealed class WalletDesk(Exchange exchange)
{
    private readonly List<Withdrawal> _pending = [];

    /// <summary>Moves an amount, in minor units, to the same currency's wallet of another account; returns the row of the sender.</summary>
    public (TransactionRow? Row, Refusal? Refusal) Transfer(Wallet from, Account to, long amount)
    {
        if (to == from.Account) return (null, Refusal.Invalid("Invalid targetAccountId: expected another account"));
        if (Refuse(from, amount, 0) is { } refusal) return (null, refusal);
        var target = to.Wallet(from.Currency.Currency);
        from.TransferOut += amount;
        target.TransferIn += amount;
        var row = Tell(exchange.Identifiers.Next(), from, "Transfer", -amount, 0, "Completed", $"To account {to.Number}", exchange.Now);
        Tell(exchange.Identifiers.Next(), target, "Transfer", amount, 0, "Completed", $"From account {from.Account.Number}", exchange.Now);
        exchange.Flush();
        return (row, null);
    }

    /// <summary>Sets an amount and a fee aside, both in minor units, until the withdrawal is confirmed or canceled.</summary>
    public (TransactionRow? Row, Refusal? Refusal) Request(Wallet wallet, long amount, long fee, string text)
    {
        if (Refuse(wallet, amount, fee) is { } refusal) return (null, refusal);
        var withdrawal = new Withdrawal(exchange.Identifiers.Next(), wallet, amount, fee, text, exchange.Now);
        _pending.Add(withdrawal);
        wallet.PendingDebit += amount + fee;
        wallet.Currency.Withdrawn += amount + fee;
        return (End(withdrawal, "Pending"), null);
    }

    /// <summary>Lets a withdrawal go.</summary>
    public (TransactionRow? Row, Refusal? Refusal) Confirm(Account account, string id)
    {
        if (Take(account, id) is not { } withdrawal) return (null, Unknown);
        withdrawal.Wallet.Withdrawn += withdrawal.Amount + withdrawal.Fee;
        withdrawal.Wallet.Currency.Withdrawn -= withdrawal.Fee;
        withdrawal.Wallet.Currency.Fees += withdrawal.Fee;
        return (End(withdrawal, "Completed"), null);
    }

    /// <summary>Gives the money of a withdrawal that was not confirmed back.</summary>
    public (TransactionRow? Row, Refusal? Refusal) Cancel(Account account, string id)
    {
        if (Take(account, id) is not { } withdrawal) return (null, Unknown);
        withdrawal.Wallet.Currency.Withdrawn -= withdrawal.Amount + withdrawal.Fee;
        return (End(withdrawal, "Canceled"), null);
    }

    public void Pass(StateStream state) => state.List(_pending, withdrawal => Withdrawal.Pass(state, withdrawal));

    private static Refusal Unknown => new(404, "Not Found: no such withdrawal waits for its confirmation");

    private static Refusal? Refuse(Wallet wallet, long amount, long fee)
    {
        if (amount <= 0) return Refusal.Invalid("Invalid amount: expected a positive number");
        if (fee < 0) return Refusal.Invalid("Invalid fee: expected a number of 0 or more");
        var most = WalletMargin.Withdrawable(wallet);
        return amount > most || fee > most - amount
            ? Refusal.Invalid($"Account has insufficient Withdrawable Balance, {most} {wallet.Currency.Currency} can be taken out")
            : null;
    }

    private Withdrawal? Take(Account account, string id)
    {
        var withdrawal = Guid.TryParse(id, out var wanted) ? _pending.Find(pending => pending.Id == wanted && pending.Wallet.Account == account) : null;
        if (withdrawal is null) return null;
        _pending.Remove(withdrawal);
        withdrawal.Wallet.PendingDebit -= withdrawal.Amount + withdrawal.Fee;
        return withdrawal;
    }

    private TransactionRow End(Withdrawal withdrawal, string status)
    {
        var row = Tell(withdrawal.Id, withdrawal.Wallet, "Withdrawal", -withdrawal.Amount, withdrawal.Fee, status, withdrawal.Text, withdrawal.Timestamp);
        exchange.Flush();
        return row;
    }

    private TransactionRow Tell(Guid id, Wallet wallet, string kind, long amount, long fee, string status, string text, DateTimeOffset at)
    {
        var row = new TransactionRow(id, wallet.Account, wallet.Currency.Currency.Code, kind, amount, fee, status, text, at, wallet.Balance);
        exchange.Observer.Moved(row);
        exchange.Clearing.Touch(wallet);
        return row;
    }
}
