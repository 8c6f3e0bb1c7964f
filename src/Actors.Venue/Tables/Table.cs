using System.Text.Json;

namespace Actors.Venue.Tables;

/// <summary>One column: its name and type on the wire and how it is read from a row.</summary>
internal sealed record TableField<T>(string Name, string Type, Func<T, FieldValue> Read);

/// <summary>
/// The one definition of a table, used by REST rows, socket partials, socket updates and query filters alike, so that they cannot disagree.
/// </summary>
/// <param name="name">As subscribed to.</param>
/// <param name="keys">What identifies a row; empty for tables that only grow.</param>
/// <param name="repeated">Fields that every update carries beside the keys, changed or not.</param>
/// <param name="fields">All columns in the order of writing.</param>
internal sealed class Table<T>(string name, string[] keys, string[] repeated, TableField<T>[] fields)
{
    private readonly JsonEncodedText[] _names = [.. fields.Select(field => JsonEncodedText.Encode(field.Name))];

    private readonly bool[] _always = [.. fields.Select(field => keys.Contains(field.Name) || repeated.Contains(field.Name))];

    public string Name { get; } = name;

    public IReadOnlyList<string> Keys { get; } = keys;

    public IReadOnlyList<TableField<T>> Fields { get; } = fields;

    public TableField<T>? Find(string field) => Array.Find(fields, candidate => candidate.Name == field);

    public FieldValue[] Read(T row)
    {
        var values = new FieldValue[fields.Length];
        for (var i = 0; i < fields.Length; i++) values[i] = fields[i].Read(row);
        return values;
    }

    /// <summary>Writes a whole row as it stands; absent cells are left out.</summary>
    public void Write(Utf8JsonWriter writer, T row)
    {
        writer.WriteStartObject();
        WriteFields(writer, row);
        writer.WriteEndObject();
    }

    /// <summary>As <see cref="Write(Utf8JsonWriter, T)"/>, inside an object that the caller has begun.</summary>
    public void WriteFields(Utf8JsonWriter writer, T row)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            var value = fields[i].Read(row);
            if (value.Kind == FieldKind.Absent) continue;
            writer.WritePropertyName(_names[i]);
            value.Write(writer);
        }
    }

    /// <summary>Writes a whole row; absent cells are left out. Keys are written whatever <paramref name="columns"/> says.</summary>
    public void Write(Utf8JsonWriter writer, FieldValue[] row, IReadOnlySet<string>? columns = null)
    {
        writer.WriteStartObject();
        WriteFields(writer, row, columns);
        writer.WriteEndObject();
    }

    /// <summary>As <see cref="Write(Utf8JsonWriter, FieldValue[], IReadOnlySet{string})"/>, inside an object that the caller has begun.</summary>
    public void WriteFields(Utf8JsonWriter writer, FieldValue[] row, IReadOnlySet<string>? columns = null)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (row[i].Kind == FieldKind.Absent) continue;
            if (columns is not null && !columns.Contains(fields[i].Name) && !Keys.Contains(fields[i].Name)) continue;
            writer.WritePropertyName(_names[i]);
            row[i].Write(writer);
        }
    }

    /// <summary>
    /// Writes keys, repeated fields and whatever changed. A cell that became absent is written as null, or a client would keep the old
    /// one.
    /// </summary>
    public void WriteChange(Utf8JsonWriter writer, FieldValue[] before, FieldValue[] after)
    {
        writer.WriteStartObject();
        for (var i = 0; i < fields.Length; i++)
        {
            var changed = before[i] != after[i];
            if (!changed && (!_always[i] || after[i].Kind == FieldKind.Absent)) continue;
            writer.WritePropertyName(_names[i]);
            after[i].Write(writer);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes the head of a partial: keys, types and the filter that was subscribed with.</summary>
    public void WriteSchema(Utf8JsonWriter writer)
    {
        writer.WriteStartArray("keys");
        foreach (var key in Keys) writer.WriteStringValue(key);
        writer.WriteEndArray();
        writer.WriteStartObject("types");
        foreach (var field in Fields) writer.WriteString(field.Name, field.Type);
        writer.WriteEndObject();
    }
}
