using Akka.Configuration;

namespace Actors.Host.Configuration;

/// <summary>What the value of a HOCON key must be.</summary>
internal enum HoconKind
{
    Text = 1,
    Integer = 2,
    Switch = 3,
    Duration = 4,
    Section = 5,
}

/// <summary>A key that must stand in a file.</summary>
internal sealed record HoconRequirement(string Key, HoconKind Kind);

/// <summary>Reads the files of <c>hocon/</c>, which say how actors run, and checks what must be in them before anything is started.</summary>
internal static class HoconFiles
{
    /// <summary>The folder that is copied beside the executable.</summary>
    public static string Default => Path.Combine(AppContext.BaseDirectory, "hocon");

    /// <summary>
    /// The text of a file. Throws <see cref="BrokenConfigurationException"/> when it is missing or cannot be parsed, and for a key that is
    /// missing or of another kind.
    /// </summary>
    public static string Read(string folder, string file, IReadOnlyList<HoconRequirement> requirements)
    {
        var path = Path.Combine(folder, file);
        var text = ReadText(path);
        var parsed = Parse(path, text);
        foreach (var requirement in requirements) Check(path, parsed, requirement);
        return text;
    }

    /// <summary>As <see cref="Read"/>, with the profile's file laid over it where there is one: what it says again counts.</summary>
    public static string Overlaid(string folder, string file, string? profile, IReadOnlyList<HoconRequirement> requirements)
    {
        var text = Read(folder, file, requirements);
        return profile is null ? text : text + "\n" + Read(folder, profile + ".conf", []);
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BrokenConfigurationException($"{path}: cannot be read: {problem.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static Config Parse(string path, string text)
    {
        if (BracketBalance.Problem(text) is { } unbalanced) throw new BrokenConfigurationException($"{path}: not HOCON: {unbalanced}");
        try
        {
            return ConfigurationFactory.ParseString(text);
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            // The parser throws whatever its state machine ran into: every one of them means the same to the person.
            throw new BrokenConfigurationException($"{path}: not HOCON: {problem.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static void Check(string path, Config parsed, HoconRequirement requirement)
    {
        if (!parsed.HasPath(requirement.Key)) throw new BrokenConfigurationException($"{path}: {requirement.Key} is missing; expected {Words(requirement.Kind)}");
        try
        {
            if (Accepts(parsed, requirement)) return;
        }
        catch (Exception problem) when (problem is FormatException or OverflowException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw Unexpected(path, parsed, requirement);
        }

        throw Unexpected(path, parsed, requirement);
    }

    private static bool Accepts(Config parsed, HoconRequirement requirement)
    {
        var value = parsed.GetValue(requirement.Key);
        switch (requirement.Kind)
        {
            case HoconKind.Section:
                return value.IsObject();
            case HoconKind.Text:
                return value.IsString() && !string.IsNullOrWhiteSpace(value.GetString());
            case HoconKind.Integer:
                value.GetInt();
                return true;
            case HoconKind.Switch:
                value.GetBoolean();
                return true;
            default:
                return value.GetTimeSpan() > TimeSpan.Zero;
        }
    }

    private static BrokenConfigurationException Unexpected(string path, Config parsed, HoconRequirement requirement)
    {
        var value = parsed.GetValue(requirement.Key);
        var found = value.IsString() ? $"'{value.GetString()}'" : value.IsObject() ? "a section" : "a list";
        return new BrokenConfigurationException($"{path}: {requirement.Key}: expected {Words(requirement.Kind)}, found {found}");
    }

    private static string Words(HoconKind kind) => kind switch
    {
        HoconKind.Text => "a text",
        HoconKind.Integer => "a whole number",
        HoconKind.Switch => "on or off",
        HoconKind.Duration => "a duration like 5s",
        _ => "a section in braces",
    };
}
