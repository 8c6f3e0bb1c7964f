using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Margin;

namespace Actors.Host.View;

/// <summary>An account before and after changes, as lines that a person reads. Pure.</summary>
internal static class WhatIfText
{
    public const string NothingChanged = "Nothing was changed at the venue: the account was only read.";

    private const string Equal = "=";
    private const string Becomes = "->";

    public static List<string> Lines(string title, MarginAccount before, IReadOnlyList<AccountChange> changes, WhatIfAnswer answer, IReadOnlyList<string> notes)
    {
        List<string> lines = [changes.Count == 0 ? $"{title}, as it stands" : $"{title}, what if:"];
        lines.AddRange(changes.Select((change, index) => $"  {Words.Count(index + 1)}. {Change(before, change)}"));
        lines.Add(string.Empty);
        lines.AddRange(Table(before, answer).Lines(int.MaxValue).Select(line => line.ToString().TrimEnd()));
        AddList(lines, answer.Objections.Length == 0 ? "objections: none" : "objections:", answer.Objections);
        if (notes.Count > 0) AddList(lines, "to be known:", notes);
        lines.Add(string.Empty);
        lines.Add(NothingChanged);
        return lines;
    }

    private static void AddList(List<string> lines, string title, IEnumerable<string> items)
    {
        lines.Add(string.Empty);
        lines.Add(title);
        lines.AddRange(items.Select(item => "  " + item));
    }

    private static LineTable Table(MarginAccount before, WhatIfAnswer answer)
    {
        var table = new LineTable(new Column(string.Empty), new Column("before", Right: true), new Column(string.Empty), new Column("after", Right: true), new Column("change", Right: true));
        for (var i = 0; i < answer.Before.Currencies.Length; i++) AddCurrency(table, answer.Before.Currencies[i].Currency, answer.Before.Currencies[i].Margin, answer.After.Currencies[i].Margin);
        for (var i = 0; i < answer.Before.Holdings.Length; i++)
        {
            AddTitle(table, string.Empty);
            AddHolding(table, before.Holdings[i], answer.Account.Holdings[i]);
            AddMargin(table, before.Holdings[i], answer.Account.Holdings[i], answer.Before.Holdings[i], answer.After.Holdings[i]);
        }

        return table;
    }

    private static void AddCurrency(LineTable table, Currency currency, AccountMargin before, AccountMargin after)
    {
        AddTitle(table, Words.Unit(currency.Code));
        AddMoney(table, "wallet", currency, before.WalletBalance, after.WalletBalance);
        AddMoney(table, "margin balance", currency, before.MarginBalance, after.MarginBalance);
        AddMoney(table, "available", currency, before.Available, after.Available);
        AddMoney(table, "withdrawable", currency, before.Withdrawable, after.Withdrawable);
    }

    private static void AddHolding(LineTable table, MarginHolding before, MarginHolding after)
    {
        AddTitle(table, $"{before.Terms.Instrument.Symbol}, money in {Words.Unit(before.Terms.Instrument.Settlement.Code)}");
        AddText(table, "position", before, after, holding => Words.Position(holding.Quantity));
        AddText(table, "open orders", before, after, Orders);
        AddText(table, "mark price", before, after, holding => Words.Price(holding.Mark == 0 ? null : holding.Mark));
        AddText(table, "leverage", before, after, holding => holding.IsIsolated ? Plain(holding.Leverage) : "cross");
        AddText(table, "risk limit", before, after, holding => holding.RiskLimit == 0 ? "automatic" : Words.Amount(holding.Terms.Instrument.Settlement.Code, holding.RiskLimit));
    }

    private static void AddMargin(LineTable table, MarginHolding before, MarginHolding after, HoldingReport was, HoldingReport becomes)
    {
        var currency = before.Terms.Instrument.Settlement;
        AddMoney(table, "unrealised profit", currency, was.Position.UnrealisedPnl, becomes.Position.UnrealisedPnl);
        AddMoney(table, "initial margin", currency, was.Position.Initial, becomes.Position.Initial);
        AddMoney(table, "maintenance margin", currency, was.Position.Maintenance, becomes.Position.Maintenance);
        AddMoney(table, "order margin", currency, was.OrderMargin, becomes.OrderMargin);
        AddText(table, "liquidation price", was, becomes, report => report.Prices.Exists ? Words.Price(report.Prices.Shown) : "none");
        AddText(table, "distance to it", (before, was), (after, becomes), Distance);
    }

    private static void AddTitle(LineTable table, string title) => table.Add(title, string.Empty, string.Empty, string.Empty, string.Empty);

    private static void AddMoney(LineTable table, string name, Currency currency, long before, long after) => table.Add(
        "  " + name,
        Words.Amount(currency.Code, before),
        before == after ? Equal : Becomes,
        Words.Amount(currency.Code, after),
        before == after ? string.Empty : Words.Amount(currency.Code, after - before, signed: true));

    private static void AddText<T>(LineTable table, string name, T before, T after, Func<T, string> text)
    {
        var (was, becomes) = (text(before), text(after));
        table.Add("  " + name, was, was == becomes ? Equal : Becomes, becomes, string.Empty);
    }

    private static string Orders(MarginHolding holding) => holding.Orders.IsEmpty
        ? "none"
        : $"buy {Words.Count(holding.Orders.BuyQuantity)}, sell {Words.Count(holding.Orders.SellQuantity)}";

    /// <summary>Of the mark, to the exact first tick at which liquidation is due; rounded down, so that nothing looks safer than it is.</summary>
    private static string Distance((MarginHolding Holding, HoldingReport Report) at)
    {
        if (at.Report.IsDue) return "DUE NOW";
        if (!at.Report.Prices.Exists) return "–";
        return at.Report.Prices.Distance(at.Holding) is { } part ? (decimal.Floor(part * 10_000) / 100).ToString("N2", CultureInfo.InvariantCulture) + " %" : "out of reach";
    }

    private static string Change(MarginAccount account, AccountChange change) => change switch
    {
        Withdrawal { Amount: { MinorUnits: < 0 } amount } => $"{Words.Money(amount.Currency.Code, -amount.MinorUnits)} is deposited",
        Withdrawal { Amount: var amount } => $"{Words.Money(amount.Currency.Code, amount.MinorUnits)} is withdrawn",
        LeverageChange { Leverage: 0 } cross => $"{cross.Symbol} is on cross margin",
        LeverageChange leverage => $"{leverage.Symbol} is isolated at leverage {Plain(leverage.Leverage)}",
        RiskLimitChange { RiskLimit: 0 } limit => $"{limit.Symbol} has the automatic risk limit",
        RiskLimitChange limit => $"{limit.Symbol} has a risk limit of {Amount(account, limit.Symbol, limit.RiskLimit)}",
        MarginTransfer { Amount: < 0 } transfer => $"{Amount(account, transfer.Symbol, -transfer.Amount)} is moved out of {transfer.Symbol}",
        MarginTransfer transfer => $"{Amount(account, transfer.Symbol, transfer.Amount)} is moved into {transfer.Symbol}",
        MarkMoved mark => $"{mark.Symbol} is marked at {Words.Price(mark.Mark)}",
        OrderAdded order => $"an order rests: {Words.Side(order.Side)} {Words.Count(order.Quantity.Contracts)} {order.Symbol} at {Words.Price(account.Holding(order.Symbol).Terms.Instrument.Tick.ToDecimal(order.Price))}",
        _ => throw new InvalidOperationException($"no words for {change.GetType().Name}"),
    };

    private static string Amount(MarginAccount account, Symbol symbol, long minorUnits) => Words.Money(account.Holding(symbol).Terms.Instrument.Settlement.Code, minorUnits);

    private static string Plain(decimal value) => value.ToString("0.##################", CultureInfo.InvariantCulture);
}
