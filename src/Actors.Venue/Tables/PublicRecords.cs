using Actors.Domain.Instruments;
using Actors.Venue.Clearing;
using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Tables;

/// <summary>A funding that took place: the rate of one interval as a fraction of value.</summary>
internal sealed record FundingRow(ListedInstrument Instrument, DateTimeOffset Timestamp, TimeSpan Interval, decimal Rate)
{
    public static FundingRow Pass(StateStream state, FundingRow? row) => new(
        state.Pass(row?.Instrument), state.Pass(row?.Timestamp ?? default), TimeSpan.FromTicks(state.Pass(row?.Interval.Ticks ?? 0)), state.Pass(row?.Rate ?? 0));
}

/// <summary>An instrument that was settled, at a price in quote units.</summary>
internal sealed record SettlementRow(ListedInstrument Instrument, DateTimeOffset Timestamp, string Kind, decimal Price)
{
    public static SettlementRow Pass(StateStream state, SettlementRow? row) =>
        new(state.Pass(row?.Instrument), state.Pass(row?.Timestamp ?? default), state.Pass(row?.Kind ?? ""), state.Pass(row?.Price ?? 0));
}

/// <summary>The insurance fund of a currency on a day, in minor units.</summary>
internal sealed record InsuranceRow(string Currency, DateTimeOffset Timestamp, long Balance)
{
    public static InsuranceRow Pass(StateStream state, InsuranceRow? row) => new(state.Pass(row?.Currency ?? ""), state.Pass(row?.Timestamp ?? default), state.Pass(row?.Balance ?? 0));
}

/// <summary>A liquidation that works in the book: what is left of it, in contracts.</summary>
internal sealed record LiquidationRow(Guid OrderId, ListedInstrument Instrument, Side Side, decimal Price, long Leaves)
{
    public static LiquidationRow Pass(StateStream state, LiquidationRow? row) => new(
        state.Pass(row?.OrderId ?? default), state.Pass(row?.Instrument), state.Pass(row?.Side ?? default), state.Pass(row?.Price ?? 0), state.Pass(row?.Leaves ?? 0));
}

/// <summary>A notice to everybody.</summary>
internal sealed record AnnouncementRow(long Id, string Title, string Content, string Link, DateTimeOffset Date)
{
    public static AnnouncementRow Pass(StateStream state, AnnouncementRow? row) =>
        new(state.Pass(row?.Id ?? 0), state.Pass(row?.Title ?? ""), state.Pass(row?.Content ?? ""), state.Pass(row?.Link ?? ""), state.Pass(row?.Date ?? default));
}

/// <summary>A line of the public chat.</summary>
internal sealed record ChatRow(long Id, DateTimeOffset Date, string User, string Message, long Channel)
{
    public static ChatRow Pass(StateStream state, ChatRow? row) =>
        new(state.Pass(row?.Id ?? 0), state.Pass(row?.Date ?? default), state.Pass(row?.User ?? ""), state.Pass(row?.Message ?? ""), state.Pass(row?.Channel ?? 0));
}

/// <summary>How many sockets are open.</summary>
internal sealed record ConnectedRow(long Id, long Users, long Bots);

/// <summary>A movement of a wallet's money, in minor units.</summary>
internal sealed record TransactionRow(
    Guid Id, Account Account, string Currency, string Kind, long Amount, long Fee, string Status, string Text, DateTimeOffset Timestamp, long Balance)
{
    public static TransactionRow Pass(StateStream state, TransactionRow? row) => new(
        state.Pass(row?.Id ?? default),
        state.Pass(row?.Account),
        state.Pass(row?.Currency ?? ""),
        state.Pass(row?.Kind ?? ""),
        state.Pass(row?.Amount ?? 0),
        state.Pass(row?.Fee ?? 0),
        state.Pass(row?.Status ?? ""),
        state.Pass(row?.Text ?? ""),
        state.Pass(row?.Timestamp ?? default),
        state.Pass(row?.Balance ?? 0));
}
