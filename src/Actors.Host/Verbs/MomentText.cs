using System.Globalization;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Host.View;
using Actors.Journal.Audit;

namespace Actors.Host.Verbs;

/// <summary>The state of a session at a moment, as lines.</summary>
internal static class MomentText
{
    public static IEnumerable<string> Lines(MomentState state)
    {
        yield return $"session {Words.Printable(state.Session.Id)} of {Words.Printable(state.Session.Account)} at {state.At.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)} UTC, after frame {state.LastFrame}";
        if (state.At > state.Session.LastAt) yield return $"  its last record is of {state.Session.LastAt.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)}: {(state.Session.Ended is { } ended ? $"it had ended, {Words.Printable(ended.Outcome)}" : "it did not end in order, or still runs")}; what follows is what was last known";
        foreach (var one in state.Instruments)
        {
            var code = one.Instrument.Settlement.Code;
            yield return $"  {one.Instrument.Symbol}: book {one.Book.ToString().ToLowerInvariant()}, {Level(one.Instrument, one.Top.Bid)} bid, {Level(one.Instrument, one.Top.Ask)} ask, mark {Words.Price(one.Mark)}";
            yield return $"    position {Words.Position(one.Position.Quantity.Contracts)}, realised {Words.Money(code, one.Position.RealisedPnl, signed: true)}, unrealised {Words.Money(code, one.UnrealisedPnl, signed: true)}, fees {Words.Money(code, one.Position.Commission)}";
        }

        foreach (var margin in state.Margins)
        {
            var code = margin.Currency.Code;
            yield return $"  margin: wallet {Words.Money(code, margin.WalletBalance)}, margin balance {Words.Money(code, margin.MarginBalance)}, available {Words.Money(code, margin.AvailableMargin)}";
        }

        yield return $"  {Words.Count(state.Orders.Count, "live order")}";
        foreach (var order in state.Orders)
        {
            var tick = state.Instruments.FirstOrDefault(one => one.Instrument.Symbol == order.Terms.Symbol)?.Instrument.Tick;
            var price = order.Price is { } known && tick is { } grid ? Words.Price(grid.ToDecimal(known)) : "market";
            yield return $"    {Words.Printable(order.Id.Value)} {order.Terms.Symbol} {order.Terms.Side} {Words.Count(order.Quantity.Contracts)} at {price}, filled {Words.Count(order.Filled.Contracts)}, {order.State.ToString().ToLowerInvariant()}{(order.Pending == Domain.Orders.PendingChange.None ? "" : $", {order.Pending.ToString().ToLowerInvariant()} asked for")}";
        }
    }

    private static string Level(Instrument instrument, BookLevel? level) =>
        level is { } known ? $"{Words.Count(known.Size.Contracts)} at {Words.Price(instrument.Tick.ToDecimal(known.Price))}" : "none";
}
