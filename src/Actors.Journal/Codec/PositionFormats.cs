using Actors.Domain.Accounts;
using Actors.Domain.Instruments;
using Actors.Domain.Positions;

namespace Actors.Journal.Codec;

/// <summary>How the events of positions are stored.</summary>
internal static class PositionFormats
{
    public static readonly IReadOnlyList<RecordFormat> All =
    [
        new JsonFormat<PositionFilled>("position-filled", WriteFilled, ReadFilled).Compact(),
        new JsonFormat<PositionCharged>(
            "position-charged",
            (to, happened) => to.Text("executionId", happened.ExecutionId)
                .Text("kind", happened.Kind).Number("amount", happened.Amount).Time("venueTime", happened.VenueTime),
            from => new PositionCharged(from.Text("executionId"), from.Text("kind"), from.Number("amount"), from.Time("venueTime"))),
        new JsonFormat<PositionAdopted>(
            "position-adopted",
            (to, happened) => to.Contracts("contracts", happened.Quantity)
                .Number("unrealisedCost", happened.UnrealisedCost).Text("reason", happened.Reason),
            from => new PositionAdopted(from.Contracts("contracts"), from.Number("unrealisedCost"), from.Text("reason"))),
    ];

    private static void WriteFilled(FieldWriter to, PositionFilled happened) => to
        .Text("executionId", happened.ExecutionId)
        .Contracts("change", happened.Change)
        .Decimal("price", happened.Price)
        .Number("cost", happened.Cost)
        .Number("commission", happened.Commission)
        .Time("venueTime", happened.VenueTime);

    private static PositionFilled ReadFilled(FieldReader from) => new(
        from.Text("executionId"),
        from.Contracts("change"),
        from.Decimal("price"),
        from.Number("cost"),
        from.Number("commission"),
        from.Time("venueTime"));
}

/// <summary>How the events of accounts are stored.</summary>
internal static class AccountFormats
{
    public static readonly IReadOnlyList<RecordFormat> All =
    [
        new JsonFormat<WalletObserved>(
            "wallet-observed",
            (to, happened) => to.Text("currency", happened.Currency.Code)
                .Number("balance", happened.WalletBalance).Time("venueTime", happened.VenueTime),
            from => new WalletObserved(new Currency(from.Text("currency")), from.Number("balance"), from.Time("venueTime"))).Compact(),
        new JsonFormat<WalletTransferred>(
            "wallet-transferred",
            (to, happened) => to.Text("currency", happened.Currency.Code)
                .Number("amount", happened.Amount).Number("deposits", happened.Deposits).Time("venueTime", happened.VenueTime),
            from => new WalletTransferred(new Currency(from.Text("currency")), from.Number("amount"), from.Number("deposits"), from.Time("venueTime"))),
        new JsonFormat<WalletAdopted>("wallet-adopted", WriteAdopted, ReadAdopted),
    ];

    public static void WriteAdopted(FieldWriter to, WalletAdopted happened) => to
        .Text("currency", happened.Currency.Code).Number("balance", happened.Balance).Number("deposits", happened.Deposits)
        .List("realised", happened.Realised, (one, realised) => one.Symbol(realised.Symbol).Number("realised", realised.Realised))
        .Text("reason", happened.Reason);

    public static WalletAdopted ReadAdopted(FieldReader from) => new(
        new Currency(from.Text("currency")),
        from.Number("balance"),
        from.Number("deposits"),
        [.. from.List("realised", one => new RealisedAt(one.Symbol(), one.Number("realised")))],
        from.Text("reason"));
}
