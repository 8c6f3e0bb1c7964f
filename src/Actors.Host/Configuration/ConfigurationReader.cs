using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Actors.Host.Configuration;

/// <summary>Reads a JSON file with comments into nodes that know their lines. A key given twice is refused.</summary>
internal ref struct ConfigurationReader
{
    /// <summary>No configuration is near this; a file that is bigger is another file.</summary>
    private const long BytesMax = 1 << 20;

    private static readonly JsonReaderOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = 16 };

    private readonly string _file;
    private readonly ReadOnlySpan<byte> _bytes;
    private Utf8JsonReader _reader;
    private int _line;
    private int _counted;

    private ConfigurationReader(string file, ReadOnlySpan<byte> bytes)
    {
        _file = file;
        _bytes = bytes;
        _reader = new Utf8JsonReader(bytes, Options);
        _line = 1;
    }

    /// <summary>Reads a file, and hands its text back too. <paramref name="path"/> is named in complaints as it is given here.</summary>
    public static (ConfigurationNode Node, string Text) Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) throw new BrokenConfigurationException($"{path}: there is no such file");
            if (file.Length > BytesMax) throw new BrokenConfigurationException($"{path}: {file.Length} bytes; a configuration file has at most {BytesMax}");
            var bytes = File.ReadAllBytes(path);
            return (Parse(path, bytes), Encoding.UTF8.GetString(bytes));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new BrokenConfigurationException($"{path}: cannot be read: {problem.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Reads a file's content.</summary>
    public static ConfigurationNode Parse(string path, ReadOnlySpan<byte> content)
    {
        var bytes = content.StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content;
        try
        {
            var reader = new ConfigurationReader(path, bytes);
            reader._reader.Read();
            var node = reader.Value(string.Empty);
            reader._reader.Read(); // anything after the value throws
            return node;
        }
        catch (JsonException problem)
        {
            // The library counts lines from zero and repeats them in its text.
            var line = ((problem.LineNumber ?? 0) + 1).ToString(CultureInfo.InvariantCulture);
            var text = problem.Message.ReplaceLineEndings(" ");
            var end = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
            throw new BrokenConfigurationException($"{path} line {line}: not JSON: {(end < 0 ? text : text[..end])}");
        }
    }

    private ConfigurationNode Value(string path)
    {
        var kind = _reader.TokenType;
        var text = kind == JsonTokenType.String ? _reader.GetString()! : Encoding.UTF8.GetString(_reader.ValueSpan);
        var node = new ConfigurationNode(_file, path, Line(), kind, text);
        if (kind == JsonTokenType.StartObject) Members(node);
        if (kind == JsonTokenType.StartArray) Items(node);
        return node;
    }

    private void Members(ConfigurationNode node)
    {
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var key = _reader.GetString()!;
            _reader.Read();
            var value = Value(node.MemberPath(key));
            if (!node.TryAddMember(key, value)) throw value.Wrong("this key was given before");
        }
    }

    private void Items(ConfigurationNode node)
    {
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) node.AddItem(Value(node.ItemPath()));
    }

    private int Line()
    {
        var start = (int)_reader.TokenStartIndex;
        _line += _bytes[_counted..start].Count((byte)'\n');
        _counted = start;
        return _line;
    }
}
