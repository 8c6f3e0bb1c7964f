using System.Globalization;
using Actors.Bitmex;
using Actors.Domain.Instruments;
using Actors.Domain.Switch;
using Actors.Engine.Session;

namespace Actors.Host.View;

/// <summary>Amounts, times and states as a person reads them. Money is only ever moved by its decimal point, never rounded.</summary>
internal static class Words
{
    private const int PriceDecimalsMax = 8;
    private const string Tether = "USDt";

    /// <summary>Minor units in the unit people count in, with its name: 8 decimals of bitcoin, 2 to 6 of a dollar; an unknown unit stays as it is.</summary>
    public static string Money(string currency, long minorUnits, bool signed = false) => $"{Amount(currency, minorUnits, signed)} {Unit(currency)}";

    /// <summary>The amount alone.</summary>
    public static string Amount(string currency, long minorUnits, bool signed = false)
    {
        var (scale, format) = currency switch
        {
            WireNames.Satoshi => (100_000_000m, "#,0.00000000"),
            Tether => (1_000_000m, "#,0.00####"),
            _ => (1m, "#,0"),
        };
        var text = (minorUnits / scale).ToString(format, CultureInfo.InvariantCulture);
        return signed && minorUnits > 0 ? "+" + text : text;
    }

    /// <summary>The name of the unit people count in.</summary>
    public static string Unit(string currency) => currency switch
    {
        WireNames.Satoshi => "XBT",
        Tether => "USDT",
        _ => currency,
    };

    /// <summary>A price with the decimals that it came with, or a dash.</summary>
    public static string Price(decimal? price) =>
        price is { } value ? value.ToString("N" + Math.Min((int)value.Scale, PriceDecimalsMax).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : "–";

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun, in the singular where it is one.</summary>
    public static string Count(long count, string noun) => count == 1 ? $"1 {noun}" : $"{Count(count)} {noun}s";

    /// <summary>A position: its sign always shows, and nothing is "flat".</summary>
    public static string Position(long contracts) => contracts switch
    {
        0 => "flat",
        > 0 => "+" + Count(contracts),
        _ => Count(contracts),
    };

    public static string Elapsed(TimeSpan time) => time < TimeSpan.FromDays(1)
        ? time.ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture)
        : time.ToString(@"d\d\ hh\:mm\:ss", CultureInfo.InvariantCulture);

    /// <summary>A short time, rounded down to what matters.</summary>
    public static string Age(TimeSpan time) => time switch
    {
        { Ticks: < 0 } => "0 ms",
        { TotalSeconds: < 1 } => $"{time.Milliseconds.ToString(CultureInfo.InvariantCulture)} ms",
        { TotalMinutes: < 2 } => $"{((long)time.TotalSeconds).ToString(CultureInfo.InvariantCulture)} s",
        _ => $"{((long)time.TotalMinutes).ToString("N0", CultureInfo.InvariantCulture)} min",
    };

    public static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => $"{Count(bytes)} B",
        < 10_000_000 => $"{Count(bytes / 1_000)} kB",
        _ => $"{Count(bytes / 1_000_000)} MB",
    };

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Phase(SessionPhase phase) => phase.ToString().ToUpperInvariant();

    /// <summary>The switch in a few words: state, and while it is armed how long the venue still keeps our orders.</summary>
    public static string Switch(SwitchView view, DateTimeOffset now) => view switch
    {
        { State: SwitchState.AssumedFired } => "ASSUMED FIRED",
        { State: SwitchState.Disarmed } => "disarmed",
        { Until: { } until } => $"{view.State.ToString().ToLowerInvariant()}, {Age(until - now)} left",
        _ => view.State.ToString().ToLowerInvariant(),
    };

    public static string Side(Side side) => side == Domain.Instruments.Side.Buy ? "buy" : "sell";

    public static string Reconciliation(ReconciliationView view) =>
        $"{Count(view.Agreed)} agreed, {Count(view.Adopted)} adopted, {Count(view.Lost)} lost, {Count(view.Foreign)} foreign, {Count(view.Unknown)} unknown";

    /// <summary>Text from elsewhere, on one line and without anything that could steer a terminal.</summary>
    public static string Printable(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
}
