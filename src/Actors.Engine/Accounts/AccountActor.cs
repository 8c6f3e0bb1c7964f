using Actors.Domain.Accounts;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Domain.Reconciliation;
using Actors.Domain.Sessions;
using Actors.Engine.Journaling;
using Actors.Engine.Orders;
using Actors.Engine.Positions;
using Actors.Engine.Recording;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;
using Akka.Event;

namespace Actors.Engine.Accounts;

/// <summary>
/// Owns the account's money: the venue's rows, each change of a wallet durable, and our own count of it from what our positions realise. At every quiet moment wallet and
/// margin must be the venue's to the minor unit; a difference is an alarm with both sides in it, a reason to compare everything, and at last the venue's wallet is taken over.
/// </summary>
public sealed class AccountActor : JournaledActor
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>A difference that a comparison of engine and venue did not mend in this time is taken over.</summary>
    private static readonly TimeSpan AdoptAfter = TimeSpan.FromSeconds(10);

    /// <summary>A proof that does not come, because a part of the way began anew, is asked for again.</summary>
    private static readonly TimeSpan ProofMax = TimeSpan.FromSeconds(5);

    private readonly Dictionary<Currency, Watched> _watched;
    private readonly Dictionary<Currency, long> _marginAtStart = [];
    private AccountLedger _ledger = AccountLedger.Empty;
    private long _drains;

    public AccountActor(SessionContext session)
        : base(session, PartNames.Account, $"account-{session.Account}") => _watched = session.Instruments.Values
            .GroupBy(instrument => instrument.Settlement)
            .ToDictionary(group => group.Key, group => new Watched(new AccountWatch(group.Key, [.. group.OrderBy(one => one.Symbol)])));

    protected override void Apply(object happened, DateTimeOffset at) => _ledger = _ledger.Apply((AccountEvent)happened);

    protected override void Recovered()
    {
        _ledger = _ledger.Begin();
        Timers.StartPeriodicTimer(Look.Instance, Look.Instance, LookInterval);
        Session.Directory.Orders.Tell(new OrderMessages.AskLive(), Self);
        foreach (var symbol in Session.Instruments.Keys) Session.Directory.Position(symbol).Tell(new PositionMessages.AskCounted(), Self);
    }

    protected override StateKept Keep() => _ledger.Keep();

    protected override void Restore(object kept)
    {
        _ledger = AccountLedger.Of((WalletsKept)kept);
    }

    protected override void Handle(object message)
    {
        switch (message)
        {
            case AccountMessages.VenueSays says:
                OnMargin(says);
                break;
            case AccountMessages.VenueSaysPosition says when Find(says.Report.Settlement) is { } watched:
                watched.Watch.Heard(says.Report, Now);
                break;
            case PositionMessages.Counted counted:
                OnCounted(counted);
                break;
            case OrderMessages.Updated updated when Of(updated.Order.Terms.Symbol) is { } watched:
                watched.Watch.Changed(updated.Order, Now);
                break;
            case OrderMessages.Recovered recovered:
                foreach (var watched in _watched.Values) watched.Watch.Live(recovered.Live, Now);
                break;
            case PositionMessages.Drained drained when Of(drained.Symbol) is { } watched:
                OnDrained(watched, drained);
                break;
            case AccountMessages.AskWallets:
                foreach (var currency in _watched.Keys.OrderBy(one => one.Code, StringComparer.Ordinal)) TellWallet(currency, Sender);
                break;
            case Look:
                foreach (var watched in _watched.Values) OnLook(watched);
                break;
        }
    }

    private Watched? Find(Currency currency) => _watched.GetValueOrDefault(currency);

    private Watched? Of(Symbol symbol) => Session.Instruments.TryGetValue(symbol, out var instrument) ? Find(instrument.Settlement) : null;

    private void OnMargin(AccountMessages.VenueSays says)
    {
        Cursor = says.Cursor;
        TakePassing(new MarginTold(says.Report));
        Find(says.Report.Currency)?.Watch.Heard(says.Report, Now);
        var events = _ledger.Decide(says.Report);
        Commit(events, () =>
        {
            if (events.OfType<WalletObserved>().Any()) TellWallet(says.Report.Currency, Session.Directory.Risk);
            Show(says.Report);
        });
        foreach (var transferred in events.OfType<WalletTransferred>().Where(one => one.Amount != 0))
            Session.Board.Say(Now, $"{transferred.Amount} {transferred.Currency} came into the wallet other than by trading");
    }

    private void TellWallet(Currency currency, IActorRef to)
    {
        if (_ledger.Theirs(currency) is { } balance) to.Tell(new AccountMessages.WalletChanged(currency, balance));
    }

    private void OnCounted(PositionMessages.Counted counted)
    {
        var settlement = Session.Instruments[counted.Symbol].Settlement;
        var seen = new RealisedSeen(counted.Symbol, settlement, counted.Position.RealisedPnl);
        Take(seen);
        _ledger = _ledger.Take(seen);
        Find(settlement)?.Watch.Counted(counted.Symbol, counted.Position, Now);
    }

    /// <summary>Equal figures at a quiet moment agree; others are proved before anything is said.</summary>
    private void OnLook(Watched watched)
    {
        var isProving = watched.DrainedMoves == watched.Watch.Moves && watched.Missing.Count > 0 && Now - watched.AskedAt < ProofMax;
        if (isProving || !watched.Watch.IsQuiet(Now)) return;
        if (_ledger.Ours(watched.Watch.Currency) is not { } wallet)
        {
            Drain(watched);
            return;
        }

        watched.NotCompared = watched.Watch.NotComparable();
        if (watched.Watch.Look(wallet, Now) is not var (ours, theirs)) return;
        if (ours != theirs)
        {
            Drain(watched);
            return;
        }

        watched.Agreed++;
        watched.DiffersSince = null;
        Session.Board.Differences.TryRemove(Subject(watched), out _);
        Show(watched.Watch.Row!);
    }

    /// <summary>Asks for proof that everything that the stream told before is counted.</summary>
    private void Drain(Watched watched)
    {
        watched.Token = ++_drains;
        (watched.DrainedMoves, watched.AskedAt) = (watched.Watch.Moves, Now);
        watched.NewestAt = DateTimeOffset.MinValue;
        watched.Missing.UnionWith(Session.Instruments.Values.Where(one => one.Settlement == watched.Watch.Currency).Select(one => one.Symbol));
        Session.Directory.Orders.Tell(new OrderMessages.Drain(watched.Token), Self);
    }

    private void OnDrained(Watched watched, PositionMessages.Drained drained)
    {
        if (drained.Token != watched.Token || !watched.Missing.Remove(drained.Symbol)) return;
        if (drained.NewestAt > watched.NewestAt) watched.NewestAt = drained.NewestAt;
        if (watched.Missing.Count > 0 || watched.DrainedMoves != watched.Watch.Moves || !watched.Watch.IsQuiet(Now)) return;
        // A row that is older than what we have counted from elsewhere has only not come yet.
        if (watched.Watch.Row is not { } row || row.Timestamp < watched.NewestAt) return;
        if (_ledger.Ours(row.Currency) is not { } wallet) Adopt(row);
        else if (watched.Watch.Look(wallet, Now) is var (ours, theirs) && ours != theirs) Differ(watched, row, ours, theirs);
    }

    private void Differ(Watched watched, MarginReport row, AccountFigures ours, AccountFigures theirs)
    {
        var subject = Subject(watched);
        Session.Board.Differences[subject] = $"ours {ours}; the venue has {theirs}";
        if (watched.DiffersSince is { } since)
        {
            if (Now - since >= AdoptAfter && ours.Wallet != theirs.Wallet) Adopt(row);
            return;
        }

        watched.DiffersSince = Now;
        Log.Error("{Subject}: ours {Ours}, the venue has {Theirs}", subject, ours, theirs);
        Session.Board.Say(Now, $"{subject}: ours {ours}; the venue has {theirs}");
        Session.Directory.Chronicle.Tell(new ChronicleMessages.Write(new DifferenceFound(subject, ours.ToString(), theirs.ToString())));
        Session.Directory.Engine.Tell(new EngineMessages.Suspect($"{subject} differs from the venue's"));
    }

    private void Adopt(MarginReport row)
    {
        var compared = new WalletCompared(row.Currency, row.WalletBalance - row.RealisedPnl);
        TakePassing(compared);
        if (_ledger.Decide(compared) is not { } adopted) return;
        var words = $"wallet {row.Currency}: {adopted.Reason}; the venue's {adopted.Balance} is taken over";
        // Where we had none there is no difference, and nothing to warn of.
        if (_ledger.Ours(row.Currency) is null) Log.Info(words);
        else Log.Warning(words);
        Session.Board.Say(Now, words);
        Commit([adopted], static () => { });
    }

    private static string Subject(Watched watched) => $"account {watched.Watch.Currency}";

    private void Show(MarginReport report)
    {
        _marginAtStart.TryAdd(report.Currency, report.MarginBalance);
        var watched = Find(report.Currency);
        Session.Board.Margins[report.Currency.Code] = new MarginView(
            report.Currency.Code,
            report.WalletBalance,
            report.MarginBalance,
            report.AvailableMargin,
            report.MarginBalance - _marginAtStart[report.Currency])
        {
            Agreed = watched?.Agreed ?? 0,
            NotCompared = watched is null ? "nothing that settles in it is traded here" : watched.NotCompared,
        };
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    /// <summary>A currency that is compared: its watch, and the proof under way.</summary>
    private sealed class Watched(AccountWatch watch)
    {
        public AccountWatch Watch { get; } = watch;

        public HashSet<Symbol> Missing { get; } = [];

        public long Token { get; set; }

        public long DrainedMoves { get; set; }

        public DateTimeOffset AskedAt { get; set; }

        public DateTimeOffset NewestAt { get; set; }

        public DateTimeOffset? DiffersSince { get; set; }

        public long Agreed { get; set; }

        public string? NotCompared { get; set; }
    }
}
