using Actors.Domain.Instruments;
using Actors.Venue.Clearing;
using Actors.Venue.Trading;

namespace Actors.Venue.Tables;

/// <summary>A funding that took place: the rate of one interval as a fraction of value.</summary>
internal sealed record FundingRow(ListedInstrument Instrument, DateTimeOffset Timestamp, TimeSpan Interval, decimal Rate);

/// <summary>An instrument that was settled, at a price in quote units.</summary>
internal sealed record SettlementRow(ListedInstrument Instrument, DateTimeOffset Timestamp, string Kind, decimal Price);

/// <summary>The insurance fund of a currency on a day, in minor units.</summary>
internal sealed record InsuranceRow(string Currency, DateTimeOffset Timestamp, long Balance);

/// <summary>A liquidation that works in the book: what is left of it, in contracts.</summary>
internal sealed record LiquidationRow(Guid OrderId, ListedInstrument Instrument, Side Side, decimal Price, long Leaves);

/// <summary>A notice to everybody.</summary>
internal sealed record AnnouncementRow(long Id, string Title, string Content, string Link, DateTimeOffset Date);

/// <summary>A line of the public chat.</summary>
internal sealed record ChatRow(long Id, DateTimeOffset Date, string User, string Message, long Channel);

/// <summary>How many sockets are open.</summary>
internal sealed record ConnectedRow(long Id, long Users, long Bots);

/// <summary>A movement of a wallet's money, in minor units.</summary>
internal sealed record TransactionRow(
    Guid Id, Account Account, string Currency, string Kind, long Amount, long Fee, string Status, string Text, DateTimeOffset Timestamp, long Balance);
