using Actors.Domain.Accounts;
using Actors.Domain.Instruments;

namespace Actors.Journal.Codec.Kept;

/// <summary>How kept wallets are stored; one that was never taken over as ours is its balance alone.</summary>
internal static class WalletsKeptFormat
{
    public static RecordFormat Format { get; } = new JsonFormat<WalletsKept>("wallets-kept", Write, Read);

    private static void Write(FieldWriter to, WalletsKept kept) => to.List("balances", kept.Balances, static (one, wallet) =>
    {
        one.Text("currency", wallet.Currency.Code).Number("balance", wallet.Balance);
        if (wallet.Adopted is { } adopted) one.Number("deposits", wallet.Deposits).Number("transferred", wallet.Transferred).Object("adopted", adopted, AccountFormats.WriteAdopted);
    });

    private static WalletsKept Read(FieldReader from) => new(from.List("balances", static one =>
    {
        var wallet = new WalletBalance(new Currency(one.Text("currency")), one.Number("balance"));
        return one.Has("adopted")
            ? wallet with { Adopted = AccountFormats.ReadAdopted(one.Object("adopted")), Deposits = one.Number("deposits"), Transferred = one.Number("transferred") }
            : wallet;
    }));
}
