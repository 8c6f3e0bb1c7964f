using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Wire;

/// <summary>One row of the position table. Rows of spot pairs only carry open-order sums and no position.</summary>
internal sealed class PositionRow(SymbolTable symbols) : IKeyedRow<PositionRow>
{
    private string? _account, _currency, _strategy;
    private long? _quantity, _unrealisedCost, _realisedPnl, _unrealisedPnl, _riskLimit, _cross, _loss;
    private decimal? _averageEntryPrice, _markPrice, _liquidationPrice, _leverage;
    private bool? _isCross;
    private DateTimeOffset? _timestamp;

    public Symbol? Symbol { get; private set; }

    public bool IsFinished => false;

    public string? Key(bool byStrategy) =>
        Symbol is not { } symbol ? null : byStrategy ? $"{_account}|{symbol}|{_currency}|{_strategy}" : $"{_account}|{symbol}|{_currency}";

    public bool IsWhole => false;

    public PositionRow Clone() => (PositionRow)MemberwiseClone();

    public void Set(ReadOnlySpan<byte> name, ref Utf8JsonReader value)
    {
        if (name.SequenceEqual("account"u8)) _account = WireReader.Text(ref value);
        else if (name.SequenceEqual("symbol"u8)) Symbol = WireReader.Symbol(ref value, symbols);
        else if (name.SequenceEqual("currency"u8)) _currency = WireReader.Text(ref value);
        else if (name.SequenceEqual("strategy"u8)) _strategy = WireReader.Text(ref value);
        else if (name.SequenceEqual("currentQty"u8)) _quantity = WireReader.Integer(ref value);
        else if (name.SequenceEqual("avgEntryPrice"u8)) _averageEntryPrice = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("markPrice"u8)) _markPrice = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("liquidationPrice"u8)) _liquidationPrice = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("unrealisedCost"u8)) _unrealisedCost = WireReader.Integer(ref value);
        else if (name.SequenceEqual("realisedPnl"u8)) _realisedPnl = WireReader.Integer(ref value);
        else if (name.SequenceEqual("unrealisedPnl"u8)) _unrealisedPnl = WireReader.Integer(ref value);
        else if (name.SequenceEqual("riskLimit"u8)) _riskLimit = WireReader.Integer(ref value);
        else if (name.SequenceEqual("posCross"u8)) _cross = WireReader.Integer(ref value);
        else if (name.SequenceEqual("posLoss"u8)) _loss = WireReader.Integer(ref value);
        else if (name.SequenceEqual("leverage"u8)) _leverage = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("crossMargin"u8)) _isCross = WireReader.Flag(ref value);
        else if (name.SequenceEqual("timestamp"u8)) _timestamp = WireReader.Time(ref value);
    }

    /// <summary>The row as the port knows it; throws <see cref="WireFormatException"/> naming what is missing.</summary>
    public PositionReport ToReport() => new(
        Symbol ?? throw new WireFormatException("position: expected symbol"),
        new Currency(_currency ?? throw new WireFormatException($"position {Symbol}: expected currency")),
        new Quantity(_quantity ?? 0),
        _averageEntryPrice,
        _markPrice,
        _liquidationPrice,
        _unrealisedCost ?? 0,
        _realisedPnl ?? 0,
        _unrealisedPnl ?? 0,
        _leverage ?? 0,
        _isCross ?? true,
        _timestamp ?? throw new WireFormatException($"position {Symbol}: expected timestamp"))
    {
        // Under cross this is what covers the present loss, which nobody moved.
        TransferredMargin = _isCross ?? true ? 0 : (_cross ?? 0) - (_loss ?? 0),
        RiskLimit = _riskLimit,
    };
}
