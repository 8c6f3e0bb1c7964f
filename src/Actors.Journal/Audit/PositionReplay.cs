using Actors.Domain.Accounts;
using Actors.Domain.Instruments;
using Actors.Domain.Positions;
using Actors.Domain.Sessions;

namespace Actors.Journal.Audit;

/// <summary>Decides a position's stream again with <see cref="PositionLedger"/>: every execution that counts, and every time the venue's own was taken over.</summary>
internal sealed class PositionReplay(Story story, Symbol symbol) : StreamReplay(story, story.PositionStream(symbol))
{
    private PositionLedger _ledger = PositionLedger.Empty;
    private TakenInput? _last;
    private PositionEvent? _expected;

    protected override void Begin(PartBegan began) => _expected = null;

    protected override void Take(TakenInput taken, bool isLast)
    {
        _last = taken;
        _expected = taken.Input switch
        {
            ExecutionTold told => _ledger.Decide(told.Report),
            PositionCompared compared => _ledger.Decide(compared),
            _ => null,
        };
    }

    protected override void Decided(object happened)
    {
        var journaled = (PositionEvent)happened;
        if (Session is not null)
        {
            Findings.Count("steps of positions made again");
            if (_expected is null || !IsSame(_expected, journaled)) Differ($"journaled is {Describe(journaled)}; decided again it is {Describe(_expected)}");
            _expected = null;
        }

        _ledger = _ledger.Apply(journaled);
    }

    protected override void Settle(bool mayBeCut)
    {
        if (_expected is not null) Differ($"journaled is nothing; decided again it is {Describe(_expected)}");
        _expected = null;
    }

    protected override void Restore(StateKept kept) => _ledger = PositionLedger.Restore((PositionKept)kept);

    protected override StateKept? Keep() => _ledger.Keep();

    protected override IReadOnlyList<string> Causes() =>
    [
        $"input: {_last?.Input.ToString() ?? "none"}, taken at {_last?.At:HH:mm:ss.fffffff} after {AuditFindings.Words(_last?.Cursor ?? default)}",
        $"position before it: {_ledger.Position}",
    ];
}

/// <summary>
/// Decides the account's stream again with <see cref="AccountLedger"/>: a balance is journaled when it is another one, and the frame must have told it; what was transferred, and
/// when the venue's was taken over, follow from the rows and from what positions realised. Streams of older builds have balances without the row they came from.
/// </summary>
internal sealed class AccountReplay(Story story) : StreamReplay(story, $"account-{story.Account}")
{
    private readonly Queue<AccountEvent> _expected = [];
    private AccountLedger _ledger = AccountLedger.Empty;
    private TakenInput? _last;

    protected override void Begin(PartBegan began)
    {
        _expected.Clear();
        _ledger = _ledger.Begin();
    }

    protected override void Take(TakenInput taken, bool isLast)
    {
        _last = taken;
        if (taken.Input is RealisedSeen seen) _ledger = _ledger.Take(seen);
        IReadOnlyList<AccountEvent> decided = taken.Input switch
        {
            MarginTold told => _ledger.Decide(told.Report),
            WalletCompared compared when _ledger.Decide(compared) is { } adopted => [adopted],
            _ => [],
        };
        foreach (var happened in decided) _expected.Enqueue(happened);
    }

    protected override void Decided(object happened)
    {
        var journaled = (AccountEvent)happened;
        if (Session is not null)
        {
            Findings.Count("steps of wallets made again");
            if (_expected.TryDequeue(out var expected))
            {
                if (!IsSame(expected, journaled)) Differ($"journaled is {Describe(journaled)}; decided again it is {Describe(expected)}");
            }
            else if (journaled is not WalletObserved old || _ledger.Theirs(old.Currency) == old.WalletBalance || _last is { Input: MarginTold })
            {
                Differ($"journaled is {Describe(journaled)}; decided again it is nothing");
            }

            // Without a cursor it was the answer to a question and not a frame.
            if (journaled is WalletObserved observed && Record.Cursor != default)
                Claim(new WalletClaim(Stream, Sequence, Record.At, Session.Id, Record.Cursor, observed.Currency, observed.WalletBalance));
        }

        _ledger = _ledger.Apply(journaled);
    }

    protected override void Settle(bool mayBeCut)
    {
        if (_expected.Count > 0 && !mayBeCut) Differ($"journaled is nothing; decided again it is {Describe(_expected.Peek())}");
        _expected.Clear();
    }

    protected override void Restore(StateKept kept) => _ledger = AccountLedger.Of((WalletsKept)kept);

    protected override StateKept? Keep() => _ledger.Keep();

    protected override IReadOnlyList<string> Causes() =>
        [$"input: {_last?.Input.ToString() ?? "none"}, taken at {_last?.At:HH:mm:ss.fffffff} after {AuditFindings.Words(_last?.Cursor ?? default)}"];
}
