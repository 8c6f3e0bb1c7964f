namespace Actors.Journal.Codec.Compact;

/// <summary>
/// A list that grows block by block: what a record of any size takes apart never needs one large array, which the collector would neither move nor soon collect. Used again after
/// <see cref="Clear"/>. The first block, which is enough for most, costs no more than an array.
/// </summary>
/// <param name="length">Items of a block.</param>
internal sealed class Blocks<T>(int length)
{
    private readonly T[] _first = new T[length];
    private readonly List<T[]> _more = [];

    public int Count { get; private set; }

    public ref T this[int index]
    {
        get
        {
            var first = _first;
            if ((uint)index < (uint)first.Length) return ref first[index];
            return ref Later(index);
        }
    }

    /// <summary>One more at the end, to be written over: it holds whatever stood there before.</summary>
    public ref T Add() => ref this[Count++];

    /// <summary>What stood in the first block stays there until it is written over.</summary>
    public void Clear()
    {
        Count = 0;
        _more.Clear();
    }

    private ref T Later(int index)
    {
        var (block, at) = Math.DivRem(index - length, length);
        if (block == _more.Count) _more.Add(new T[length]);
        return ref _more[block][at];
    }
}
