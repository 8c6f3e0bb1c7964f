using System.Collections.Immutable;
using Actors.Domain.Instruments;

namespace Actors.Domain.Margin;

/// <summary>The margin of one holding: its position, its open orders in minor units, its prices, and whether liquidation is due now.</summary>
public readonly record struct HoldingReport(Symbol Symbol, PositionMargin Position, long OrderMargin, LiquidationPrice Prices, bool IsDue);

/// <summary>The margin of a whole account: one entry a wallet, one a holding, in the account's order.</summary>
public sealed record MarginReport(ImmutableArray<(Currency Currency, AccountMargin Margin)> Currencies, ImmutableArray<HoldingReport> Holdings)
{
    /// <summary>Throws <see cref="ArgumentException"/> when the account has no wallet of that currency.</summary>
    public AccountMargin Of(Currency currency)
    {
        foreach (var entry in Currencies)
        {
            if (entry.Currency == currency) return entry.Margin;
        }

        throw new ArgumentException($"the account has no wallet in {currency}", nameof(currency));
    }
}

/// <summary>
/// A whole account as an immutable value, for questions; on a hot path keep arrays of <see cref="MarginHolding"/> and call
/// <see cref="AccountMargin.Of(Money, ReadOnlySpan{MarginHolding}, MarginEngine)"/>. Every holding must settle in one of the wallets' currencies.
/// </summary>
public sealed record MarginAccount(ImmutableArray<Money> Wallets, ImmutableArray<MarginHolding> Holdings)
{
    public MarginEngine Engine { get; init; } = MarginEngine.Separate;

    /// <summary>Set to let currencies stand in for each other; null where each stands alone.</summary>
    public Haircuts? Haircuts { get; init; }

    /// <summary>What one minor unit of each wallet's currency is worth, in the order of the wallets; needed with <see cref="Haircuts"/>.</summary>
    public ImmutableArray<decimal> Values { get; init; } = [];

    /// <summary>Throws <see cref="ArgumentException"/> when there is none.</summary>
    public Money Wallet(Currency currency) => Wallets[WalletIndex(currency)];

    /// <summary>Throws <see cref="ArgumentException"/> when there is none.</summary>
    public MarginHolding Holding(Symbol symbol) => Holdings[HoldingIndex(symbol)];

    public MarginAccount WithWallet(Money wallet) => this with { Wallets = Wallets.SetItem(WalletIndex(wallet.Currency), wallet) };

    /// <summary>With this holding in place of the one of its symbol.</summary>
    public MarginAccount With(MarginHolding holding) =>
        this with { Holdings = Holdings.SetItem(HoldingIndex(holding.Terms.Instrument.Symbol), holding) };

    /// <summary>Computes everything anew at the present marks.</summary>
    public MarginReport Report()
    {
        var margins = new AccountMargin[Wallets.Length];
        for (var i = 0; i < margins.Length; i++) margins[i] = AccountMargin.Of(Wallets[i], Holdings.AsSpan(), Engine);
        if (Haircuts is not null) Margin.Collateral.Cover(margins, [.. Wallets.Select((wallet, i) => new CurrencyValue(wallet.Currency, Values[i]))], Haircuts);
        var holdings = Holdings.Select(holding => ReportOf(holding, margins[WalletIndex(holding.Terms.Instrument.Settlement)].Available));
        return new MarginReport([.. Wallets.Select((wallet, i) => (wallet.Currency, margins[i]))], [.. holdings]);
    }

    private HoldingReport ReportOf(MarginHolding holding, long available) => new(
        holding.Terms.Instrument.Symbol,
        PositionMargin.Of(holding),
        holding.OpenOrderMargin,
        LiquidationPrice.Of(holding, available, Engine),
        LiquidationPrice.IsDue(holding, available, Engine));

    private int WalletIndex(Currency currency)
    {
        for (var i = 0; i < Wallets.Length; i++)
        {
            if (Wallets[i].Currency == currency) return i;
        }

        throw new ArgumentException($"the account has no wallet in {currency}", nameof(currency));
    }

    private int HoldingIndex(Symbol symbol)
    {
        for (var i = 0; i < Holdings.Length; i++)
        {
            if (Holdings[i].Terms.Instrument.Symbol == symbol) return i;
        }

        throw new ArgumentException($"the account holds no {symbol}", nameof(symbol));
    }
}
