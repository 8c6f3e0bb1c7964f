namespace Actors.Venue.Matching;

/// <summary>Remembers which levels changed since the last publication, and finds out what a client's copy must do about them.</summary>
internal sealed class LevelPublication
{
    private int[] _dirty = new int[256];
    private int _count;

    /// <summary>Slots of the levels that changed, in the order of their first change.</summary>
    public ReadOnlySpan<int> Dirty => _dirty.AsSpan(0, _count);

    /// <summary>Adds a level that has not been added since the last <see cref="Clear"/>.</summary>
    public void Add(int slot)
    {
        if (_count == _dirty.Length) Array.Resize(ref _dirty, _count * 2);
        _dirty[_count++] = slot;
    }

    public void Clear() => _count = 0;

    /// <summary>Fills <paramref name="changes"/> with deletes, then updates, then inserts.</summary>
    public void Collect(LevelNode[] levels, List<LevelChange> changes)
    {
        changes.Clear();
        Collect(levels, changes, LevelAction.Delete);
        Collect(levels, changes, LevelAction.Update);
        Collect(levels, changes, LevelAction.Insert);
    }

    private void Collect(LevelNode[] levels, List<LevelChange> changes, LevelAction action)
    {
        foreach (var slot in Dirty)
        {
            ref var level = ref levels[slot];
            if (Pending(level) == action) changes.Add(new LevelChange(action, level.Id, level.Side, level.PriceTicks, level.Size));
        }
    }

    private static LevelAction? Pending(in LevelNode level)
    {
        if (!level.IsVisible) return level.IsPublished ? LevelAction.Delete : null;
        if (!level.IsPublished) return LevelAction.Insert;
        return level.Size == level.PublishedSize ? null : LevelAction.Update;
    }
}
