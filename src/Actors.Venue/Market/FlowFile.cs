using System.Security.Cryptography;
using Actors.Bitmex.Recordings;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;
using Actors.Venue.Listing;

namespace Actors.Venue.Market;

/// <summary>What a recorded session says about a market.</summary>
internal enum FlowKind
{
    /// <summary>The whole book is told anew: what it does not name is gone.</summary>
    Begin,

    /// <summary>A level has this size now; zero for none.</summary>
    Level,

    /// <summary>Somebody took this size, at this price.</summary>
    Taken,
}

/// <summary>One thing of a recorded session, counted from its first moment. Sizes in contracts, whole lots; the instrument is a place in the listing.</summary>
internal readonly record struct FlowEvent(TimeSpan After, int Instrument, FlowKind Kind, Side Side, long PriceTicks, long Size);

/// <summary>
/// The book levels and trades of a recorded session, of instruments that are listed. What has no time of its own happens with what came before
/// it. Sizes are cut to whole lots; prices off the listed grid are left out and counted.
/// </summary>
internal sealed class FlowFile
{
    /// <summary>A larger session is refused: it is held in memory.</summary>
    public const int EventsMax = 10_000_000;

    private FlowFile(string path, string contentHash, Reader reader) =>
        (Path, ContentHash, Events, LeftOut) = (path, contentHash, reader.Events, reader.LeftOut);

    public string Path { get; }

    /// <summary>SHA-256 of the file's bytes in hexadecimal: a run is only repeated with the same one.</summary>
    public string ContentHash { get; }

    /// <summary>At least one, in order.</summary>
    public IReadOnlyList<FlowEvent> Events { get; }

    /// <summary>Levels and trades whose price the listed instrument cannot have.</summary>
    public long LeftOut { get; }

    /// <summary>Throws <see cref="VenueStartException"/> with one line when the file cannot be read, or holds nothing for the listing.</summary>
    public static FlowFile Read(string path, VenueListing listing)
    {
        try
        {
            var reader = new Reader(path, listing);
            Recording.Play(path, reader);
            if (reader.Events.Count == 0) throw new VenueStartException($"{path}: expected levels or trades of a listed symbol, one of {string.Join(", ", listing.Instruments.Select(row => row.Symbol))}");
            using var stream = File.OpenRead(path);
            return new FlowFile(path, Convert.ToHexStringLower(SHA256.HashData(stream)), reader);
        }
        catch (RecordingException exception)
        {
            throw new VenueStartException(exception.Message, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new VenueStartException($"{path}: cannot be read: {exception.Message}", exception);
        }
    }

    private sealed class Reader(string path, VenueListing listing) : IVenueMessages
    {
        private readonly Dictionary<string, (int Index, Instrument Definition)> _listed = listing.Instruments
            .Select((row, index) => (Index: index, Definition: row.ToInstrument())).ToDictionary(row => row.Definition.Symbol.Value, StringComparer.Ordinal);

        // A level that is updated or deleted is named by its identifier; its price was told when it came.
        private readonly Dictionary<(int Instrument, Side Side, long Id), long> _prices = [];
        private DateTimeOffset? _first;
        private TimeSpan _after;

        public List<FlowEvent> Events { get; } = [];

        public long LeftOut { get; private set; }

        public void Book(Symbol symbol, BookAction action, ReadOnlySpan<BookRow> rows, DateTimeOffset? venueTime)
        {
            if (!_listed.TryGetValue(symbol.Value, out var listed)) return;
            // A snapshot's rows may carry the times at which its levels last changed, long before it was sent.
            if (venueTime is { } time && action != BookAction.Snapshot) Pass(time);
            if (action == BookAction.Snapshot) Add(new FlowEvent(_after, listed.Index, FlowKind.Begin, Side.Buy, 0, 0));
            foreach (ref readonly var row in rows)
            {
                var key = (listed.Index, row.Side, row.Id);
                if (row.Price is { } price && !Keep(listed.Definition, key, price)) continue;
                if (!_prices.TryGetValue(key, out var ticks)) continue;
                if (action == BookAction.Delete) _prices.Remove(key);
                if (row.Size is null && action != BookAction.Delete) continue;
                var size = action == BookAction.Delete ? 0 : WholeLots(listed.Definition, row.Size!.Value);
                Add(new FlowEvent(_after, listed.Index, FlowKind.Level, row.Side, ticks, size));
            }
        }

        public void Trades(ReadOnlySpan<TradePrint> trades)
        {
            foreach (ref readonly var trade in trades)
            {
                if (!_listed.TryGetValue(trade.Symbol.Value, out var listed) || trade.TakerSide is not { } side) continue;
                Pass(trade.Timestamp);
                var size = WholeLots(listed.Definition, trade.Size.Contracts);
                if (listed.Definition.RefusePrice(trade.Price) is not null) LeftOut++;
                else if (size > 0) Add(new FlowEvent(_after, listed.Index, FlowKind.Taken, side, listed.Definition.Tick.ToPrice(trade.Price).Ticks, size));
            }
        }

        public void Quotes(ReadOnlySpan<Quote> quotes)
        {
            // The levels say it already.
        }

        public void Instrument(InstrumentReport report)
        {
            // Instruments are what the listing says.
        }

        public void Undecodable(string reason)
        {
            // What is no level and no trade is no part of the flow; text that is no message ends the reading by itself.
        }

        public void Session(SessionMessage message)
        {
            // A recording's own session is not replayed.
        }

        public void Order(OrderReport report)
        {
            // Nor are somebody's orders,
        }

        public void Execution(ExecutionReport report)
        {
            // executions,
        }

        public void Position(PositionReport report)
        {
            // positions,
        }

        public void Margin(MarginReport report)
        {
            // and margin.
        }

        private bool Keep(Instrument definition, (int, Side, long) key, decimal price)
        {
            if (definition.RefusePrice(price) is null)
            {
                _prices[key] = definition.Tick.ToPrice(price).Ticks;
                return true;
            }

            LeftOut++;
            return false;
        }

        /// <summary>Time never goes back: a message that is older than the one before it happens with it.</summary>
        private void Pass(DateTimeOffset time)
        {
            _first ??= time;
            if (time - _first.Value > _after) _after = time - _first.Value;
        }

        private void Add(in FlowEvent what)
        {
            if (Events.Count == EventsMax) throw new VenueStartException($"{path}: expected at most {EventsMax} levels and trades of listed symbols");
            Events.Add(what);
        }

        private static long WholeLots(Instrument definition, long size) =>
            Math.Min(size - (size % definition.LotSize.Contracts), definition.OrderQuantityMax.Contracts);
    }
}
