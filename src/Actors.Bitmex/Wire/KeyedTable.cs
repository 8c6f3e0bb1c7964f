using System.Text.Json;
using Actors.Domain.Instruments;

namespace Actors.Bitmex.Wire;

/// <summary>What a table message does to a table.</summary>
internal enum TableAction
{
    Unknown = 0,
    Partial = 1,
    Insert = 2,
    Update = 3,
    Delete = 4,
}

/// <summary>
/// Owns the whole rows of one keyed table of one connection and merges sparse updates into them. A message is staged while it is read and takes
/// effect in <see cref="Commit"/>, so that a broken frame changes nothing. Finished rows are kept for late updates, the last
/// <see cref="FinishedMax"/> of them.
/// </summary>
internal sealed class KeyedTable<TRow>(string name, Func<TRow> create, bool faultOnUnknown)
    where TRow : class, IKeyedRow<TRow>
{
    public const int FinishedMax = 1000;

    private readonly Dictionary<string, TRow> _rows = [];
    private readonly Queue<string> _finished = new();
    private readonly List<(string Key, TRow? Row)> _staged = [];
    private readonly List<(TRow Row, string? Fault)> _told = [];
    private bool _isLive, _byStrategy;

    /// <summary>
    /// Changes that came before the first partial, or (where that is no fault) for rows never given. They cannot be merged into anything.
    /// </summary>
    public long Dropped { get; private set; }

    /// <summary>The rows of the message just read, whole, in its order; or a fault in words.</summary>
    public IReadOnlyList<(TRow Row, string? Fault)> Told => _told;

    /// <summary>Reads the array of rows the reader stands on. Nothing is changed before <see cref="Commit"/>.</summary>
    public void Read(ref Utf8JsonReader reader, TableAction action, bool byStrategy)
    {
        _staged.Clear();
        _told.Clear();
        if (action == TableAction.Partial) _byStrategy = byStrategy;
        if (reader.TokenType != JsonTokenType.StartArray) throw WireReader.Wrong("an array of rows", ref reader);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = reader;
            var row = create();
            WireReader.Object(ref reader, row);
            if (action != TableAction.Partial && !_isLive) Dropped++;
            else Stage(start, row, action);
        }
    }

    /// <summary>Makes the message just read take effect. A partial replaces the rows of <paramref name="slice"/>, or all.</summary>
    public void Commit(TableAction action, Symbol? slice)
    {
        if (action == TableAction.Partial)
        {
            _isLive = true;
            foreach (var key in _rows.Where(row => slice is null || row.Value.Symbol == slice).Select(row => row.Key).ToList()) _rows.Remove(key);
        }

        foreach (var (key, row) in _staged)
        {
            if (row is null) _rows.Remove(key);
            else Keep(key, row);
        }
    }

    private void Stage(Utf8JsonReader start, TRow row, TableAction action)
    {
        if (row.Key(_byStrategy) is not { } key)
        {
            row.SetAside($"{name}: a row without its key");
            _told.Add((row, null));
            return;
        }

        if (action == TableAction.Delete)
        {
            _staged.Add((key, null));
            return;
        }

        string? fault = null;
        if (action == TableAction.Update)
        {
            if (Find(key) is { } known)
            {
                row = known.Clone();
                WireReader.Object(ref start, row);
            }
            else if (row.IsWhole)
            {
                fault = null;
            }
            else if (faultOnUnknown)
            {
                fault = $"{name}: update of unknown row {key}";
            }
            else
            {
                Dropped++;
                return;
            }
        }

        _told.Add((row, fault));
        if (fault is null) _staged.Add((key, row));
    }

    private TRow? Find(string key)
    {
        for (var i = _staged.Count - 1; i >= 0; i--)
        {
            if (_staged[i].Key == key) return _staged[i].Row;
        }

        return _rows.GetValueOrDefault(key);
    }

    private void Keep(string key, TRow row)
    {
        var wasFinished = _rows.TryGetValue(key, out var before) && before.IsFinished;
        _rows[key] = row;
        if (!row.IsFinished || wasFinished) return;
        _finished.Enqueue(key);
        if (_finished.Count <= FinishedMax) return;
        var oldest = _finished.Dequeue();
        if (_rows.TryGetValue(oldest, out var stale) && stale.IsFinished) _rows.Remove(oldest);
    }
}
