using System.Globalization;
using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Host.CommandLine;

namespace Actors.Host.Configuration;

/// <summary>Typed values of a node, each with its bounds and its words for what was expected.</summary>
internal static class ConfigurationValues
{
    public static string Text(this ConfigurationNode node, string expected, Func<string, bool> accept) =>
        node.Kind == JsonTokenType.String && accept(node.Text) ? node.Text : throw node.Expected(expected);

    public static long Integer(this ConfigurationNode node, long least, long most) =>
        node.Kind == JsonTokenType.Number
        && long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && value >= least
        && value <= most
            ? value
            : throw node.Expected(string.Create(CultureInfo.InvariantCulture, $"a whole number between {least} and {most}"));

    /// <summary>An exact decimal above zero.</summary>
    public static decimal Fraction(this ConfigurationNode node, decimal most) =>
        node.Kind == JsonTokenType.Number
        && decimal.TryParse(node.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value > 0
        && value <= most
            ? value
            : throw node.Expected(string.Create(CultureInfo.InvariantCulture, $"a number above 0 and at most {most}"));

    public static bool Switch(this ConfigurationNode node) => node.Kind switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw node.Expected("true or false"),
    };

    public static Uri Address(this ConfigurationNode node) =>
        node.Kind == JsonTokenType.String && Uri.TryCreate(node.Text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw node.Expected("an address like https://127.0.0.1:8200");

    public static TimeSpan Duration(this ConfigurationNode node, TimeSpan least, TimeSpan most) =>
        node.Kind == JsonTokenType.String && DurationText.TryParse(node.Text, out var value) && value >= least && value <= most
            ? value
            : throw node.Expected($"a duration between {Seconds(least)} and {Seconds(most)} like \"30s\" or \"500ms\"");

    public static Quantity Quantity(this ConfigurationNode node) => new(node.Integer(1, 1_000_000_000_000));

    public static Symbol Symbol(this ConfigurationNode node) => new(node.Text(
        "an instrument's symbol in capital letters and digits",
        text => text.Length is > 0 and <= 32 && text.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '_' or '-')));

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(decimal)time.Ticks / TimeSpan.TicksPerSecond:0.###}s");
}
