using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>
/// Claims what risk saw of one book. A stream of claims of its own, because a book tells its newest state a little later than the frame that made it, and claims
/// must come in the order of frames.
/// </summary>
internal sealed class BestReplay(Story story, Symbol symbol) : StreamReplay(story, story.RiskStream)
{
    protected override bool IsDecider => false;

    protected override void Begin(PartBegan began)
    {
    }

    protected override void Take(TakenInput taken, bool isLast)
    {
        if (taken.Input is BestSeen best && best.Symbol == symbol) Claim(new TopClaim(Stream, Sequence, taken.At, Session!.Id, best.Frame, symbol, best.Top));
    }

    protected override void Decided(object happened)
    {
    }

    protected override void Settle(bool mayBeCut)
    {
    }

    protected override StateKept? Keep() => null;

    protected override IReadOnlyList<string> Causes() => [];
}
