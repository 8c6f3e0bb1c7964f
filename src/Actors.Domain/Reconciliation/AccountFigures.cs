using System.Collections.Immutable;
using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Domain.Positions;
using MarginReport = Actors.Domain.Port.MarginReport;

namespace Actors.Domain.Reconciliation;

/// <summary>An account's money in one currency, in minor units, as one side counts it.</summary>
public readonly record struct AccountFigures(long Wallet, long Unrealised, long Orders, long Positions, long Balance, long Available)
{
    /// <summary>As the venue's row has them.</summary>
    public static AccountFigures Of(MarginReport row) =>
        new(row.WalletBalance, row.UnrealisedPnl, row.InitialMargin, row.MaintenanceMargin, row.MarginBalance, row.AvailableMargin);

    /// <summary>As they follow from a wallet and what is held. Overflow is checked.</summary>
    public static AccountFigures Of(Money wallet, ImmutableArray<MarginHolding> holdings)
    {
        var margin = AccountMargin.Of(wallet, holdings.AsSpan());
        return new AccountFigures(margin.WalletBalance, margin.UnrealisedPnl, margin.OrderMargin, margin.PositionMargin, margin.MarginBalance, margin.Available);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"wallet {Wallet}, unrealised {Unrealised}, margin of orders {Orders}, of positions {Positions}, available {Available}");

    /// <summary>
    /// What we hold in an instrument: our position and our orders, at the mark, the leverage and the risk limit of the venue's row of the position (null: it has none). Orders must
    /// be plain limit orders that work.
    /// </summary>
    public static MarginHolding Holding(Instrument instrument, Position position, IEnumerable<Order> orders, PositionReport? row)
    {
        var open = default(OpenOrders);
        foreach (var order in orders)
        {
            if (order.Price is { } price) open = open.Plus(order.Terms.Side, order.Leaves, ContractValue.Value(instrument, order.Leaves, price), 0);
        }

        var holding = new MarginHolding(MarginTerms.From(instrument)).WithOrders(open);
        if (row?.MarkPrice is { } mark) holding = holding.WithMark(mark);
        holding = holding.WithPosition(position);
        if (row is not { IsCross: false })
            return row is null ? holding : WithLimit(holding, row);
        holding = holding.WithLeverage(row.Leverage);
        if (row.TransferredMargin > 0 && !position.Quantity.IsZero) holding = holding.Transfer(row.TransferredMargin);
        return WithLimit(holding, row);
    }

    // The row does not say whether a limit was chosen: where both come to the same rates it is read as automatic.
    private static MarginHolding WithLimit(in MarginHolding holding, PositionReport row) =>
        row.RiskLimit is > 0 and { } limit && holding.Terms.Tiers.Chosen(limit) != holding.Tier ? holding.WithRiskLimit(limit) : holding;
}
