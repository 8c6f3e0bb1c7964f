using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using Actors.Venue.Market;
using Actors.Venue.Matching;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Snapshots;

/// <summary>
/// Whether two objects hold the same, field by field through everything that they reach: the naive reading of "nothing was forgotten". Delegates
/// and observers are no state; a book and a schedule are compared by what they tell, for how they pool their nodes is nobody's business.
/// </summary>
internal sealed class SameGraph
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Lists that are emptied before they are used: what is left in them means nothing. And what only a copy in use has.</summary>
    private static readonly string[] Left = ["Exchange._changes", "VenueState._lastLength", "Matcher._touched", $"{nameof(VenueOrder)}.<{nameof(VenueOrder.Handle)}>k__BackingField"];

    private readonly HashSet<(object, object)> _seen = new(new Pairs());
    private readonly Queue<(object? Left, object? Right, string Path)> _open = new();

    /// <summary>Pairs of objects that were compared: a comparison that reached little proves little.</summary>
    public int Compared => _seen.Count;

    /// <summary>The path of the first difference; null when there is none.</summary>
    public string? Difference(object left, object right)
    {
        _open.Enqueue((left, right, left.GetType().Name));
        while (_open.TryDequeue(out var next))
        {
            if (Differs(next.Left, next.Right, next.Path) is { } path) return path;
        }

        return null;
    }

    private string? Differs(object? left, object? right, string path)
    {
        if (left is null || right is null) return left is null && right is null ? null : $"{path}: {left ?? "null"} and {right ?? "null"}";
        if (left.GetType() != right.GetType()) return $"{path}: {left.GetType()} and {right.GetType()}";
        if (left is Delegate or IExchangeObserver or Type) return null;
        if (left.GetType().IsPrimitive || left is string or decimal or Guid or DateTimeOffset or TimeSpan or Enum) return Equals(left, right) ? null : $"{path}: {left} and {right}";
        if (!left.GetType().IsValueType && !_seen.Add((left, right))) return null;
        switch (left, right)
        {
            case (MatchingBook<VenueOrder> one, MatchingBook<VenueOrder> other):
                Enqueue(Told(one), Told(other), path);
                return null;
            case (Schedule one, Schedule other):
                Enqueue(one.Waiting, other.Waiting, path);
                return null;
            case (IDictionary one, IDictionary other):
                if (one.Count != other.Count) return $"{path}: {one.Count} and {other.Count} entries";
                foreach (DictionaryEntry entry in one) Enqueue(entry.Value, other.Contains(entry.Key) ? other[entry.Key] : null, $"{path}[{entry.Key}]");
                return null;
            case (IEnumerable one, IEnumerable other):
                var (ours, theirs) = (one.Cast<object?>().ToList(), other.Cast<object?>().ToList());
                if (ours.Count != theirs.Count) return $"{path}: {ours.Count} and {theirs.Count} elements";
                for (var i = 0; i < ours.Count; i++) Enqueue(ours[i], theirs[i], $"{path}[{i}]");
                return null;
        }

        for (var type = left.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(Fields))
            {
                if (!Left.Contains($"{type.Name}.{field.Name}")) Enqueue(Meant(type, field.GetValue(left)), Meant(type, field.GetValue(right)), $"{path}.{field.Name}");
            }
        }

        return null;
    }

    /// <summary>A maker's orders that ended are as good as none.</summary>
    private static object? Meant(Type owner, object? value) =>
        owner == typeof(MarketMaker) && value is VenueOrder?[] orders ? orders.Select(order => order is { IsOpen: true } ? order : null).ToList() : value;

    private void Enqueue(object? left, object? right, string path) => _open.Enqueue((left, right, path));

    private static List<object?> Told(MatchingBook<VenueOrder> book)
    {
        var told = new List<object?>();
        foreach (var side in (Domain.Instruments.Side[])[Domain.Instruments.Side.Buy, Domain.Instruments.Side.Sell])
        {
            for (var depth = 0; depth < book.Depth(side); depth++)
            {
                told.Add(book.Whole(side, depth));
                foreach (var (order, leaves, shown) in book.Queue(side, depth)) told.AddRange([order, leaves, shown]);
            }

            var levels = side == Domain.Instruments.Side.Buy ? book.BidLevels : book.AskLevels;
            for (var depth = 0; depth < levels; depth++) told.Add(book.Level(side, depth));
        }

        return told;
    }

    private sealed class Pairs : IEqualityComparer<(object, object)>
    {
        public bool Equals((object, object) left, (object, object) right) => ReferenceEquals(left.Item1, right.Item1) && ReferenceEquals(left.Item2, right.Item2);

        public int GetHashCode((object, object) pair) => HashCode.Combine(RuntimeHelpers.GetHashCode(pair.Item1), RuntimeHelpers.GetHashCode(pair.Item2));
    }
}
