using System.Collections.Immutable;
using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using Actors.Host.CommandLine;
using Actors.Host.View;
using VenueMargin = Actors.Domain.Port.MarginReport;

namespace Actors.Host.Verbs;

/// <summary>What a venue told of an account: instruments are those of its positions and orders, and others that are asked about.</summary>
internal sealed record AccountReports(
    IReadOnlyList<InstrumentReport> Instruments,
    IReadOnlyList<PositionReport> Positions,
    IReadOnlyList<OrderReport> Orders,
    IReadOnlyList<VenueMargin> Margins);

/// <summary>An account as margin sees it, and in words what of the venue's reports is not in it or differs from it.</summary>
internal sealed record AccountReading(MarginAccount Account, ImmutableArray<string> Notes)
{
    /// <summary>
    /// Pure. Throws <see cref="UsageException"/> with the reason in one line where a figure that margin depends on is missing: an account that is
    /// read in part would look safer than it is.
    /// </summary>
    public static AccountReading From(AccountReports reports)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        var held = reports.Positions.Where(row => !row.Quantity.IsZero).Select(row => row.Symbol).Concat(reports.Orders.Select(order => order.Symbol));
        foreach (var unknown in held.Except(reports.Instruments.Select(instrument => instrument.Definition.Symbol)))
            throw new UsageException($"the account has positions or orders in {unknown}, which is not understood");
        var holdings = reports.Instruments.Select(instrument => HoldingOf(instrument, reports, notes)).ToImmutableArray();
        var account = new MarginAccount(Wallets(reports), holdings);
        if (holdings.Any(holding => holding is { Quantity: not 0, IsIsolated: false } && LiquidationPrice.Of(holding, 0).Exists))
            notes.Add("cross positions are computed each by itself, by the rules of 2018 to 2022; a venue that lets them share profit liquidates them elsewhere");
        Compare(account, reports, notes);
        return new AccountReading(account, notes.ToImmutable());
    }

    private static ImmutableArray<Money> Wallets(AccountReports reports) =>
    [
        .. reports.Margins.Select(row => new Money(row.WalletBalance, row.Currency)),
        .. reports.Instruments.Select(instrument => instrument.Definition.Settlement).Distinct()
            .Where(currency => reports.Margins.All(row => row.Currency != currency)).Select(Money.Zero),
    ];

    private static MarginHolding HoldingOf(InstrumentReport instrument, AccountReports reports, ImmutableArray<string>.Builder notes)
    {
        var symbol = instrument.Definition.Symbol;
        var holding = new MarginHolding(MarginTerms.From(instrument.Definition));
        if (instrument.MarkPrice is { } mark) holding = holding.WithMark(mark);
        if (instrument.FundingRate is { } rate) holding = holding.WithFundingRate(rate);
        var rows = reports.Positions.Where(row => row.Symbol == symbol).ToList();
        if (rows.Count(row => !row.Quantity.IsZero) > 1) throw new UsageException($"{symbol} is held in several positions at once, which is not understood");
        holding = holding.WithOrders(OrdersOf(instrument, reports.Orders.Where(order => order.Symbol == symbol), notes));
        var position = rows.Find(row => !row.Quantity.IsZero) ?? rows.FirstOrDefault();
        return position is null ? holding : WithPosition(holding, position);
    }

    private static MarginHolding WithPosition(MarginHolding holding, PositionReport row)
    {
        if (!row.Quantity.IsZero)
        {
            if (holding.Mark == 0) throw new UsageException($"{row.Symbol} is held, and the venue names no mark price for it");
            if (row.UnrealisedCost == 0) throw new UsageException($"{row.Symbol} is held, and the venue names no cost of the position");
            holding = holding.WithPosition(new Position(row.Quantity, row.UnrealisedCost, 0, 0));
        }

        if (!row.IsCross)
        {
            if (row.Leverage <= 0) throw new UsageException($"{row.Symbol} is isolated, and the venue names no leverage of it");
            holding = holding.WithLeverage(row.Leverage);
            if (row.TransferredMargin < 0) throw new UsageException($"{row.Symbol} has lost {-row.TransferredMargin} of its margin, which is not understood");
            if (row.TransferredMargin > 0 && holding.Quantity != 0) holding = holding.Transfer(row.TransferredMargin);
        }

        // The row does not say whether a limit was chosen: where both come to the same rates it is read as automatic.
        return row.RiskLimit is > 0 and { } limit && holding.Terms.Tiers.Chosen(limit) != holding.Tier ? holding.WithRiskLimit(limit) : holding;
    }

    private static OpenOrders OrdersOf(InstrumentReport instrument, IEnumerable<OrderReport> orders, ImmutableArray<string>.Builder notes)
    {
        var open = default(OpenOrders);
        foreach (var order in orders.Where(order => !order.Leaves.IsZero))
        {
            var what = string.Create(CultureInfo.InvariantCulture, $"order {order.VenueOrderId}, {Words.Side(order.Side)} {Words.Count(order.Leaves.Contracts)} {order.Symbol}, is not counted");
            if (instrument.Definition.Kind == ContractKind.Spot) notes.Add($"{what}: a spot order sets balance aside, so that less is available than stands here");
            else if (order.Price is not { } price || !(order.IsWorking ?? order.Type == Domain.Orders.OrderType.Limit)) notes.Add($"{what}: it is not in the book");
            // Premium is none: it was zero in every published row.
            else open = open.Plus(order.Side, order.Leaves, ContractValue.Value(instrument.Definition, order.Leaves, price), 0);
        }

        return open;
    }

    /// <summary>What the venue computed itself beside what is computed here from the same account.</summary>
    private static void Compare(MarginAccount account, AccountReports reports, ImmutableArray<string>.Builder notes)
    {
        const string Perhaps = "the marks moved while the account was read, or the venue has other rules";
        var report = account.Report();
        foreach (var row in reports.Margins)
        {
            var available = report.Of(row.Currency).Available;
            if (available == row.AvailableMargin) continue;
            notes.Add($"the venue says that {Words.Money(row.Currency.Code, row.AvailableMargin)} is available, computed is {Words.Amount(row.Currency.Code, available)}: {Perhaps}");
        }

        foreach (var holding in report.Holdings.Where(holding => holding.Prices.Exists))
        {
            var row = reports.Positions.First(row => row.Symbol == holding.Symbol && !row.Quantity.IsZero);
            if (row.LiquidationPrice is not { } price || price == holding.Prices.Shown) continue;
            notes.Add($"the venue says that {holding.Symbol} is liquidated at {Words.Price(price)}, computed is {Words.Price(holding.Prices.Shown)}: {Perhaps}");
        }
    }
}
