using Actors.Venue.Faults;

namespace Actors.Venue.Wire;

/// <summary>Receives frames; must not block and must not throw for a reader that is slow or gone.</summary>
internal interface IFrameSink
{
    /// <summary>Takes a frame of a table; <paramref name="tag"/> says of which, its account being left to the sink.</summary>
    void Send(ReadOnlyMemory<byte> frame, in FaultTag tag);
}

/// <summary>What a socket listens to. No symbol: all of them. Account zero: a public table.</summary>
internal readonly record struct TopicKey(string Table, string? Symbol, long Account);

/// <summary>
/// Who listens to what. Used on the exchange's thread only, so that a partial and the changes after it never overlap or miss.
/// </summary>
internal sealed class Subscriptions
{
    private readonly Dictionary<TopicKey, List<IFrameSink>> _sinks = [];

    /// <summary>How many pairs of topic and listener there are.</summary>
    public int Count => _sinks.Values.Sum(sinks => sinks.Count);

    public bool Any(string table, string? symbol, long account = 0)
    {
        if (_sinks.ContainsKey(new TopicKey(table, symbol, account))) return true;
        if (symbol is null) return false;
        if (_sinks.ContainsKey(new TopicKey(table, null, account))) return true;
        foreach (var group in Topics.GroupsOf(table, symbol))
        {
            if (_sinks.ContainsKey(new TopicKey(table, group, account))) return true;
        }

        return false;
    }

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

    public void Send(string table, string action, string? symbol, long account, ReadOnlyMemory<byte> frame)
    {
        var tag = new FaultTag(null, symbol, Table: table, Action: action);
        Send(new TopicKey(table, symbol, account), frame, tag);
        if (symbol is null) return;
        Send(new TopicKey(table, null, account), frame, tag);
        foreach (var group in Topics.GroupsOf(table, symbol)) Send(new TopicKey(table, group, account), frame, tag);
    }

    private void Send(TopicKey topic, ReadOnlyMemory<byte> frame, in FaultTag tag)
    {
        if (!_sinks.TryGetValue(topic, out var sinks)) return;
        foreach (var sink in sinks) sink.Send(frame, tag);
    }
}
