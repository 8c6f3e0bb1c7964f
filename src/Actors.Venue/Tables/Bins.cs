using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Tables;

/// <summary>How long a bin is, by its name on the wire.</summary>
internal sealed record BinSize(string Name, TimeSpan Length)
{
    public static readonly IReadOnlyList<BinSize> All =
        [new("1m", TimeSpan.FromMinutes(1)), new("5m", TimeSpan.FromMinutes(5)), new("1h", TimeSpan.FromHours(1)), new("1d", TimeSpan.FromDays(1))];

    /// <summary>The end of the bin that <paramref name="time"/> is in; a time on the boundary begins a new bin.</summary>
    public DateTimeOffset End(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % Length.Ticks) + Length.Ticks, TimeSpan.Zero);
}

/// <summary>
/// The trades of one bin. Its open is the close of the bin before, as on the venue, so that it may lie outside low and high; its time is its
/// end. Turnover in minor units of settlement, notionals in whole units.
/// </summary>
internal sealed record TradeBin(ListedInstrument Instrument, DateTimeOffset Timestamp, decimal Open)
{
    public decimal High { get; private set; } = Open;

    public decimal Low { get; private set; } = Open;

    public decimal Close { get; private set; } = Open;

    public long Trades { get; private set; }

    public long Volume { get; private set; }

    public long? LastSize { get; private set; }

    public long Turnover { get; private set; }

    public decimal HomeNotional { get; private set; }

    public decimal ForeignNotional { get; private set; }

    /// <summary>Mean price weighted by the underlying; null without trades.</summary>
    public decimal? VolumeWeightedPrice => HomeNotional == 0 ? null : decimal.Round(ForeignNotional / HomeNotional, 4);

    public static TradeBin Pass(StateStream state, TradeBin? bin) => new(state.Pass(bin?.Instrument), state.Pass(bin?.Timestamp ?? default), state.Pass(bin?.Open ?? 0))
    {
        High = state.Pass(bin?.High ?? 0),
        Low = state.Pass(bin?.Low ?? 0),
        Close = state.Pass(bin?.Close ?? 0),
        Trades = state.Pass(bin?.Trades ?? 0),
        Volume = state.Pass(bin?.Volume ?? 0),
        LastSize = state.Pass(bin?.LastSize),
        Turnover = state.Pass(bin?.Turnover ?? 0),
        HomeNotional = state.Pass(bin?.HomeNotional ?? 0),
        ForeignNotional = state.Pass(bin?.ForeignNotional ?? 0),
    };

    public void Add(Trade trade)
    {
        (High, Low) = Trades == 0 ? (trade.Price, trade.Price) : (Math.Max(High, trade.Price), Math.Min(Low, trade.Price));
        Close = trade.Price;
        Trades++;
        Volume += trade.Quantity;
        LastSize = trade.Quantity;
        Turnover += trade.Value;
        var (home, foreign) = Notional.Of(Instrument, trade.Quantity, trade.Value);
        HomeNotional += home;
        ForeignNotional += foreign;
    }
}

/// <summary>The bins of one instrument and size: those that are over, oldest first, and the one that runs.</summary>
internal sealed class BinSeries(ListedInstrument instrument, BinSize size)
{
    public const int Kept = 5_000;

    private decimal? _close;

    public ListedInstrument Instrument { get; } = instrument;

    public BinSize Size { get; } = size;

    public List<TradeBin> Trades { get; } = [];

    public List<QuoteRow> Quotes { get; } = [];

    /// <summary>Null until the instrument's first trade.</summary>
    public TradeBin? Running { get; private set; }

    public void Add(Trade trade)
    {
        Running ??= new TradeBin(Instrument, Size.End(trade.Timestamp), _close ?? trade.Price);
        Running.Add(trade);
    }

    /// <summary>The running bin's last quote, stamped with the bin's end; null before the first.</summary>
    public QuoteRow? RunningQuote(DateTimeOffset now) =>
        Instrument.Quotes.Count == 0 ? null : Instrument.Quotes[^1] with { Timestamp = Size.End(now) };

    /// <summary>Ends the bin whose end <paramref name="end"/> is and begins the next.</summary>
    public (TradeBin? Trades, QuoteRow? Quote) Close(DateTimeOffset end)
    {
        var ended = Running;
        if (ended is not null)
        {
            Keep(Trades, ended);
            _close = ended.Close;
            Running = new TradeBin(Instrument, end + Size.Length, ended.Close);
        }

        var quote = Instrument.Quotes.Count == 0 ? null : Instrument.Quotes[^1] with { Timestamp = end };
        if (quote is not null) Keep(Quotes, quote);
        return (ended, quote);
    }

    public void Pass(StateStream state)
    {
        _close = state.Pass(_close);
        Running = state.Pass(Running is not null) ? TradeBin.Pass(state, Running) : null;
        state.List(Trades, bin => TradeBin.Pass(state, bin));
        state.List(Quotes, quote => QuoteRow.Pass(state, quote));
    }

    private static void Keep<T>(List<T> list, T item)
    {
        if (list.Count >= Kept) list.RemoveRange(0, Kept / 10);
        list.Add(item);
    }
}

/// <summary>Bins on the wire.</summary>
internal static class BinTables
{
    private static readonly Dictionary<string, Table<TradeBin>> TradeTables = BinSize.All.ToDictionary(size => size.Name, size => NewTrade("tradeBin" + size.Name));

    private static readonly Dictionary<string, Table<QuoteRow>> QuoteTables =
        BinSize.All.ToDictionary(size => size.Name, size => MarketTables.NewQuote("quoteBin" + size.Name));

    public static Table<TradeBin> Trade(BinSize size) => TradeTables[size.Name];

    public static Table<QuoteRow> Quote(BinSize size) => QuoteTables[size.Name];

    private static Table<TradeBin> NewTrade(string name) => new(
        name,
        [],
        [],
        [
            new("timestamp", "timestamp", bin => FieldValue.Of(bin.Timestamp)),
            new("symbol", "symbol", bin => FieldValue.Of(bin.Instrument.Symbol)),
            new("open", "float", bin => FieldValue.Of(bin.Open)),
            new("high", "float", bin => FieldValue.Of(bin.High)),
            new("low", "float", bin => FieldValue.Of(bin.Low)),
            new("close", "float", bin => FieldValue.Of(bin.Close)),
            new("trades", "long", bin => FieldValue.Of(bin.Trades)),
            new("volume", "long", bin => FieldValue.Of(bin.Volume)),
            new("vwap", "float", bin => FieldValue.Of(bin.VolumeWeightedPrice)),
            new("lastSize", "long", bin => FieldValue.Of(bin.LastSize)),
            new("turnover", "long", bin => FieldValue.Of(bin.Turnover)),
            new("homeNotional", "float", bin => FieldValue.Of(bin.HomeNotional)),
            new("foreignNotional", "float", bin => FieldValue.Of(bin.ForeignNotional)),
        ]);
}
