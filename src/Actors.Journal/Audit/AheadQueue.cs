using System.Collections.Concurrent;

namespace Actors.Journal.Audit;

/// <summary>
/// Runs a sequence on a thread of its own, some way ahead of the one that takes from it, so that both cores of a small machine work. What comes, in which order, and after which item a
/// failure, is the same as if it were run in place. Bounded: it waits when it is so far ahead. Disposed before its end it stops, and is waited for.
/// </summary>
internal sealed class AheadQueue<T> : IDisposable
{
    /// <summary>Items are handed over by the piece: to wake the other thread for each would cost more than most of them.</summary>
    private const int PieceMax = 128;
    private const int PiecesMax = 8;

    /// <summary>Items it is ahead at most: those that wait, those being gathered, and those being taken.</summary>
    public const int AheadMax = (PiecesMax + 2) * PieceMax;

    private readonly BlockingCollection<T[]> _pieces = new(PiecesMax);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    public AheadQueue(IEnumerable<T> items) => _run = Task.Factory.StartNew(() => Fill(items), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Once only. Throws what the sequence threw, after the items before it.</summary>
    public IEnumerable<T> Take()
    {
        foreach (var piece in _pieces.GetConsumingEnumerable())
        {
            foreach (var item in piece) yield return item;
        }

        _run.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _stop.Cancel();
        // Whoever wanted to know of its failure has taken to the end.
        ((IAsyncResult)_run).AsyncWaitHandle.WaitOne();
        _ = _run.Exception;
        _pieces.Dispose();
        _stop.Dispose();
    }

    private void Fill(IEnumerable<T> items)
    {
        var piece = new List<T>(PieceMax);
        try
        {
            foreach (var item in items)
            {
                piece.Add(item);
                if (piece.Count == PieceMax) Hand();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Nobody takes any more.
        }
        finally
        {
            if (!_stop.IsCancellationRequested && piece.Count > 0) Hand();
            _pieces.CompleteAdding();
        }

        void Hand()
        {
            _pieces.Add([.. piece], _stop.Token);
            piece.Clear();
        }
    }
}
