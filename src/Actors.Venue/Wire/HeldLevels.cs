using Actors.Venue.Matching;

namespace Actors.Venue.Wire;

/// <summary>
/// Changes of one book that go out together: what each level comes to since a client last heard of it. A level that came and went in between is told
/// to nobody. An identifier never returns after its delete, so that what is held of a level is one change.
/// </summary>
internal sealed class HeldLevels
{
    private readonly Dictionary<long, int> _places = [];
    private readonly List<(LevelChange Change, DateTimeOffset Time)> _changes = [];

    /// <summary>Takes a change of a level that happened after all those before.</summary>
    public void Add(in LevelChange change, DateTimeOffset time)
    {
        if (!_places.TryGetValue(change.Id, out var place))
        {
            _places.Add(change.Id, _changes.Count);
            _changes.Add((change, time));
            return;
        }

        var isNew = _changes[place].Change.Action == LevelAction.Insert;
        if (isNew && change.Action == LevelAction.Delete)
        {
            // Its place stays, with nothing in it.
            _changes[place] = default;
            _places.Remove(change.Id);
            return;
        }

        _changes[place] = (isNew ? change with { Action = LevelAction.Insert } : change, time);
    }

    public bool Has(LevelAction action) => _changes.Exists(held => held.Change.Action == action);

    /// <summary>The levels with this change, in the order in which they first changed.</summary>
    public IEnumerable<(LevelChange Change, DateTimeOffset Time)> Of(LevelAction action) => _changes.Where(held => held.Change.Action == action);
}
