using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;

namespace Actors.Bitmex.Wire;

/// <summary>One row of the order table, or an order as REST answers it.</summary>
internal sealed class OrderRow(SymbolTable symbols) : IKeyedRow<OrderRow>
{
    private string? _type, _status, _rejectReason, _text, _timeInForce, _instructions, _peg, _link, _contingency, _triggered;
    private decimal? _price, _stopPrice, _averagePrice, _pegOffset;
    private long? _quantity, _filled, _leaves, _displayQuantity;
    private Side? _side;
    private bool? _isWorking;
    private DateTimeOffset? _timestamp;

    public string? OrderId { get; private set; }

    public string? ClientId { get; private set; }

    public Symbol? Symbol { get; private set; }

    /// <summary>Why this row of a bulk cancel failed; REST only.</summary>
    public string? Error { get; private set; }

    /// <summary>Why the engine rejected the order, in the venue's words.</summary>
    public string RejectReason => _rejectReason is { Length: > 0 } reason ? reason : _text ?? "rejected";

    public string? Key(bool byStrategy) => OrderId;

    public bool IsFinished => WireNames.ParseOrderStatus(_status) is VenueOrderStatus.Filled or VenueOrderStatus.Canceled
        or VenueOrderStatus.Rejected or VenueOrderStatus.Expired;

    // Since 2019-12-16 a post-only order that would cross is told by a single row that was never inserted.
    public bool IsWhole => OrderId is not null && Symbol is not null && _side is not null && _type is not null && _status is not null
        && _quantity is not null && _timestamp is not null;

    public OrderRow Clone() => (OrderRow)MemberwiseClone();

    public void Set(ReadOnlySpan<byte> name, ref Utf8JsonReader value)
    {
        if (name.SequenceEqual("orderID"u8)) OrderId = WireReader.Text(ref value);
        else if (name.SequenceEqual("clOrdID"u8)) ClientId = WireReader.Text(ref value);
        else if (name.SequenceEqual("symbol"u8)) Symbol = WireReader.Symbol(ref value, symbols);
        else if (name.SequenceEqual("side"u8)) _side = WireReader.Side(ref value);
        else if (name.SequenceEqual("orderQty"u8)) _quantity = WireReader.Integer(ref value);
        else if (name.SequenceEqual("price"u8)) _price = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("stopPx"u8)) _stopPrice = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("displayQty"u8)) _displayQuantity = WireReader.Integer(ref value);
        else if (name.SequenceEqual("pegPriceType"u8)) _peg = WireReader.Text(ref value);
        else if (name.SequenceEqual("pegOffsetValue"u8)) _pegOffset = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("timeInForce"u8)) _timeInForce = WireReader.Text(ref value);
        else if (name.SequenceEqual("execInst"u8)) _instructions = WireReader.Text(ref value);
        else if (name.SequenceEqual("clOrdLinkID"u8)) _link = WireReader.Text(ref value);
        else if (name.SequenceEqual("contingencyType"u8)) _contingency = WireReader.Text(ref value);
        else if (name.SequenceEqual("triggered"u8)) _triggered = WireReader.Text(ref value);
        else if (name.SequenceEqual("ordType"u8)) _type = WireReader.Text(ref value);
        else if (name.SequenceEqual("ordStatus"u8)) _status = WireReader.Text(ref value);
        else if (name.SequenceEqual("ordRejReason"u8)) _rejectReason = WireReader.Text(ref value);
        else if (name.SequenceEqual("cumQty"u8)) _filled = WireReader.Integer(ref value);
        else if (name.SequenceEqual("leavesQty"u8)) _leaves = WireReader.Integer(ref value);
        else if (name.SequenceEqual("avgPx"u8)) _averagePrice = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("text"u8)) _text = WireReader.Text(ref value);
        else if (name.SequenceEqual("workingIndicator"u8)) _isWorking = WireReader.Flag(ref value);
        else if (name.SequenceEqual("error"u8)) Error = WireReader.Text(ref value);
        else if (name.SequenceEqual("timestamp"u8)) _timestamp = WireReader.Time(ref value);
    }

    /// <summary>The row as the port knows it; throws <see cref="WireFormatException"/> naming what is missing.</summary>
    public OrderReport ToReport()
    {
        var status = WireNames.ParseOrderStatus(_status) ?? throw Missing("ordStatus", _status);
        var (flags, trigger) = WireNames.ParseInstructions(_instructions);
        return new OrderReport(
            OrderId ?? throw Missing("orderID", null),
            new ClientOrderId(ClientId ?? string.Empty),
            Symbol ?? throw Missing("symbol", null),
            _side ?? throw Missing("side", null),
            Type(),
            new Quantity(_quantity ?? 0),
            _price,
            status,
            new Quantity(_filled ?? 0),
            new Quantity(_leaves ?? (IsFinished ? 0 : Math.Max(0, (_quantity ?? 0) - (_filled ?? 0)))),
            _averagePrice,
            _text ?? string.Empty,
            _timestamp ?? throw Missing("timestamp", null))
        {
            StopPrice = _stopPrice,
            TimeInForce = WireNames.ParseTimeInForce(_timeInForce),
            Flags = flags,
            Trigger = trigger,
            DisplayQuantity = _displayQuantity is { } shown ? new Quantity(shown) : null,
            Peg = WireNames.ParsePeg(_peg),
            PegOffset = _pegOffset,
            Link = _link is { Length: > 0 } link ? new OrderLink(link, WireNames.ParseContingency(_contingency)) : null,
            IsTriggered = _triggered is { Length: > 0 } and not "NotTriggered",
            IsWorking = _isWorking,
        };
    }

    private OrderType Type() => _type switch
    {
        { Length: > 1 } name when !char.IsAsciiDigit(name[0]) && Enum.TryParse<OrderType>(name, out var type) => type,
        _ => throw Missing("ordType", _type),
    };

    private WireFormatException Missing(string field, string? found) =>
        new($"order {OrderId ?? "without orderID"}: expected {field}, found {found ?? "nothing"}");
}
