using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Wire;

/// <summary>One row of the instrument table, contract or index. <see cref="InstrumentDefinition"/> turns it into what the domain trades.</summary>
internal sealed class InstrumentRow(SymbolTable symbols) : IKeyedRow<InstrumentRow>
{
    private Instrument? _definition;
    private string? _refusal;
    private bool _isNews;

    // What could not be read, by field: it stands until that field is sent again, and the rest of the row is kept.
    private ImmutableSortedDictionary<string, string> _unreadable = ImmutableSortedDictionary<string, string>.Empty;

    public Symbol? Symbol { get; private set; }

    public string? Type { get; private set; }

    public string? State { get; private set; }

    public string? Settlement { get; private set; }

    public string? Underlying { get; private set; }

    public string? Quote { get; private set; }

    public bool? IsInverse { get; private set; }

    public bool? IsQuanto { get; private set; }

    public decimal? Tick { get; private set; }

    public long? Lot { get; private set; }

    public long? Multiplier { get; private set; }

    public long? OrderQuantityMax { get; private set; }

    public decimal? PriceMax { get; private set; }

    public decimal? PriceMin { get; private set; }

    public long? ContractsPerUnderlying { get; private set; }

    public decimal? InitialMargin { get; private set; }

    public decimal? MaintenanceMargin { get; private set; }

    public decimal? MakerFee { get; private set; }

    public decimal? TakerFee { get; private set; }

    public decimal? SettlementFee { get; private set; }

    public long? RiskLimit { get; private set; }

    public long? RiskStep { get; private set; }

    /// <summary>Minor units of settlement per unit of quote; of quantos it moves with the index, of the others it is a power of ten.</summary>
    public long? SettlementPerQuote { get; private set; }

    public string? MarkMethod { get; private set; }

    public DateTimeOffset? Expiry { get; private set; }

    public DateTimeOffset? Settle { get; private set; }

    /// <summary>The start of the present or coming session; for crypto an hour of accounts, for others an opening of the market.</summary>
    public DateTimeOffset? Opening { get; private set; }

    /// <summary>Written as a time after the first day of 2000.</summary>
    public DateTimeOffset? FundingInterval { get; private set; }

    private decimal? MarkPrice { get; set; }

    private decimal? IndexPrice { get; set; }

    private decimal? LastPrice { get; set; }

    private decimal? FundingRate { get; set; }

    private DateTimeOffset? FundingTime { get; set; }

    public DateTimeOffset? Timestamp { get; private set; }

    public bool IsFinished => State is "Settled" or "Unlisted" or "Delisted";

    /// <summary>An index or a reference basket: priced, never traded.</summary>
    public bool IsIndex => Symbol is { Value: ['.', ..] } || Type is ['M', 'R', ..];

    public string? Key(bool byStrategy) => Symbol?.Value;

    public bool IsWhole => false;

    public InstrumentRow Clone() => (InstrumentRow)MemberwiseClone();

    /// <summary>Takes a field; one that cannot be read is noted, so that the row is set aside and the others of its message stand.</summary>
    public void Set(ReadOnlySpan<byte> name, ref Utf8JsonReader value)
    {
        if (!_unreadable.IsEmpty && _unreadable.ContainsKey(Encoding.UTF8.GetString(name))) Note(_unreadable.Remove(Encoding.UTF8.GetString(name)));
        try
        {
            if (SetMoving(name, ref value)) return;
            if (!SetName(name, ref value) && !SetTime(name, ref value) && !SetNumber(name, ref value)) return;
            (_definition, _refusal) = (null, null);
        }
        catch (WireFormatException unreadable)
        {
            var field = Encoding.UTF8.GetString(name);
            Note(_unreadable.SetItem(field, unreadable.Message));
        }
    }

    public void SetAside(string reason) => Note(_unreadable.SetItem(string.Empty, reason));

    /// <summary>The row as the port knows it; false with the reason when it is no contract that can be traded.</summary>
    public bool TryToReport([NotNullWhen(true)] out InstrumentReport? report, [NotNullWhen(false)] out string? reason)
    {
        (report, reason) = (null, _refusal);
        if (!_unreadable.IsEmpty) reason = $"instrument {Symbol}: {string.Join("; ", _unreadable.Select(field => $"{field.Key} {field.Value}".Trim()))}";
        else if (Timestamp is not { } timestamp) reason = $"instrument {Symbol}: expected timestamp";
        else if (reason is not null || (_definition is null && !InstrumentDefinition.TryFrom(this, out _definition, out reason))) _refusal = reason;
        else report = new InstrumentReport(_definition, MarkPrice, IndexPrice, LastPrice, FundingRate, FundingTime, timestamp);
        reason ??= report is null ? "no definition" : null;
        return report is not null;
    }

    /// <summary>Whether something in the row became unreadable since this was last asked: said once, not with every tick.</summary>
    public bool TakeNews()
    {
        var isNews = _isNews;
        _isNews = false;
        return isNews;
    }

    private void Note(ImmutableSortedDictionary<string, string> unreadable)
    {
        (_unreadable, _definition, _refusal) = (unreadable, null, null);
        _isNews = !unreadable.IsEmpty;
    }

    private bool SetMoving(ReadOnlySpan<byte> name, ref Utf8JsonReader value)
    {
        if (name.SequenceEqual("markPrice"u8)) MarkPrice = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("indicativeSettlePrice"u8)) IndexPrice = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("lastPrice"u8)) LastPrice = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("fundingRate"u8)) FundingRate = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("fundingTimestamp"u8)) FundingTime = WireReader.Time(ref value);
        else if (name.SequenceEqual("timestamp"u8)) Timestamp = WireReader.Time(ref value);
        // The key stands in every update and changes nothing.
        else if (name.SequenceEqual("symbol"u8)) Symbol = WireReader.Symbol(ref value, symbols);
        else return false;
        return true;
    }

    private bool SetName(ReadOnlySpan<byte> name, ref Utf8JsonReader value)
    {
        if (name.SequenceEqual("typ"u8)) Type = WireReader.Text(ref value);
        else if (name.SequenceEqual("state"u8)) State = WireReader.Text(ref value);
        else if (name.SequenceEqual("settlCurrency"u8)) Settlement = WireReader.Text(ref value);
        else if (name.SequenceEqual("underlying"u8)) Underlying = WireReader.Text(ref value);
        else if (name.SequenceEqual("quoteCurrency"u8)) Quote = WireReader.Text(ref value);
        else if (name.SequenceEqual("isInverse"u8)) IsInverse = WireReader.Flag(ref value);
        else if (name.SequenceEqual("isQuanto"u8)) IsQuanto = WireReader.Flag(ref value);
        else if (name.SequenceEqual("markMethod"u8)) MarkMethod = WireReader.Text(ref value);
        else return false;
        return true;
    }

    private bool SetTime(ReadOnlySpan<byte> name, ref Utf8JsonReader value)
    {
        if (name.SequenceEqual("expiry"u8)) Expiry = WireReader.Time(ref value);
        else if (name.SequenceEqual("settle"u8)) Settle = WireReader.Time(ref value);
        else if (name.SequenceEqual("openingTimestamp"u8)) Opening = WireReader.Time(ref value);
        else if (name.SequenceEqual("fundingInterval"u8)) FundingInterval = WireReader.Time(ref value);
        else return false;
        return true;
    }

    private bool SetNumber(ReadOnlySpan<byte> name, ref Utf8JsonReader value)
    {
        if (name.SequenceEqual("tickSize"u8)) Tick = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("lotSize"u8)) Lot = WireReader.Integer(ref value);
        else if (name.SequenceEqual("multiplier"u8)) Multiplier = WireReader.Integer(ref value);
        else if (name.SequenceEqual("maxOrderQty"u8)) OrderQuantityMax = WireReader.Integer(ref value);
        else if (name.SequenceEqual("maxPrice"u8)) PriceMax = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("minPrice"u8)) PriceMin = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("quoteToSettleMultiplier"u8)) SettlementPerQuote = WireReader.Integer(ref value);
        else if (name.SequenceEqual("settlementFee"u8)) SettlementFee = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("underlyingToPositionMultiplier"u8)) ContractsPerUnderlying = WireReader.Integer(ref value);
        else if (name.SequenceEqual("initMargin"u8)) InitialMargin = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("maintMargin"u8)) MaintenanceMargin = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("makerFee"u8)) MakerFee = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("takerFee"u8)) TakerFee = WireReader.Decimal(ref value);
        else if (name.SequenceEqual("riskLimit"u8)) RiskLimit = WireReader.Integer(ref value);
        else if (name.SequenceEqual("riskStep"u8)) RiskStep = WireReader.Integer(ref value);
        else return false;
        return true;
    }
}
