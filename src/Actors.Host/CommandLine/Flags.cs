using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Actors.Host.Running;
using Actors.Venue;

namespace Actors.Host.CommandLine;

/// <summary>Makes flags whose values are checked while the line is parsed, with a message that says what was expected.</summary>
internal static class Flags
{
    public static Option<TimeSpan?> Duration(string name, string description) => Checked<TimeSpan?>(
        name, "duration", description, DurationText.Expected, text => DurationText.TryParse(text, out var value) ? value : null);

    public static Option<long?> Number(string name, string description) => Checked<long?>(
        name,
        "N",
        description,
        "a whole number",
        text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null);

    public static Option<int?> Count(string name, string description) => Checked<int?>(
        name,
        "N",
        description,
        "a whole number from 1 to 1000000",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= 1_000_000 ? value : null);

    public static Option<int?> Port(string name, string description) => Checked<int?>(
        name,
        "port",
        description,
        "a port between 0 and 65535",
        text => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null);

    public static Option<Uri?> Address(string name, string description) => Checked(
        name,
        "url",
        description,
        "an address like http://127.0.0.1:8080",
        text => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null);

    public static Option<MarketActivity?> Market(string name, string description, params MarketActivity[] allowed)
    {
        var names = string.Join('|', allowed.Select(activity => activity.ToString().ToLowerInvariant()));
        return Checked<MarketActivity?>(
            name,
            names,
            description,
            names.Replace("|", " or ", StringComparison.Ordinal),
            text => allowed.Cast<MarketActivity?>().FirstOrDefault(activity => string.Equals(activity.ToString(), text, StringComparison.OrdinalIgnoreCase)));
    }

    public static Option<string?> PathOf(string name, string helpName, string description) => Checked(
        name, helpName, description, "a path", text => string.IsNullOrWhiteSpace(text) ? null : text);

    /// <summary>Texts with commas between; <paramref name="nothing"/> is the word for an empty list.</summary>
    public static Option<IReadOnlyList<string>?> List(string name, string helpName, string description, string nothing, Func<string, bool> accept) => Checked<IReadOnlyList<string>?>(
        name, helpName, description, "a list as --help shows it", text => text == nothing ? [] : text.Split(',') is var items && items.All(accept) ? items : null);

    public static Option<DateTimeOffset?> Moment(string name, string description) => Checked<DateTimeOffset?>(
        name,
        "time",
        description,
        "a time in UTC like 2026-09-01T12:30:00",
        text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var value) ? value : null);

    /// <summary>For loads: not something a person should find.</summary>
    public static Option<FastClock?> Clock()
    {
        var clock = Checked("--clock", "clock", "A clock that runs faster than the system's.", FastClock.Expected, FastClock.Parse);
        clock.Hidden = true;
        return clock;
    }

    /// <summary>One of a few words.</summary>
    public static Option<string?> Word(string name, string helpName, string description, params string[] allowed) => Checked(
        name, helpName, description, string.Join(" or ", allowed), text => allowed.Contains(text) ? text : null);

    public static Option<decimal?> Price(string name, string description) => Checked<decimal?>(
        name, "price", description, "a price like 96000.5", text => decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null);

    private static Option<T> Checked<T>(string name, string helpName, string description, string expected, Func<string, T> parse) => new(name)
    {
        Description = description,
        HelpName = helpName,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result => Parse(result, name, expected, parse),
    };

    private static T? Parse<T>(ArgumentResult result, string name, string expected, Func<string, T> parse)
    {
        if (result.Tokens.Count != 1) return default; // the arity's own error says it
        var text = result.Tokens[0].Value;
        if (parse(text) is { } value) return value;
        result.AddError($"{name}: '{text}' is not {expected}");
        return default;
    }
}
