using System.Globalization;
using System.Text.Json;

namespace Actors.Host.Configuration;

/// <summary>One value of a JSON file with the line it stands on, so that every complaint can name its place.</summary>
internal sealed class ConfigurationNode
{
    private readonly Dictionary<string, ConfigurationNode> _members = new(StringComparer.Ordinal);
    private readonly List<ConfigurationNode> _items = [];
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly string _file;
    private readonly string _path;
    private readonly int _line;

    public ConfigurationNode(string file, string path, int line, JsonTokenType kind, string text)
    {
        (_file, _path, _line, Kind, Text) = (file, path, line, kind, text);
    }

    public JsonTokenType Kind { get; }

    /// <summary>A string's content, or the other value's text as written.</summary>
    public string Text { get; }

    /// <summary>The member's place in the file, as the path of its keys.</summary>
    public string MemberPath(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    public string ItemPath() => $"{_path}[{_items.Count.ToString(CultureInfo.InvariantCulture)}]";

    public bool TryAddMember(string key, ConfigurationNode value) => _members.TryAdd(key, value);

    public void AddItem(ConfigurationNode value) => _items.Add(value);

    /// <summary>The value of a key that must be there.</summary>
    public ConfigurationNode Required(string key)
    {
        if (Kind != JsonTokenType.StartObject) throw Expected("an object in braces");
        _asked.Add(key);
        return _members.TryGetValue(key, out var value) ? value : throw Problem(MemberPath(key), "is missing");
    }

    /// <summary>The value of a key that may be missing.</summary>
    public ConfigurationNode? Optional(string key)
    {
        _asked.Add(key);
        return _members.GetValueOrDefault(key);
    }

    /// <summary>Written as null: deliberately not there.</summary>
    public bool IsNull => Kind == JsonTokenType.Null;

    /// <summary>The items of a list that may be empty.</summary>
    public IReadOnlyList<ConfigurationNode> ItemsOrNone() => Kind == JsonTokenType.StartArray ? _items : throw Expected("a list in brackets");

    /// <summary>The items of a list that may not be empty.</summary>
    public IReadOnlyList<ConfigurationNode> Items()
    {
        if (Kind != JsonTokenType.StartArray) throw Expected("a list in brackets");
        return _items.Count > 0 ? _items : throw Problem(_path, "expected at least one entry, found none");
    }

    /// <summary>Refuses keys that nobody asked for: a misspelt limit must not be a limit that does not exist.</summary>
    public void RefuseOtherKeys()
    {
        foreach (var (key, value) in _members)
        {
            if (!_asked.Contains(key)) throw value.Problem(value._path, $"unknown key; expected {string.Join(", ", _asked.Order(StringComparer.Ordinal))}");
        }
    }

    /// <summary>The complaint that this value is not what was expected.</summary>
    public BrokenConfigurationException Expected(string expected) => Problem(_path, $"expected {expected}, found {Found()}");

    /// <summary>A complaint about this value.</summary>
    public BrokenConfigurationException Wrong(string problem) => Problem(_path, problem);

    private BrokenConfigurationException Problem(string path, string problem)
    {
        var line = _line.ToString(CultureInfo.InvariantCulture);
        return new BrokenConfigurationException(path.Length == 0 ? $"{_file} line {line}: {problem}" : $"{_file} line {line}: {path}: {problem}");
    }

    private string Found() => Kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"\"{Text}\"",
        _ => Text,
    };
}
