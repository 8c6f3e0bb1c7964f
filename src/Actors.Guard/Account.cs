namespace Actors.Guard;

/// <summary>A position as the venue tells it. Quantity in contracts, negative is short; value in minor units, either sign.</summary>
internal sealed record Position(string Symbol, string Currency, decimal Quantity, decimal? MarkPrice, decimal? MarkValue, decimal? LiquidationPrice, decimal? MaintenanceRate);

/// <summary>A currency's margin in minor units.</summary>
internal sealed record Margin(string Currency, decimal Balance, decimal Available);

/// <summary>The account at one moment; <see cref="Transfers"/> is what was put in less what was taken out, a currency.</summary>
internal sealed record Picture(
    IReadOnlyList<Position> Positions,
    IReadOnlyDictionary<string, Margin> Margins,
    IReadOnlyDictionary<string, decimal> Transfers,
    IReadOnlyList<(string Id, string Symbol)> OpenOrders,
    int OrdersLately,
    DateTimeOffset OrdersChangedAt,
    bool IsComplete)
{
    public static readonly Picture Nothing = new([], new Dictionary<string, Margin>(), new Dictionary<string, decimal>(), [], 0, default, false);
    public Margin? Margin(string currency) => Margins.GetValueOrDefault(currency);
}

/// <summary>The rows of one table by key, kept as the venue sends them: whole, or what changed.</summary>
internal sealed class Rows(params string[] keys)
{
    private readonly Dictionary<string, Dictionary<string, JsonElement>> _rows = [];

    /// <summary>Rises with everything the socket says, so that an older REST answer is not laid over newer news.</summary>
    public int News { get; set; }
    public bool IsKnown { get; private set; }
    public IReadOnlyCollection<Dictionary<string, JsonElement>> All => _rows.Values;

    public void Replace(IEnumerable<JsonElement> rows)
    {
        _rows.Clear();
        foreach (var row in rows) Merge(row);
        IsKnown = true;
    }

    public bool Has(JsonElement row) => _rows.ContainsKey(KeyOf(row));
    public void Remove(JsonElement row) => _rows.Remove(KeyOf(row));

    public void Merge(JsonElement row)
    {
        var key = KeyOf(row);
        if (!_rows.TryGetValue(key, out var known)) _rows.Add(key, known = []);
        foreach (var field in row.EnumerateObject())
        {
            if (field.Value.ValueKind == JsonValueKind.Null) known.Remove(field.Name);
            else known[field.Name] = field.Value.Clone();
        }
    }

    private string KeyOf(JsonElement row) => row.ValueKind == JsonValueKind.Object
        ? string.Join('|', keys.Select(key => row.TryGetProperty(key, out var value) ? value.ToString() : ""))
        : throw new VenueException("a row is not an object");
}

/// <summary>What is known of the account, from the socket's frames and from REST's answers. Thread-safe: the socket writes, the guard reads.
/// A REST answer is the truth of its moment and replaces what the socket told, unless the socket told more while it was on its way.</summary>
internal sealed class Account(TimeProvider clock)
{
    private static readonly TimeSpan RateWindow = TimeSpan.FromSeconds(10);
    private static readonly HashSet<string> Ended = ["Filled", "Canceled", "Rejected", "Expired"];
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Rows> _tables = new()
    {
        ["order"] = new("orderID"),
        ["position"] = new("symbol", "currency", "strategy"),
        ["margin"] = new("currency"),
        ["wallet"] = new("currency"),
    };
    private readonly Queue<DateTimeOffset> _placed = new();
    private DateTimeOffset _ordersChangedAt = clock.GetUtcNow();

    /// <summary>Set when there is news to judge.</summary>
    public AutoResetEvent News { get; } = new(false);

    /// <summary>A frame of the socket: action partial, insert, update or delete.</summary>
    public void Hear(string table, string action, JsonElement rows)
    {
        if (!_tables.TryGetValue(table, out var known)) return;
        lock (_lock)
        {
            known.News++;
            if (action == "partial") known.Replace(rows.EnumerateArray().Where(row => !HasEnded(row)));
            else foreach (var row in rows.EnumerateArray()) Change(table, known, action, row);
            if (table == "order") _ordersChangedAt = clock.GetUtcNow();
        }
        News.Set();
    }

    public IReadOnlyDictionary<string, int> NewsCounts()
    {
        lock (_lock) return _tables.ToDictionary(table => table.Key, table => table.Value.News);
    }

    /// <summary>A whole table as REST answered; <paramref name="newsBefore"/> was taken before the question. False when it contradicts a
    /// socket that had the time to tell the same.</summary>
    public bool Read(string table, IReadOnlyList<JsonElement> rows, int newsBefore)
    {
        bool agrees;
        lock (_lock)
        {
            var known = _tables[table];
            if (known.News != newsBefore) return true;
            var unseen = rows.Where(row => !known.Has(row)).ToList();
            agrees = !known.IsKnown || table != "order" || (unseen.Count == 0 && known.All.Count == rows.Count);
            // Placed when the socket was not there to tell: counted when first seen, which is a lower bound of the true rate.
            if (table == "order" && known.IsKnown) foreach (var _ in unseen) _placed.Enqueue(clock.GetUtcNow());
            if (!agrees) _ordersChangedAt = clock.GetUtcNow();
            known.Replace(rows);
        }
        News.Set();
        return agrees;
    }

    /// <summary>Throws <see cref="VenueException"/> when a row cannot be understood.</summary>
    public Picture Take()
    {
        lock (_lock)
        {
            while (_placed.Count > 0 && clock.GetUtcNow() - _placed.Peek() > RateWindow) _placed.Dequeue();
            return new Picture(
                _tables["position"].All.Select(row => new Position(
                    Text(row, "symbol"), Text(row, "currency"), Needed(row, "currentQty"), Number(row, "markPrice"), Number(row, "markValue"),
                    Number(row, "liquidationPrice"), Number(row, "maintMarginReq"))).Where(position => position.Quantity != 0).ToList(),
                _tables["margin"].All.ToDictionary(row => Text(row, "currency"), row => new Margin(Text(row, "currency"), Needed(row, "marginBalance"), Needed(row, "availableMargin"))),
                _tables["wallet"].All.ToDictionary(row => Text(row, "currency"), Transfers),
                _tables["order"].All.Select(row => (Text(row, "orderID"), Text(row, "symbol"))).ToList(),
                _placed.Count,
                _ordersChangedAt,
                _tables.Values.All(table => table.IsKnown));
        }
    }

    private void Change(string table, Rows known, string action, JsonElement row)
    {
        // A price that a market order was given counts as an amendment: one too many, on the safe side. An unknown order that tells its
        // cancel is not counted: the answer of our own cancel may have come first.
        if (table == "order" && Status(row) != "Canceled" && (!known.Has(row) || (action == "update" && (row.TryGetProperty("price", out _) || row.TryGetProperty("orderQty", out _)))))
            _placed.Enqueue(clock.GetUtcNow());
        if (action == "delete" || HasEnded(row)) known.Remove(row);
        else known.Merge(row);
    }

    private static bool HasEnded(JsonElement row) => Ended.Contains(Status(row));

    private static string Status(JsonElement row) => row.ValueKind == JsonValueKind.Object && row.TryGetProperty("ordStatus", out var status) ? status.ToString() : "";

    private static decimal Transfers(Dictionary<string, JsonElement> row) =>
        (Number(row, "deposited") ?? 0) - (Number(row, "withdrawn") ?? 0) + (Number(row, "transferIn") ?? 0) - (Number(row, "transferOut") ?? 0);

    private static string Text(Dictionary<string, JsonElement> row, string name) =>
        row.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new VenueException($"a row has no {name}");

    private static decimal Needed(Dictionary<string, JsonElement> row, string name) => Number(row, name) ?? throw new VenueException($"a row has no {name}");

    private static decimal? Number(Dictionary<string, JsonElement> row, string name) => !row.TryGetValue(name, out var value)
        ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : throw new VenueException($"{name} is not a number");
}
