using Actors.Domain.Accounts;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Domain.Sessions;
using Actors.Engine.Journaling;
using Actors.Engine.Session;

namespace Actors.Engine.Accounts;

/// <summary>Owns what is known of the account's money: the venue's rows, each change of a wallet balance made durable.</summary>
public sealed class AccountActor(SessionContext session) : JournaledActor(session, PartNames.Account, $"account-{session.Account}")
{
    private readonly Dictionary<Currency, long> _wallets = [];
    private readonly Dictionary<Currency, long> _marginAtStart = [];

    protected override void Apply(object happened, DateTimeOffset at)
    {
        if (happened is WalletObserved observed) _wallets[observed.Currency] = observed.WalletBalance;
    }

    protected override StateKept Keep() => WalletsKept.Of(_wallets);

    protected override void Restore(object kept)
    {
        foreach (var (currency, balance) in ((WalletsKept)kept).Balances) _wallets[currency] = balance;
    }

    protected override void Handle(object message)
    {
        if (message is not AccountMessages.VenueSays says) return;
        Cursor = says.Cursor;
        var report = says.Report;
        if (_wallets.TryGetValue(report.Currency, out var known) && known == report.WalletBalance) Show(report);
        else Commit([new WalletObserved(report.Currency, report.WalletBalance, report.Timestamp)], () => Show(report));
    }

    private void Show(MarginReport report)
    {
        _marginAtStart.TryAdd(report.Currency, report.MarginBalance);
        Session.Board.Margins[report.Currency.Code] = new MarginView(
            report.Currency.Code,
            report.WalletBalance,
            report.MarginBalance,
            report.AvailableMargin,
            report.MarginBalance - _marginAtStart[report.Currency]);
    }
}
