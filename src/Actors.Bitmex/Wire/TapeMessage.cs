using System.Text.Json;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Wire;

/// <summary>Owns the buffers that quotes and trades are read into.</summary>
internal sealed class TapeMessage(SymbolTable symbols)
{
    private readonly List<string> _setAside = [];
    private Quote[] _quotes = new Quote[64];
    private TradePrint[] _trades = new TradePrint[64];
    private int _quoteCount, _tradeCount;

    public void ReadQuotes(ref Utf8JsonReader reader)
    {
        Start(ref reader);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (_quoteCount == _quotes.Length) Array.Resize(ref _quotes, _quoteCount * 2);
            if (Quote(ref reader) is { } quote) _quotes[_quoteCount++] = quote;
        }

        End(ref reader);
    }

    public void ReadTrades(ref Utf8JsonReader reader)
    {
        Start(ref reader);
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (_tradeCount == _trades.Length) Array.Resize(ref _trades, _tradeCount * 2);
            if (Trade(ref reader) is { } trade) _trades[_tradeCount++] = trade;
        }

        End(ref reader);
    }

    public void Tell(IVenueMessages messages)
    {
        foreach (var reason in _setAside) messages.Undecodable(reason);
        if (_quoteCount > 0) messages.Quotes(_quotes.AsSpan(0, _quoteCount));
        if (_tradeCount > 0) messages.Trades(_trades.AsSpan(0, _tradeCount));
    }

    private Quote? Quote(ref Utf8JsonReader reader)
    {
        Symbol? symbol = null;
        decimal? bid = null, ask = null;
        long? bidSize = null, askSize = null;
        DateTimeOffset? time = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (name.SequenceEqual("symbol"u8)) symbol = WireReader.Symbol(ref reader, symbols);
            else if (name.SequenceEqual("bidPrice"u8)) bid = WireReader.Decimal(ref reader);
            else if (name.SequenceEqual("bidSize"u8)) bidSize = WireReader.Integer(ref reader);
            else if (name.SequenceEqual("askPrice"u8)) ask = WireReader.Decimal(ref reader);
            else if (name.SequenceEqual("askSize"u8)) askSize = WireReader.Integer(ref reader);
            else if (name.SequenceEqual("timestamp"u8)) time = WireReader.Time(ref reader);
            else reader.Skip();
        }

        if (symbol is { } named && time is { } at) return new Quote(named, bid, bidSize, ask, askSize, at);
        _setAside.Add($"quote {symbol}: expected symbol and timestamp");
        return null;
    }

    private TradePrint? Trade(ref Utf8JsonReader reader)
    {
        Symbol? symbol = null;
        Side? side = null;
        decimal? price = null;
        long? size = null;
        string? id = null;
        DateTimeOffset? time = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (name.SequenceEqual("symbol"u8)) symbol = WireReader.Symbol(ref reader, symbols);
            else if (name.SequenceEqual("side"u8)) side = WireReader.Side(ref reader);
            else if (name.SequenceEqual("size"u8)) size = WireReader.Integer(ref reader);
            else if (name.SequenceEqual("price"u8)) price = WireReader.Decimal(ref reader);
            else if (name.SequenceEqual("trdMatchID"u8)) id = WireReader.Text(ref reader);
            else if (name.SequenceEqual("timestamp"u8)) time = WireReader.Time(ref reader);
            else reader.Skip();
        }

        // Indices print without size, settlements without side.
        if (symbol is { } named && price is { } at && time is { } when)
            return new TradePrint(named, side, new Quantity(size ?? 0), at, id ?? string.Empty, when);
        _setAside.Add($"trade {id ?? "without trdMatchID"} of {symbol}: expected symbol, price and timestamp");
        return null;
    }

    private void Start(ref Utf8JsonReader reader)
    {
        _quoteCount = _tradeCount = 0;
        _setAside.Clear();
        if (reader.TokenType != JsonTokenType.StartArray) throw WireReader.Wrong("an array of rows", ref reader);
    }

    private static void End(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.EndArray) throw WireReader.Wrong("an object or the end of the rows", ref reader);
    }
}
