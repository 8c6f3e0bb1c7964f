using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Margin;

namespace Actors.Host.CommandLine;

/// <summary>A change of an account as a person wrote it. Amounts in minor units, prices in quote units.</summary>
internal abstract record AskedChange
{
    private AskedChange()
    {
    }

    /// <summary>Null for a withdrawal, which concerns a currency.</summary>
    public abstract Symbol? Symbol { get; }

    /// <summary>A change that needs nothing more to be known.</summary>
    public sealed record Plain(AccountChange Change) : AskedChange
    {
        public override Symbol? Symbol => Change switch
        {
            LeverageChange leverage => leverage.Symbol,
            RiskLimitChange limit => limit.Symbol,
            MarginTransfer transfer => transfer.Symbol,
            MarkMoved mark => mark.Symbol,
            _ => null,
        };
    }

    /// <summary>An order whose price is not on its instrument's grid yet.</summary>
    public sealed record Order(Symbol Instrument, Side Side, Quantity Quantity, decimal Price) : AskedChange
    {
        public override Symbol? Symbol => Instrument;
    }

    /// <summary><c>XBt=1000000</c>; negative is a deposit. Null for anything else, as of all below.</summary>
    public static AskedChange? Withdrawal(string text) =>
        Split(text) is var (currency, amount) && Whole(amount) is { } units and not 0 ? new Plain(new Withdrawal(new Money(units, new Currency(currency)))) : null;

    /// <summary><c>XBTUSD=10</c>; zero is cross margin.</summary>
    public static AskedChange? Leverage(string text) =>
        Split(text) is var (symbol, value) && Number(value) is { } leverage and >= 0 ? new Plain(new LeverageChange(new Symbol(symbol), leverage)) : null;

    /// <summary><c>XBTUSD=30000000000</c>; zero is automatic.</summary>
    public static AskedChange? RiskLimit(string text) =>
        Split(text) is var (symbol, value) && Whole(value) is { } limit and >= 0 ? new Plain(new RiskLimitChange(new Symbol(symbol), limit)) : null;

    /// <summary><c>XBTUSD=500000</c>; negative moves margin out.</summary>
    public static AskedChange? Transfer(string text) =>
        Split(text) is var (symbol, value) && Whole(value) is { } amount and not 0 ? new Plain(new MarginTransfer(new Symbol(symbol), amount)) : null;

    /// <summary><c>XBTUSD=90000</c>.</summary>
    public static AskedChange? Mark(string text) =>
        Split(text) is var (symbol, value) && Number(value) is { } mark ? new Plain(new MarkMoved(new Symbol(symbol), mark)) : null;

    /// <summary><c>XBTUSD:buy:1000@95000</c>.</summary>
    public static AskedChange? Resting(string text)
    {
        if (text.Split(':') is not [var symbol, var side, var terms] || terms.Split('@') is not [var contracts, var at]) return null;
        Side? known = side switch
        {
            "buy" => Side.Buy,
            "sell" => Side.Sell,
            _ => null,
        };
        return IsName(symbol) && known is { } way && Whole(contracts) is { } quantity and > 0 && Number(at) is { } price
            ? new Order(new Symbol(symbol), way, new Quantity(quantity), price)
            : null;
    }

    private static (string Name, string Value)? Split(string text) => text.Split('=') is [var name, var value] && IsName(name) ? (name, value) : null;

    private static bool IsName(string text) => text.Length > 0 && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '.' or '-') && text[0] != '-';

    private static long? Whole(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>A decimal short enough to be kept without rounding.</summary>
    private static decimal? Number(string text) =>
        text.Length <= 28 && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value : null;
}
