using Actors.Domain.Orders;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;
using Actors.Journal;

namespace Actors.LoadTests.InProcess;

/// <summary>What a record of the journal tells of the way of one change of an order.</summary>
internal enum PassageStage
{
    Decided,
    Judged,
    TakenByOrders,
}

/// <summary>That an order's change to a price has come so far.</summary>
/// <param name="Stage">How far.</param>
/// <param name="Frame">The last frame that the actor had consumed, by its number on the connection.</param>
/// <param name="Id">The order.</param>
/// <param name="Ticks">Its new price in ticks.</param>
/// <param name="At">When the actor took the message.</param>
internal readonly record struct Passage(PassageStage Stage, long Frame, ClientOrderId Id, long Ticks, DateTimeOffset At)
{
    /// <summary>Of a decision on several orders it is the last; null of a record that tells of none.</summary>
    public static Passage? Of(JournalRecord record) => record.Event switch
    {
        IntentsDecided { Intents: [.., AmendIntent { Price: { } price } amend] } => new Passage(PassageStage.Decided, record.Cursor.Frame, amend.Id, price.Ticks, record.At),
        IntentApproved { Intent: AmendIntent { Price: { } price } amend } => new Passage(PassageStage.Judged, record.Cursor.Frame, amend.Id, price.Ticks, record.At),
        OrderAmendRequested { Price: { } price } amend => new Passage(PassageStage.TakenByOrders, record.Cursor.Frame, amend.Id, price.Ticks, record.At),
        _ => null,
    };
}
