using System.Collections.Immutable;
using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Domain.Accounts;

/// <summary>
/// The wallets of an account: as the venue tells them, and as they follow from what our positions realised and what was transferred since the venue's was last taken
/// over. Money in minor units. Immutable; what positions have realised is forgotten when the account begins anew, and told again.
/// </summary>
public sealed record AccountLedger
{
    public static readonly AccountLedger Empty = new();

    private ImmutableDictionary<Currency, Wallet> Wallets { get; init; } = ImmutableDictionary<Currency, Wallet>.Empty;

    private ImmutableSortedDictionary<Symbol, (Currency Settlement, long Realised)> Realised { get; init; } = ImmutableSortedDictionary<Symbol, (Currency, long)>.Empty;

    /// <summary>The venue's balance as last told; null before the first.</summary>
    public long? Theirs(Currency currency) => Wallets.GetValueOrDefault(currency)?.Told;

    /// <summary>The balance by our own count; null before the venue's was first taken over, and while the positions that it follows are not all known.</summary>
    public long? Ours(Currency currency)
    {
        if (Wallets.GetValueOrDefault(currency)?.Adopted is not { } adopted || !IsFollowed(currency, adopted)) return null;
        return adopted.Realised.Aggregate(adopted.Balance + Wallets[currency].Transferred, (sum, one) => checked(sum + Realised[one.Symbol].Realised - one.Realised));
    }

    /// <summary>Takes note of what a position has realised.</summary>
    public AccountLedger Take(RealisedSeen seen) => this with { Realised = Realised.SetItem(seen.Symbol, (seen.Settlement, seen.Realised)) };

    /// <summary>The ledger as it was kept; what positions have realised is not known yet.</summary>
    public static AccountLedger Of(WalletsKept kept) => new()
    {
        Wallets = kept.Balances.ToImmutableDictionary(one => one.Currency, one => new Wallet(one.Balance, one.Adopted, one.Deposits, one.Transferred)),
    };

    public WalletsKept Keep() => new(
    [
        .. Wallets.Where(one => one.Value.Told is not null).OrderBy(one => one.Key.Code, StringComparer.Ordinal).Select(one => new WalletBalance(one.Key, one.Value.Told!.Value)
        {
            Adopted = one.Value.Adopted,
            Deposits = one.Value.Deposits,
            Transferred = one.Value.Transferred,
        }),
    ]);

    /// <summary>The account begins anew.</summary>
    public AccountLedger Begin() => this with { Realised = Realised.Clear() };

    /// <summary>
    /// What the venue's row means: its balance less what it has realised is what was deposited, which only a transfer changes. (A venue that begins a session anew moves the
    /// profit until then over. How the first dialect's rows do that was never captured: it is recognised where exactly the profit of the row before is moved.)
    /// </summary>
    public IReadOnlyList<AccountEvent> Decide(MarginReport row)
    {
        var events = new List<AccountEvent>(2);
        var known = Wallets.GetValueOrDefault(row.Currency);
        if (known?.Told != row.WalletBalance) events.Add(new WalletObserved(row.Currency, row.WalletBalance, row.Timestamp));
        var deposits = row.WalletBalance - row.RealisedPnl;
        if (known is { Adopted: not null, Deposits: var before } && deposits != before)
        {
            var profit = known.Told - before;
            var isNewSession = deposits - before == profit && row.RealisedPnl != profit;
            events.Add(new WalletTransferred(row.Currency, isNewSession ? 0 : deposits - before, deposits, row.Timestamp));
        }

        return events;
    }

    /// <summary>The venue's balance is taken over where ours is another one, or does not follow the same positions; null where there is nothing to do.</summary>
    public WalletAdopted? Decide(WalletCompared compared)
    {
        if (Wallets.GetValueOrDefault(compared.Currency) is not { Told: { } theirs } wallet) return null;
        var ours = Ours(compared.Currency);
        if (ours == theirs) return null;
        var reason = wallet.Adopted is null ? "first seen"
            : ours is null ? "other instruments are traded"
            : string.Create(CultureInfo.InvariantCulture, $"ours {ours}, the venue has {theirs}");
        return new WalletAdopted(
            compared.Currency, theirs, compared.Deposits, [.. Realised.Where(one => one.Value.Settlement == compared.Currency).Select(one => new RealisedAt(one.Key, one.Value.Realised))], reason);
    }

    public AccountLedger Apply(AccountEvent happened) => happened switch
    {
        WalletObserved observed => With(observed.Currency, wallet => wallet with { Told = observed.WalletBalance }),
        WalletTransferred transferred => With(transferred.Currency, wallet => wallet with { Deposits = transferred.Deposits, Transferred = wallet.Transferred + transferred.Amount }),
        WalletAdopted adopted => With(adopted.Currency, wallet => wallet with { Adopted = adopted, Deposits = adopted.Deposits, Transferred = 0 }),
        _ => throw new InvalidOperationException($"no rule applies {happened.GetType().Name}"),
    };

    private bool IsFollowed(Currency currency, WalletAdopted adopted) =>
        Realised.Where(one => one.Value.Settlement == currency).Select(one => one.Key).SequenceEqual(adopted.Realised.Select(one => one.Symbol));

    private AccountLedger With(Currency currency, Func<Wallet, Wallet> change) =>
        this with { Wallets = Wallets.SetItem(currency, change(Wallets.GetValueOrDefault(currency) ?? new Wallet())) };

    private sealed record Wallet(long? Told = null, WalletAdopted? Adopted = null, long Deposits = 0, long Transferred = 0);
}
