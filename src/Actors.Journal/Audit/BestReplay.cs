using Actors.Domain.Risk;
using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>
/// Claims what risk saw of the books. Apart from its other claims, because a book tells its newest state a little later than the frame that made it: books are told in any
/// order, and claims must come in that of their frames. What is out of order by less than a window is put in order here.
/// </summary>
internal sealed class BestReplay(Story story) : StreamReplay(story, story.RiskStream)
{
    private const int WindowMax = 1_024;

    protected override bool IsDecider => false;

    public override IEnumerable<FrameClaim> Run()
    {
        var waiting = new PriorityQueue<FrameClaim, (int Session, int Connection, long Frame, long Sequence)>();
        foreach (var claim in base.Run())
        {
            waiting.Enqueue(claim, (Story.NumberOf(claim.SessionId), claim.Cursor.Connection, claim.Cursor.Frame, claim.Sequence));
            if (waiting.Count > WindowMax) yield return waiting.Dequeue();
        }

        while (waiting.TryDequeue(out var claim, out _)) yield return claim;
    }

    protected override bool Wants(Type type) => type == typeof(PartBegan) || type == typeof(Consumed);

    protected override void Begin(PartBegan began)
    {
    }

    protected override void Take(TakenInput taken, bool isLast)
    {
        if (taken.Input is BestSeen best) Claim(new TopClaim(Stream, Sequence, taken.At, Session!.Id, best.Frame, best.Symbol, best.Top));
    }

    protected override void Decided(object happened)
    {
    }

    protected override void Settle(bool mayBeCut)
    {
    }

    protected override void Restore(StateKept kept)
    {
    }

    protected override StateKept? Keep() => null;

    protected override IReadOnlyList<string> Causes() => [];
}
