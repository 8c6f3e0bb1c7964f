namespace Actors.Engine.Session;

/// <summary>
/// Counts what is on its way to one actor and says when it is too much, so that no mailbox grows without end. What happens at the bound is for the sender to
/// say: market data is dropped and fetched anew, everything else ends the connection, which asks for it again. Thread-safe.
/// </summary>
internal sealed class Backlog(int max)
{
    private int _waiting;
    private int _overrun;

    public int Max => max;

    public bool IsOverrun => Volatile.Read(ref _overrun) != 0;

    /// <summary>Counts one more in; false when there are too many, and from then on until <see cref="Reset"/>.</summary>
    public bool TryEnter()
    {
        if (IsOverrun) return false;
        if (Interlocked.Increment(ref _waiting) <= max) return true;
        Interlocked.Decrement(ref _waiting);
        Volatile.Write(ref _overrun, 1);
        return false;
    }

    /// <summary>One has been handled; true when it was the last of a backlog that was too long: what was dropped can be asked for now.</summary>
    public bool Leave() => Interlocked.Decrement(ref _waiting) == 0 && IsOverrun;

    public void Reset() => Volatile.Write(ref _overrun, 0);
}
