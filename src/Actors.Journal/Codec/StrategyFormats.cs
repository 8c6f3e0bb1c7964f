using Actors.Domain.Strategies;

namespace Actors.Journal.Codec;

/// <summary>How the events of strategies are stored, and the shape of an intent.</summary>
internal static class StrategyFormats
{
    public static readonly IReadOnlyList<RecordFormat> All =
    [
        new JsonFormat<StrategyAnchored>(
            "strategy-anchored",
            (to, happened) => to.Ticks("ticks", happened.Anchor),
            from => new StrategyAnchored(from.Ticks("ticks"))),
        new JsonFormat<SlotFilled>(
            "slot-filled",
            (to, happened) => to.Number("slot", happened.Slot).Contracts("change", happened.Change).Number("sequence", happened.Sequence),
            from => new SlotFilled(from.SmallNumber("slot"), from.Contracts("change"), from.Number("sequence"))).Compact(),
        new JsonFormat<IntentsDecided>(
            "intents-decided",
            (to, happened) => to.List("intents", happened.Intents, WriteIntent).Text("session", happened.SessionId).Number("counter", happened.Counter),
            from => new IntentsDecided(from.List("intents", ReadIntent), from.Text("session"), from.Number("counter"))).Compact(),
    ];

    public static void WriteIntent(FieldWriter to, Intent intent)
    {
        switch (intent)
        {
            case PlaceIntent place:
                to.Text("kind", "place").Text("strategy", place.StrategyId)
                    .Number("slot", place.Slot).Object("terms", place.Terms, OrderFormats.WriteTerms);
                break;
            case AmendIntent amend:
                to.Text("kind", "amend").Text("strategy", amend.StrategyId).Symbol(amend.Symbol)
                    .Order(amend.Id).Ticks("ticks", amend.Price).Contracts("contracts", amend.Quantity)
                    .Ticks("stopTicks", amend.StopPrice).OptionalNumber("pegOffsetTicks", amend.PegOffsetTicks);
                break;
            case CancelIntent cancel:
                to.Text("kind", "cancel").Text("strategy", cancel.StrategyId).Symbol(cancel.Symbol).Order(cancel.Id);
                break;
            default:
                throw new JournalFormatException($"no format is known for intents of type {intent.GetType().Name}");
        }
    }

    public static Intent ReadIntent(FieldReader from) => from.Text("kind") switch
    {
        "place" => new PlaceIntent(from.Text("strategy"), from.SmallNumber("slot"), OrderFormats.ReadTerms(from.Object("terms"))),
        "amend" => new AmendIntent(
            from.Text("strategy"), from.Symbol(), from.Order(), from.OptionalTicks("ticks"), from.OptionalContracts("contracts"),
            from.OptionalTicks("stopTicks"), from.OptionalNumber("pegOffsetTicks")),
        "cancel" => new CancelIntent(from.Text("strategy"), from.Symbol(), from.Order()),
        _ => throw from.Bad("kind", "one of place, amend, cancel"),
    };
}
