namespace Actors.Venue.Wire;

/// <summary>Receives frames; must not block and must not throw for a reader that is slow or gone.</summary>
internal interface IFrameSink
{
    void Send(ReadOnlyMemory<byte> frame);
}

/// <summary>What a socket listens to. No symbol: all of them. Account zero: a public table.</summary>
internal readonly record struct TopicKey(string Table, string? Symbol, long Account)
{
    public static readonly IReadOnlySet<string> PublicTables =
        new HashSet<string>(["instrument", "orderBookL2", "orderBookL2_25", "orderBook10", "quote", "trade"], StringComparer.Ordinal);

    public static readonly IReadOnlySet<string> PrivateTables =
        new HashSet<string>(["order", "execution", "position", "margin", "wallet"], StringComparer.Ordinal);
}

/// <summary>
/// Who listens to what. Used on the exchange's thread only, so that a partial and the changes after it never overlap or miss.
/// </summary>
internal sealed class Subscriptions
{
    private readonly Dictionary<TopicKey, List<IFrameSink>> _sinks = [];

    public bool Any(string table, string? symbol, long account = 0) =>
        _sinks.ContainsKey(new TopicKey(table, symbol, account)) || (symbol is not null && _sinks.ContainsKey(new TopicKey(table, null, account)));

    /// <summary>Returns false when this sink listens to this topic already.</summary>
    public bool Add(TopicKey topic, IFrameSink sink)
    {
        if (!_sinks.TryGetValue(topic, out var sinks)) _sinks.Add(topic, sinks = []);
        if (sinks.Contains(sink)) return false;
        sinks.Add(sink);
        return true;
    }

    public bool Remove(TopicKey topic, IFrameSink sink)
    {
        if (!_sinks.TryGetValue(topic, out var sinks) || !sinks.Remove(sink)) return false;
        if (sinks.Count == 0) _sinks.Remove(topic);
        return true;
    }

    public void Remove(IFrameSink sink)
    {
        foreach (var topic in _sinks.Keys.ToList()) Remove(topic, sink);
    }

    public void Send(string table, string? symbol, long account, ReadOnlyMemory<byte> frame)
    {
        Send(new TopicKey(table, symbol, account), frame);
        if (symbol is not null) Send(new TopicKey(table, null, account), frame);
    }

    private void Send(TopicKey topic, ReadOnlyMemory<byte> frame)
    {
        if (!_sinks.TryGetValue(topic, out var sinks)) return;
        foreach (var sink in sinks) sink.Send(frame);
    }
}
