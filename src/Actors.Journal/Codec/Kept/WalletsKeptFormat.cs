using Actors.Domain.Accounts;
using Actors.Domain.Instruments;

namespace Actors.Journal.Codec.Kept;

/// <summary>How kept wallet balances are stored.</summary>
internal static class WalletsKeptFormat
{
    public static RecordFormat Format { get; } = new JsonFormat<WalletsKept>("wallets-kept", Write, Read);

    private static void Write(FieldWriter to, WalletsKept kept) => to
        .List("balances", kept.Balances, static (one, wallet) => one.Text("currency", wallet.Currency.Code).Number("balance", wallet.Balance));

    private static WalletsKept Read(FieldReader from) =>
        new(from.List("balances", static one => new WalletBalance(new Currency(one.Text("currency")), one.Number("balance"))));
}
