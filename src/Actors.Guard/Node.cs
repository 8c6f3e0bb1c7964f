using System.Text.Json;

namespace Actors.Guard;

/// <summary>A piece of a JSON file that knows its line, so that a refusal can name it. Comments are allowed, a key given twice is not.</summary>
internal sealed class Node
{
    private readonly string _path;
    private readonly List<(string Name, Node Value)> _members = [];
    private readonly HashSet<string> _read = [];

    private Node(string path, int line, JsonTokenType kind, string text) => (_path, Line, Kind, Text) = (path, line, kind, text);

    public int Line { get; }

    public JsonTokenType Kind { get; }

    public string Text { get; }

    public List<Node> Items { get; } = [];

    public static Node Parse(string path, byte[] bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip });
            reader.Read();
            var root = Read(path, bytes, ref reader);
            while (reader.Read())
            {
                // Anything after the root makes the reader throw.
            }

            return root;
        }
        catch (JsonException broken)
        {
            throw new RefusalException($"{path}:{broken.LineNumber + 1}: not JSON");
        }
    }

    public RefusalException Refuse(string reason) => new($"{_path}:{Line}: {reason}");

    /// <summary>A member that must be there.</summary>
    public Node Required(string name) => Optional(name) ?? throw Refuse($"{name} is missing");

    /// <summary>A member that may be left out; null when it is not there. A null in its place is refused.</summary>
    public Node? Optional(string name)
    {
        if (Kind != JsonTokenType.StartObject) throw Refuse("expected an object");
        _read.Add(name);
        var value = _members.Find(member => member.Name == name).Value;
        return value is { Kind: JsonTokenType.Null } ? throw value.Refuse($"{name} has no value") : value;
    }

    /// <summary>To be called when all is read: a member that nobody asked for is refused.</summary>
    public void NothingElse()
    {
        foreach (var (name, value) in _members.Where(member => !_read.Contains(member.Name)))
            throw value.Refuse($"unknown key '{name}'; expected {string.Join(", ", _read)}");
    }

    public string AsText() => Kind == JsonTokenType.String && Text.Length > 0 ? Text : throw Refuse("expected text that is not empty");

    public bool AsFlag() => Kind switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw Refuse("expected true or false"),
    };

    public IReadOnlyList<Node> AsList() => Kind == JsonTokenType.StartArray ? Items : throw Refuse("expected a list");

    /// <summary>A number that is not negative.</summary>
    public decimal AsNumber()
    {
        if (Kind != JsonTokenType.Number || !decimal.TryParse(Text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var value))
            throw Refuse("expected a number");
        return value < 0 ? throw Refuse($"negative bound {Text}") : value;
    }

    /// <summary>A positive duration like 500ms, 10s, 5m or 1h, of at most a day.</summary>
    public TimeSpan AsDuration()
    {
        var text = Kind == JsonTokenType.String ? Text : "";
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var unit = digits <= 0 ? 0 : text[digits..] switch { "ms" => 1, "s" => 1_000, "m" => 60_000, "h" => 3_600_000, _ => 0 };
        const long Longest = 86_400_000;
        if (unit == 0 || !long.TryParse(text.AsSpan(0, digits), out var count) || count == 0 || count > Longest / unit)
            throw Refuse("expected a duration like 500ms, 10s, 5m or 1h");
        return TimeSpan.FromMilliseconds(count * unit);
    }

    private static Node Read(string path, byte[] bytes, ref Utf8JsonReader reader)
    {
        var line = 1 + bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            _ => "",
        };
        var node = new Node(path, line, reader.TokenType, text);
        while (node.Kind == JsonTokenType.StartObject && reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            var value = Read(path, bytes, ref reader);
            if (node._members.Exists(member => member.Name == name)) throw value.Refuse($"'{name}' is given twice");
            node._members.Add((name, value));
        }

        while (node.Kind == JsonTokenType.StartArray && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            node.Items.Add(Read(path, bytes, ref reader));
        return node;
    }
}
