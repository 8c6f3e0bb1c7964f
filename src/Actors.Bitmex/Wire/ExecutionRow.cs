using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.Bitmex.Wire;

/// <summary>One row of the execution table: complete from the start and never updated. Refusals of cancels may lack symbol, side and currency.</summary>
internal sealed class ExecutionRow(SymbolTable symbols) : IWireRow
{
    private string? _executionId, _orderId, _clientId, _kind, _status, _settlement, _liquidity, _text;
    private decimal? _lastPrice, _commissionRate;
    private long? _lastQuantity, _filled, _leaves, _cost, _commission;
    private Symbol? _symbol;
    private Side? _side;
    private DateTimeOffset? _timestamp;

    public void Set(ReadOnlySpan<byte> name, ref Utf8JsonReader value)
    {
        if (name.SequenceEqual("execID"u8)) _executionId = WireReader.Text(ref value);
        else if (name.SequenceEqual("orderID"u8)) _orderId = WireReader.Text(ref value);
        else if (name.SequenceEqual("clOrdID"u8)) _clientId = WireReader.Text(ref value);
        else if (name.SequenceEqual("symbol"u8)) _symbol = WireReader.Symbol(ref value, symbols);
        else if (name.SequenceEqual("side"u8)) _side = WireReader.Side(ref value);
        else if (name.SequenceEqual("execType"u8)) _kind = WireReader.Text(ref value);
        else if (name.SequenceEqual("ordStatus"u8)) _status = WireReader.Text(ref value);
        else if (name.SequenceEqual("lastQty"u8)) _lastQuantity = WireReader.Integer(ref value);
        else if (name.SequenceEqual("lastPx"u8)) _lastPrice = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("settlCurrency"u8)) _settlement = WireReader.Text(ref value);
        else if (name.SequenceEqual("execCost"u8)) _cost = WireReader.Integer(ref value);
        else if (name.SequenceEqual("execComm"u8)) _commission = WireReader.Integer(ref value);
        else if (name.SequenceEqual("commission"u8)) _commissionRate = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("lastLiquidityInd"u8)) _liquidity = WireReader.Text(ref value);
        else if (name.SequenceEqual("cumQty"u8)) _filled = WireReader.Integer(ref value);
        else if (name.SequenceEqual("leavesQty"u8)) _leaves = WireReader.Integer(ref value);
        else if (name.SequenceEqual("text"u8)) _text = WireReader.Text(ref value);
        else if (name.SequenceEqual("timestamp"u8)) _timestamp = WireReader.Time(ref value);
    }

    /// <summary>The row as the port knows it; throws <see cref="WireFormatException"/> naming what is missing.</summary>
    public ExecutionReport ToReport()
    {
        var kind = WireNames.ParseExecutionKind(_kind ?? throw Missing("execType"));
        if (kind == ExecutionKind.Trade && (_symbol is null || _side is null || _lastQuantity is null || _lastPrice is null))
            throw Missing("symbol, side, lastQty and lastPx of a trade");
        return new ExecutionReport(
            _executionId ?? throw Missing("execID"),
            kind,
            _orderId ?? string.Empty,
            new ClientOrderId(_clientId ?? string.Empty),
            _symbol ?? new Symbol(string.Empty),
            _side,
            new Quantity(_lastQuantity ?? 0),
            _lastPrice,
            new Currency(_settlement ?? string.Empty),
            _cost ?? 0,
            _commission ?? 0,
            _commissionRate ?? 0,
            // The stream says AddedLiquidity, REST was seen to say Added.
            _liquidity switch { "AddedLiquidity" or "Added" => true, "RemovedLiquidity" or "Removed" => false, _ => null },
            // Funding and settlement rows belong to no order; their status says nothing.
            WireNames.ParseOrderStatus(_status) ?? (kind is ExecutionKind.Trade ? throw Missing("ordStatus") : VenueOrderStatus.Filled),
            new Quantity(_filled ?? 0),
            new Quantity(_leaves ?? 0),
            _text ?? string.Empty,
            _timestamp ?? throw Missing("timestamp"));
    }

    private WireFormatException Missing(string field) => new($"execution {_executionId ?? "without execID"}: expected {field}");
}
