using System.Text.Json;
using Actors.Bitmex.Wire;

namespace Actors.Bitmex.Rest;

/// <summary>One row of the venue's list of keys.</summary>
internal sealed class KeyRow : IWireRow
{
    public string Id { get; private set; } = string.Empty;

    public string Name { get; private set; } = string.Empty;

    public bool Enabled { get; private set; } = true;

    public IReadOnlyList<string> Permissions { get; private set; } = [];

    public IReadOnlyList<string> Cidrs { get; private set; } = [];

    public void Set(ReadOnlySpan<byte> name, ref Utf8JsonReader value)
    {
        if (name.SequenceEqual("id"u8)) Id = WireReader.Text(ref value) ?? string.Empty;
        else if (name.SequenceEqual("name"u8)) Name = WireReader.Text(ref value) ?? string.Empty;
        else if (name.SequenceEqual("enabled"u8)) Enabled = WireReader.Flag(ref value) ?? true;
        else if (name.SequenceEqual("permissions"u8)) Permissions = Texts(ref value);
        else if (name.SequenceEqual("cidrs"u8)) Cidrs = Texts(ref value);
        else if (name.SequenceEqual("cidr"u8) && Cidrs.Count == 0 && WireReader.Text(ref value) is { Length: > 0 } one) Cidrs = [one]; // older schemas have this one field
    }

    private static List<string> Texts(ref Utf8JsonReader value)
    {
        if (value.TokenType == JsonTokenType.Null) return [];
        if (value.TokenType != JsonTokenType.StartArray) throw WireReader.Wrong("a list of texts", ref value);
        var texts = new List<string>();
        while (value.Read() && value.TokenType != JsonTokenType.EndArray) texts.Add(WireReader.Text(ref value) ?? throw WireReader.Wrong("text", ref value));
        return texts;
    }
}
