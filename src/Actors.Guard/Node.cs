namespace Actors.Guard;

/// <summary>A piece of a JSON file that knows its line, so that a refusal can name it; it quotes numbers and names only, because a text may be a
/// secret. Comments are allowed, a key given twice is not.</summary>
internal sealed class Node
{
    private readonly string _path;
    private readonly JsonTokenType _kind;
    private readonly List<(string Name, Node Value)> _members = [];
    private readonly List<Node> _items = [];
    private readonly HashSet<string> _read = [];

    private Node(string path, byte[] bytes, ref Utf8JsonReader reader)
    {
        (_path, _kind, Line) = (path, reader.TokenType, 1 + bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n'));
        Text = _kind == JsonTokenType.String ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
        while (_kind == JsonTokenType.StartArray && reader.Read() && reader.TokenType != JsonTokenType.EndArray) _items.Add(new Node(path, bytes, ref reader));
        while (_kind == JsonTokenType.StartObject && reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            var value = new Node(path, bytes, ref reader);
            if (_members.Exists(member => member.Name == name)) throw value.Refuse($"'{name}' is given twice");
            _members.Add((name, value));
        }
    }

    public string Text { get; }
    public int Line { get; }

    public static Node Parse(string path, byte[] bytes)
    {
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip });
            reader.Read();
            var root = new Node(path, bytes, ref reader);
            // Anything after the root makes the reader throw.
            reader.Read();
            return root;
        }
        // Not the parser's own words: they may quote what stands around the fault.
        catch (JsonException broken) { throw new RefusalException($"{path}:{broken.LineNumber + 1}: not JSON"); }
    }

    public RefusalException Refuse(string reason) => new($"{_path}:{Line}: {reason}");

    public Node Required(string name) => Optional(name) ?? throw Refuse($"{name} is missing");

    /// <summary>A member that may be left out; null when it is not there. A null in its place is refused.</summary>
    public Node? Optional(string name)
    {
        if (_kind != JsonTokenType.StartObject) throw Refuse("expected an object");
        _read.Add(name);
        var value = _members.Find(member => member.Name == name).Value;
        return value is { _kind: JsonTokenType.Null } ? throw value.Refuse($"{name} has no value") : value;
    }

    /// <summary>To be called when all is read: a member that nobody asked for is refused.</summary>
    public void NothingElse()
    {
        foreach (var (name, value) in _members.Where(member => !_read.Contains(member.Name)))
            throw value.Refuse($"unknown key '{name}'; expected {string.Join(", ", _read)}");
    }

    public string AsText() => _kind == JsonTokenType.String && Text.Length > 0 ? Text : throw Refuse("expected text that is not empty");
    public IReadOnlyList<Node> AsList() => _kind == JsonTokenType.StartArray ? _items : throw Refuse("expected a list");

    /// <summary>A number that is not negative.</summary>
    public decimal AsNumber()
    {
        var isNumber = decimal.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && _kind == JsonTokenType.Number;
        return isNumber && value >= 0 ? value : throw Refuse(isNumber ? $"negative bound {Text}" : "expected a number");
    }

    /// <summary>A positive duration like 500ms, 10s, 5m or 1h, of at most a day.</summary>
    public TimeSpan AsDuration()
    {
        const long Longest = 86_400_000;
        var digits = Text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        var unit = digits <= 0 ? 0 : Text[digits..] switch { "ms" => 1, "s" => 1_000, "m" => 60_000, "h" => 3_600_000, _ => 0 };
        if (unit == 0 || !long.TryParse(Text.AsSpan(0, digits), out var count) || count == 0 || count > Longest / unit) throw Refuse("expected a duration like 500ms, 10s, 5m or 1h");
        return TimeSpan.FromMilliseconds(count * unit);
    }
}
