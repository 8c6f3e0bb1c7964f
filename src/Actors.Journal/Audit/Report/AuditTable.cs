using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Actors.Journal.Audit.Report;

/// <summary>A table for an auditor's own tools: the same rows as CSV (RFC 4180, UTF-8) and as Parquet. All values are text or whole numbers; times are UTC.</summary>
internal sealed class AuditTable : IDisposable
{
    /// <summary>Rows held before they are written as one group: the bound on memory.</summary>
    private const int GroupMax = 20_000;

    private readonly StreamWriter _csv;
    private readonly string _parquetPath;
    private readonly (string Name, bool IsNumber)[] _columns;
    private readonly ParquetSchema _schema;
    private readonly List<object?[]> _rows = [];
    private bool _begun;

    /// <param name="folder">Where both files go.</param>
    /// <param name="name">Their name without ending.</param>
    /// <param name="columns">A name that begins with <c>#</c> is a column of whole numbers.</param>
    public AuditTable(string folder, string name, params string[] columns)
    {
        _columns = [.. columns.Select(column => (column.TrimStart('#'), column[0] == '#'))];
        _schema = new ParquetSchema([.. _columns.Select(column => column.IsNumber ? (Field)new DataField<long?>(column.Name) : new DataField<string>(column.Name))]);
        _csv = new StreamWriter(Path.Combine(folder, name + ".csv")) { NewLine = "\r\n" };
        _parquetPath = Path.Combine(folder, name + ".parquet");
        _csv.WriteLine(string.Join(',', _columns.Select(column => column.Name)));
    }

    public long Rows { get; private set; }

    /// <summary>One value a column; a number where the column is one, or null.</summary>
    public void Add(params object?[] values)
    {
        if (values.Length != _columns.Length) throw new ArgumentException($"{values.Length} values for {_columns.Length} columns", nameof(values));
        // A line of the file is a row: what a venue says in several lines stands in one.
        for (var index = 0; index < values.Length; index++) values[index] = values[index] is string text ? text.ReplaceLineEndings(" ") : values[index];
        _csv.WriteLine(string.Join(',', values.Select(Cell)));
        _rows.Add(values);
        Rows++;
        if (_rows.Count >= GroupMax) Flush();
    }

    public void Dispose()
    {
        if (_rows.Count > 0 || !_begun) Flush();
        _csv.Dispose();
    }

    private static string Cell(object? value)
    {
        var text = value switch
        {
            null => "",
            DateTimeOffset time => Time(time),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    private static string? Text(object? value) => value switch
    {
        null => null,
        DateTimeOffset time => Time(time),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private void Flush()
    {
        FlushAsync().GetAwaiter().GetResult();
        _rows.Clear();
        _begun = true;
    }

    private async Task FlushAsync()
    {
        await using var file = new FileStream(_parquetPath, _begun ? FileMode.Open : FileMode.Create, FileAccess.ReadWrite);
        await using var writer = await ParquetWriter.CreateAsync(_schema, file, append: _begun).ConfigureAwait(false);
        using var group = writer.CreateRowGroup();
        for (var index = 0; index < _columns.Length; index++)
        {
            var field = _schema.DataFields[index];
            var at = index;
            if (_columns[index].IsNumber) await group.WriteAsync<long>(field, _rows.Select(row => row[at] is { } value ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : (long?)null).ToArray()).ConfigureAwait(false);
            else await group.WriteAsync(field, _rows.Select(row => Text(row[at])).ToArray()).ConfigureAwait(false);
        }
    }
}
