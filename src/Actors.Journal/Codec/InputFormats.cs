using Actors.Domain.Accounts;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Positions;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;
using Actors.Journal.Codec.Compact;

namespace Actors.Journal.Codec;

/// <summary>How the inputs of the actors are stored: one record for all that were taken since the last, each under its kind. Most of what is journaled, therefore compact from version 2 on.</summary>
internal static class InputFormats
{
    public static readonly IReadOnlyList<RecordFormat> All =
    [
        new JsonFormat<Consumed>(
            "consumed",
            (to, happened) => to.List("inputs", happened.Inputs, static (one, taken) =>
            {
                WriteMoment(one, taken);
                WriteInput(one, taken.Input);
            }),
            from => new Consumed(from.List("inputs", one => new TakenInput(one.Time("at"), one.Cursor("cursor"), ReadInput(one))))).Compact(),
    ];

    /// <summary>
    /// One input as it stands in a compact record. Of the first only what follows its moment: that is told by its difference to the record's own, which is not known yet, and
    /// by nothing else does what follows depend on the record.
    /// </summary>
    public static void WriteTaken(CompactWriter to, TakenInput taken, bool isFirst)
    {
        if (!isFirst)
        {
            to.BeginObject(null);
            WriteMoment(new FieldWriter(to), taken);
        }

        WriteInput(new FieldWriter(to), taken.Input);
        to.End();
    }

    /// <summary>The record of inputs that are encoded already, by the first of them and the rest.</summary>
    public static byte[] Write(in Envelope envelope, TakenInput first, CompactWriter rest)
    {
        var to = CompactWriter.Begin(envelope);
        to.BeginList("inputs");
        to.BeginObject(null);
        WriteMoment(new FieldWriter(to), first);
        to.Append(rest);
        to.End();
        to.End();
        return to.Finish();
    }

    private static void WriteMoment(FieldWriter to, TakenInput taken) => to.Time("at", taken.At).Cursor("cursor", taken.Cursor);

    private static void WriteInput(FieldWriter to, Input input)
    {
        switch (input)
        {
            case TopSeen seen:
                WriteLevel(WriteLevel(to.Text("kind", "top"), "bid", seen.Top.Bid), "ask", seen.Top.Ask);
                break;
            case BookStatusSeen seen:
                to.Text("kind", "book").Symbol(seen.Symbol).Word("status", seen.Status, Vocabulary.BookStatuses);
                break;
            case PositionSeen seen:
                to.Text("kind", "position").Symbol(seen.Symbol).Contracts("contracts", seen.Quantity);
                break;
            case MarkSeen seen:
                to.Text("kind", "mark").Symbol(seen.Symbol).Decimal("price", seen.Mark);
                break;
            case HoldingSeen or WalletSeen or FundingSeen or BestSeen or OperatorSaid:
                RiskInputFormats.Write(to, input);
                break;
            case DoorSeen seen:
                to.Text("kind", "door").Word("state", seen.IsOpen ? DoorState.Open : DoorState.Closed, Vocabulary.DoorStates);
                break;
            case IntentAnswered answered:
                to.Text("kind", "answered").Object("intent", answered.Intent, StrategyFormats.WriteIntent).Text("reason", answered.Reason);
                break;
            case OrderSeen seen:
                to.Text("kind", "order").Order(seen.Id).Word("news", seen.News, Vocabulary.OrderNews).Number("sequence", seen.Sequence);
                break;
            case OrdersSeen seen:
                to.Text("kind", "orders").Number("sequence", seen.Sequence);
                break;
            case OrdersForgotten:
                to.Text("kind", "orders-forgotten");
                break;
            case TimePassed:
                to.Text("kind", "time");
                break;
            default:
                ReportFormats.Write(to, input);
                break;
        }
    }

    private static Input ReadInput(FieldReader from) => from.Text("kind") switch
    {
        "top" => new TopSeen(new BookTop(ReadLevel(from, "bid"), ReadLevel(from, "ask"))),
        "book" => new BookStatusSeen(from.Symbol(), from.Word("status", Vocabulary.BookStatuses)),
        "position" => new PositionSeen(from.Symbol(), from.Contracts("contracts")),
        "mark" => new MarkSeen(from.Symbol(), from.Decimal("price")),
        "door" => new DoorSeen(from.Word("state", Vocabulary.DoorStates) == DoorState.Open),
        "answered" => new IntentAnswered(StrategyFormats.ReadIntent(from.Object("intent")), from.Text("reason")),
        "order" => new OrderSeen(from.Order(), from.Word("news", Vocabulary.OrderNews), from.Number("sequence")),
        "orders" => new OrdersSeen(from.Number("sequence")),
        "orders-forgotten" => new OrdersForgotten(),
        "time" => new TimePassed(),
        "holding" or "wallet" or "funding" or "best" or "operator" => RiskInputFormats.Read(from),
        var kind => ReportFormats.Read(kind, from),
    };

    internal static FieldWriter WriteLevel(FieldWriter to, string name, BookLevel? level) =>
        level is { } known ? to.Ticks(name, known.Price).Contracts(name + "Size", known.Size) : to;

    internal static BookLevel? ReadLevel(FieldReader from, string name) =>
        from.OptionalTicks(name) is { } price ? new BookLevel(price, from.Contracts(name + "Size")) : null;
}

/// <summary>How what the door alone is told is stored.</summary>
internal static class RiskInputFormats
{
    public static void Write(FieldWriter to, Input input)
    {
        switch (input)
        {
            case HoldingSeen seen:
                to.Text("kind", "holding").Symbol(seen.Symbol).Contracts("contracts", seen.Position.Quantity).Number("unrealisedCost", seen.Position.UnrealisedCost)
                    .Number("realisedCost", seen.Position.RealisedCost).Number("commission", seen.Position.Commission).Decimal("leverage", seen.Leverage);
                if (seen.IsAdopted) to.Word("adopted", Answer.Yes, Vocabulary.Answers);
                to.OptionalText("execution", seen.ExecutionId);
                break;
            case WalletSeen seen:
                to.Text("kind", "wallet").Text("currency", seen.Currency.Code).Number("balance", seen.Balance);
                break;
            case FundingSeen seen:
                to.Text("kind", "funding").Symbol(seen.Symbol).Decimal("rate", seen.Rate).Time("dueAt", seen.DueAt);
                break;
            case BestSeen seen:
                InputFormats.WriteLevel(InputFormats.WriteLevel(to.Text("kind", "best").Symbol(seen.Symbol).Cursor("frame", seen.Frame), "bid", seen.Top.Bid), "ask", seen.Top.Ask);
                break;
            case OperatorSaid said:
                to.Text("kind", "operator").Word("verb", said.Verb, Vocabulary.OperatorVerbs).Text("reason", said.Reason)
                    .List("latches", said.Latches, (one, name) => one.Text("name", name));
                break;
            default:
                throw new JournalFormatException($"no format is known for inputs of type {input.GetType().Name}");
        }
    }

    public static Input Read(FieldReader from) => from.Text("kind") switch
    {
        "holding" => new HoldingSeen(
            from.Symbol(),
            new Position(from.Contracts("contracts"), from.Number("unrealisedCost"), from.Number("realisedCost"), from.Number("commission")),
            from.Decimal("leverage"),
            from.OptionalWord("adopted", Vocabulary.Answers) == Answer.Yes)
        {
            ExecutionId = from.OptionalText("execution"),
        },
        "wallet" => new WalletSeen(new Currency(from.Text("currency")), from.Number("balance")),
        "funding" => new FundingSeen(from.Symbol(), from.Decimal("rate"), from.Time("dueAt")),
        "best" => new BestSeen(from.Symbol(), new BookTop(InputFormats.ReadLevel(from, "bid"), InputFormats.ReadLevel(from, "ask")), from.Cursor("frame")),
        "operator" => new OperatorSaid(from.Word("verb", Vocabulary.OperatorVerbs), from.Text("reason"), from.List("latches", one => one.Text("name"))),
        _ => throw from.Bad("kind", "the kind of an input of risk"),
    };
}

/// <summary>How the venue's answers and reports are stored where an order or a position was decided by them.</summary>
internal static class ReportFormats
{
    public static void Write(FieldWriter to, Input input)
    {
        switch (input)
        {
            case IntentPassed passed:
                to.Text("kind", "passed").Object("intent", passed.Intent, StrategyFormats.WriteIntent);
                break;
            case PlaceAnswered answered:
                to.Text("kind", "placed").Order(answered.Id).Object("outcome", answered.Outcome, VenueFormats.WriteOutcome);
                break;
            case ChangeAnswered answered:
                to.Text("kind", "changed").Order(answered.Id).Object("outcome", answered.Outcome, VenueFormats.WriteOutcome);
                break;
            case LookupAnswered answered:
                to.Text("kind", "looked-up").Order(answered.Id).Time("askedAt", answered.AskedAt);
                if (answered.Report is { } found) to.Object("report", found, VenueFormats.WriteOrder);
                break;
            case ReportTold told:
                to.Text("kind", "report").Object("report", told.Report, VenueFormats.WriteOrder);
                break;
            case ExecutionTold told:
                to.Text("kind", "execution").Object("report", told.Report, VenueFormats.WriteExecution);
                break;
            case ExecutionsAnswered answered:
                to.Text("kind", "executions").List("executions", answered.Executions, VenueFormats.WriteExecution);
                break;
            case ComparisonSettled settled:
                to.Text("kind", "settled").Time("until", settled.Until);
                break;
            case VenueCompared compared:
                to.Text("kind", "compared").Time("askedAt", compared.AskedAt).List("executions", compared.Executions, VenueFormats.WriteExecution)
                    .List("orders", compared.OpenOrders, VenueFormats.WriteOrder);
                break;
            case PositionCompared compared:
                to.Text("kind", "position-compared").Contracts("contracts", compared.Quantity).Number("unrealisedCost", compared.UnrealisedCost)
                    .Word("quiet", compared.Quiet ? Answer.Yes : Answer.No, Vocabulary.Answers);
                if (compared.NewestExecutionAt is { } newest) to.Time("newestExecutionAt", newest);
                break;
            case CancelAllAsked asked:
                to.Text("kind", "cancel-all").Text("reason", asked.Reason);
                break;
            case ChaseDue:
                to.Text("kind", "chase");
                break;
            case GatewayForgot:
                to.Text("kind", "gateway-forgot");
                break;
            case RealisedSeen seen:
                to.Text("kind", "realised").Symbol(seen.Symbol).Text("currency", seen.Settlement.Code).Number("realised", seen.Realised);
                break;
            case MarginTold told:
                to.Text("kind", "margin").Object("report", told.Report, VenueFormats.WriteMargin);
                break;
            case WalletCompared compared:
                to.Text("kind", "wallet-compared").Text("currency", compared.Currency.Code).Number("deposits", compared.Deposits);
                break;
            default:
                throw new JournalFormatException($"no format is known for inputs of type {input.GetType().Name}");
        }
    }

    public static Input Read(string kind, FieldReader from) => kind switch
    {
        "passed" => new IntentPassed(StrategyFormats.ReadIntent(from.Object("intent"))),
        "placed" => new PlaceAnswered(from.Order(), VenueFormats.ReadOutcome(from.Object("outcome"))),
        "changed" => new ChangeAnswered(from.Order(), VenueFormats.ReadOutcome(from.Object("outcome"))),
        "looked-up" => new LookupAnswered(from.Order(), from.Has("report") ? VenueFormats.ReadOrder(from.Object("report")) : null, from.Time("askedAt")),
        "report" => new ReportTold(VenueFormats.ReadOrder(from.Object("report"))),
        "execution" => new ExecutionTold(VenueFormats.ReadExecution(from.Object("report"))),
        "executions" => new ExecutionsAnswered(from.List("executions", VenueFormats.ReadExecution)),
        "settled" => new ComparisonSettled(from.Time("until")),
        "compared" => new VenueCompared(from.Time("askedAt"), from.List("executions", VenueFormats.ReadExecution), from.List("orders", VenueFormats.ReadOrder)),
        "position-compared" => new PositionCompared(from.Contracts("contracts"), from.Number("unrealisedCost"), from.Word("quiet", Vocabulary.Answers) == Answer.Yes, from.Has("newestExecutionAt") ? from.Time("newestExecutionAt") : null),
        "cancel-all" => new CancelAllAsked(from.Text("reason")),
        "chase" => new ChaseDue(),
        "gateway-forgot" => new GatewayForgot(),
        "realised" => new RealisedSeen(from.Symbol(), new Currency(from.Text("currency")), from.Number("realised")),
        "margin" => new MarginTold(VenueFormats.ReadMargin(from.Object("report"))),
        "wallet-compared" => new WalletCompared(new Currency(from.Text("currency")), from.Number("deposits")),
        _ => throw from.Bad("kind", "the kind of an input"),
    };
}
