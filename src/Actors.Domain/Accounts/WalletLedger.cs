using Actors.Domain.Instruments;

namespace Actors.Domain.Accounts;

/// <summary>
/// One account's money in one currency, in minor units, each bounded by ±2^63-1 (beyond it <see cref="OverflowException"/>). Counters only
/// grow; <see cref="Balance"/> is what the venue calls the wallet balance: amount plus the session's realised profit.
/// </summary>
public readonly record struct WalletLedger(Currency Currency)
{
    public long Deposited { get; init; }

    public long Withdrawn { get; init; }

    public long TransferredIn { get; init; }

    public long TransferredOut { get; init; }

    /// <summary>Deposits seen and not confirmed yet: no money, only news.</summary>
    public long PendingCredit { get; init; }

    /// <summary>Withdrawals asked for and not sent yet: still in the balance, no longer available.</summary>
    public long PendingDebit { get; init; }

    /// <summary>Profit of earlier sessions, booked into <see cref="Amount"/>.</summary>
    public long BookedPnl { get; init; }

    /// <summary>Profit of this session less commission and funding.</summary>
    public long RealisedPnl { get; init; }

    public long Amount => Deposited - Withdrawn + TransferredIn - TransferredOut + BookedPnl;

    public long Balance => Amount + RealisedPnl;

    /// <summary>What may be withdrawn or transferred, given what positions and orders leave free: never more than the balance less pending.</summary>
    public long Withdrawable(long availableMargin) => Math.Max(0, Math.Min(Balance, availableMargin) - PendingDebit);

    /// <summary>A withdrawal or transfer in words when it cannot be made; null when it can.</summary>
    public string? RefuseDebit(long amount, long availableMargin) =>
        amount <= 0 ? $"amount {amount} is not positive"
        : amount > Withdrawable(availableMargin) ? $"amount {amount} is above the {Withdrawable(availableMargin)} {Currency} that can be withdrawn"
        : null;

    /// <summary>A deposit seen, positive; it counts with <see cref="ConfirmDeposit"/>.</summary>
    public WalletLedger AnnounceDeposit(long amount) => this with { PendingCredit = PendingCredit + Positive(amount) };

    /// <summary>A deposit that has arrived, announced before or not.</summary>
    public WalletLedger ConfirmDeposit(long amount) =>
        this with { Deposited = Deposited + Positive(amount), PendingCredit = PendingCredit - Math.Min(PendingCredit, amount) };

    /// <summary>A withdrawal asked for: the caller has asked <see cref="RefuseDebit"/> first.</summary>
    public WalletLedger RequestWithdrawal(long amount) => this with { PendingDebit = PendingDebit + Positive(amount) };

    public WalletLedger CancelWithdrawal(long amount) => this with { PendingDebit = PendingDebit - Pending(amount) };

    public WalletLedger CompleteWithdrawal(long amount) => this with { PendingDebit = PendingDebit - Pending(amount), Withdrawn = Withdrawn + amount };

    /// <summary>Both ledgers after a transfer between accounts of one currency; throws <see cref="InvalidOperationException"/> between two.</summary>
    public static (WalletLedger Payer, WalletLedger Payee) Transfer(WalletLedger payer, WalletLedger payee, long amount) => payer.Currency == payee.Currency
        ? (payer with { TransferredOut = payer.TransferredOut + Positive(amount) }, payee with { TransferredIn = payee.TransferredIn + amount })
        : throw new InvalidOperationException($"{payer.Currency} cannot be transferred to a wallet of {payee.Currency}");

    /// <summary>Profit (or loss, commission, funding: negative) made now.</summary>
    public WalletLedger Realise(long profit) => this with { RealisedPnl = RealisedPnl + profit };

    /// <summary>The session's end: its profit becomes part of the amount; the balance does not change.</summary>
    public WalletLedger CloseSession() => this with { BookedPnl = BookedPnl + RealisedPnl, RealisedPnl = 0 };

    private static long Positive(long amount) =>
        amount > 0 ? amount : throw new ArgumentOutOfRangeException(nameof(amount), amount, "an amount of money that moves is positive");

    private long Pending(long amount) => Positive(amount) <= PendingDebit
        ? amount
        : throw new ArgumentOutOfRangeException(nameof(amount), amount, $"only {PendingDebit} {Currency} is on its way out");
}
