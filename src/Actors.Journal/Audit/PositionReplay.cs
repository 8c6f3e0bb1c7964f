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

    protected override StateKept? Keep() => _ledger.Keep();

    protected override IReadOnlyList<string> Causes() =>
    [
        $"input: {_last?.Input.ToString() ?? "none"}, taken at {_last?.At:HH:mm:ss.fffffff} after {AuditFindings.Words(_last?.Cursor ?? default)}",
        $"position before it: {_ledger.Position}",
    ];
}

/// <summary>Follows the account's wallet: a balance is journaled when it is another one, and the frame must have told it.</summary>
internal sealed class AccountReplay(Story story) : StreamReplay(story, $"account-{story.Account}")
{
    private readonly Dictionary<Currency, long> _wallets = [];

    protected override void Begin(PartBegan began)
    {
    }

    protected override void Take(TakenInput taken, bool isLast)
    {
    }

    protected override void Decided(object happened)
    {
        var observed = (WalletObserved)happened;
        if (Session is not null)
        {
            Findings.Count("wallet balances made again");
            if (_wallets.TryGetValue(observed.Currency, out var known) && known == observed.WalletBalance) Differ($"the wallet had {known} {observed.Currency} already");
            // Without a cursor it was the answer to a question and not a frame.
            if (Record.Cursor != default)
                Claim(new WalletClaim(Stream, Sequence, Record.At, Session.Id, Record.Cursor, observed.Currency, observed.WalletBalance));
        }

        _wallets[observed.Currency] = observed.WalletBalance;
    }

    protected override void Settle(bool mayBeCut)
    {
    }

    protected override StateKept? Keep() => WalletsKept.Of(_wallets);

    protected override IReadOnlyList<string> Causes() => [$"balances before it: {string.Join(", ", _wallets.Select(one => $"{one.Value} {one.Key}"))}"];
}
