using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Wire;

/// <summary>One row of the margin table: an account's money in one currency.</summary>
internal sealed class MarginRow : IKeyedRow<MarginRow>
{
    private string? _currency;
    private long? _wallet, _margin, _available, _initial, _maintenance, _realisedPnl, _unrealisedPnl;
    private DateTimeOffset? _timestamp;

    public string? Account { get; private set; }

    public Symbol? Symbol => null;

    public bool IsFinished => false;

    public string? Key(bool byStrategy) => _currency is null ? null : $"{Account}|{_currency}";

    public bool IsWhole => false;

    public MarginRow Clone() => (MarginRow)MemberwiseClone();

    public void Set(ReadOnlySpan<byte> name, ref Utf8JsonReader value)
    {
        if (name.SequenceEqual("account"u8)) Account = WireReader.Text(ref value);
        else if (name.SequenceEqual("currency"u8)) _currency = WireReader.Text(ref value);
        else if (name.SequenceEqual("walletBalance"u8)) _wallet = WireReader.Integer(ref value);
        else if (name.SequenceEqual("marginBalance"u8)) _margin = WireReader.Integer(ref value);
        else if (name.SequenceEqual("availableMargin"u8)) _available = WireReader.Integer(ref value);
        else if (name.SequenceEqual("initMargin"u8)) _initial = WireReader.Integer(ref value);
        else if (name.SequenceEqual("maintMargin"u8)) _maintenance = WireReader.Integer(ref value);
        else if (name.SequenceEqual("realisedPnl"u8)) _realisedPnl = WireReader.Integer(ref value);
        else if (name.SequenceEqual("unrealisedPnl"u8)) _unrealisedPnl = WireReader.Integer(ref value);
        else if (name.SequenceEqual("timestamp"u8)) _timestamp = WireReader.Time(ref value);
    }

    /// <summary>The row as the port knows it; throws <see cref="WireFormatException"/> naming what is missing.</summary>
    public MarginReport ToReport() => new(
        new Currency(_currency ?? throw new WireFormatException("margin: expected currency")),
        _wallet ?? 0,
        _margin ?? 0,
        _available ?? 0,
        _initial ?? 0,
        _maintenance ?? 0,
        _realisedPnl ?? 0,
        _unrealisedPnl ?? 0,
        _timestamp ?? throw new WireFormatException($"margin {_currency}: expected timestamp"));
}
