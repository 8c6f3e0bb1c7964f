using Actors.Domain.Accounts;
using Actors.Domain.Orders;
using Actors.Domain.Positions;
using Actors.Domain.Reconciliation;
using Actors.Domain.Sessions;
using Actors.Journal;

namespace Actors.EndToEnd.Tests.Campaign;

/// <summary>An order as a journal's events add up to, by rules written out here and not the engine's.</summary>
internal sealed class JournaledOrder
{
    public int Submissions { get; set; }

    public bool IsAcknowledged { get; set; }

    /// <summary>In the venue's words; "Submitted", "Unknown" and "Lost" are ours.</summary>
    public string Status { get; set; } = "Submitted";

    public long Quantity { get; set; }

    public long Filled { get; set; }
}

/// <summary>All that an engine's journal holds, all sessions together; may be read while it is written. Immutable once read.</summary>
internal sealed class EngineRecord
{
    public Dictionary<string, JournaledOrder> Orders { get; } = new(StringComparer.Ordinal);

    /// <summary>Fills by execution identifier, as the orders counted them, and how often.</summary>
    public Dictionary<string, (OrderFilled Fill, int Times)> Fills { get; } = new(StringComparer.Ordinal);

    /// <summary>The same as the positions counted them, by symbol.</summary>
    public Dictionary<string, List<PositionFilled>> PositionFills { get; } = new(StringComparer.Ordinal);

    /// <summary>Each position, carried on by the domain's own rule.</summary>
    public Dictionary<string, Position> Positions { get; } = new(StringComparer.Ordinal);

    public List<PositionAdopted> Adoptions { get; } = [];

    public List<(DateTimeOffset At, ReconciliationReport Report)> Reconciliations { get; } = [];

    /// <summary>When sessions began, and each phase.</summary>
    public List<(DateTimeOffset At, string Phase)> Phases { get; } = [];

    public List<OrderTransitionRefused> Refused { get; } = [];

    /// <summary>The newest wallet balance heard of, by currency.</summary>
    public Dictionary<string, long> Wallets { get; } = new(StringComparer.OrdinalIgnoreCase);

    public static EngineRecord Read(string dataFolder)
    {
        var record = new EngineRecord();
        using var journal = SessionReader.Open(new JournalLocation.SqliteDirectory(Path.Combine(dataFolder, "journal")).JournalFile);
        foreach (var stream in journal.ListStreams())
        {
            foreach (var one in journal.Read(stream.Stream)) record.Add(stream.Stream, one.At, one.Event);
        }

        return record;
    }

    private void Add(string stream, DateTimeOffset at, object happened)
    {
        switch (happened)
        {
            case OrderTransitionRefused refused:
                Refused.Add(refused);
                break;
            case ExecutionsReconciled:
                break;
            case OrderEvent one:
                Add(one);
                break;
            case PositionFilled fill:
                PositionFills.TryAdd(Symbol(stream), []);
                PositionFills[Symbol(stream)].Add(fill);
                Positions[Symbol(stream)] = Positions.GetValueOrDefault(Symbol(stream)).Fill(fill.Change, fill.Cost, fill.Commission);
                break;
            case PositionCharged charged:
                Positions[Symbol(stream)] = Positions.GetValueOrDefault(Symbol(stream)).Pay(charged.Amount);
                break;
            case PositionAdopted adopted:
                Adoptions.Add(adopted);
                break;
            case Reconciled reconciled:
                Reconciliations.Add((at, reconciled.Report));
                break;
            case SessionStarted:
                Phases.Add((at, "Started"));
                break;
            case PhaseChanged phase:
                Phases.Add((at, phase.Phase));
                break;
            case WalletObserved wallet:
                Wallets[wallet.Currency.ToString()] = wallet.WalletBalance;
                break;
        }
    }

    private void Add(OrderEvent happened)
    {
        var id = happened.Id.Value;
        if (!Orders.TryGetValue(id, out var order)) Orders.Add(id, order = new JournaledOrder());
        switch (happened)
        {
            case OrderSubmitted submitted:
                order.Submissions++;
                order.Quantity = submitted.Terms.Quantity.Contracts;
                break;
            case OrderAcknowledged:
                (order.IsAcknowledged, order.Status) = (true, order.Filled > 0 ? "PartiallyFilled" : "New");
                break;
            case OrderAmended amended:
                order.Quantity = amended.Quantity.Contracts;
                if (order.Filled == order.Quantity) order.Status = "Filled";
                break;
            case OrderFilled fill:
                Fills[fill.ExecutionId] = (fill, Fills.GetValueOrDefault(fill.ExecutionId).Times + 1);
                order.Filled += fill.Quantity.Contracts;
                // One that was cancelled stays so, whichever of the two is heard of first.
                if (order.Status != "Canceled") order.Status = order.Filled == order.Quantity ? "Filled" : "PartiallyFilled";
                break;
            case OrderCancelled or OrderExpired:
                order.Status = "Canceled";
                break;
            case OrderRejected:
                order.Status = "Rejected";
                break;
            case OrderOutcomeUnknown:
                order.Status = "Unknown";
                break;
            case OrderLost:
                order.Status = "Lost";
                break;
        }
    }

    private static string Symbol(string stream) => stream[(stream.LastIndexOf('-') + 1)..];
}
