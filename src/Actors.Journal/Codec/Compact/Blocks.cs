namespace Actors.Journal.Codec.Compact;

/// <summary>
/// A list that grows block by block: what a record of any size takes apart never needs one large array, which the collector would neither move nor soon collect. Used again after
/// <see cref="Clear"/>.
/// </summary>
/// <param name="kept">Blocks that are held on to when it is cleared.</param>
internal sealed class Blocks<T>(int kept)
{
    private const int Shift = 8;
    private const int Length = 1 << Shift;

    private readonly List<T[]> _blocks = [];

    public int Count { get; private set; }

    public ref T this[int index] => ref _blocks[index >> Shift][index & (Length - 1)];

    public void Add(T value)
    {
        if (Count == _blocks.Count << Shift) _blocks.Add(new T[Length]);
        this[Count++] = value;
    }

    /// <summary>What stood in the blocks that are held on to stays there until it is written over.</summary>
    public void Clear()
    {
        Count = 0;
        if (_blocks.Count > kept) _blocks.RemoveRange(kept, _blocks.Count - kept);
    }
}
