using Actors.Domain.Instruments;

namespace Actors.Venue.Listing;

/// <summary>Whether a row can be listed: what must hold between its own fields, and between it and the rows before it.</summary>
internal static class RowCheck
{
    private const int WeekMinutes = 7 * 24 * 60;

    /// <summary>
    /// The first thing wrong with a dated row in words, naming the key and what was expected; null when it can be listed at
    /// <paramref name="start"/>.
    /// </summary>
    public static string? Fault(InstrumentListing row, IReadOnlySet<string> currencies, DateTimeOffset start)
    {
        if (row.Symbol.Length == 0) return "symbol: expected a name";
        if (!currencies.Contains(row.SettlementCurrency)) return $"settlementCurrency: expected one of {string.Join(", ", currencies)}";
        return Contract(row) ?? Prices(row) ?? Rates(row) ?? Dates(row, start) ?? Sessions(row);
    }

    /// <summary>What contradicts another row: an index is one index, and a quanto's settlement is priced by one that is listed.</summary>
    public static string? FaultAmong(InstrumentListing row, IReadOnlyList<InstrumentListing> rows)
    {
        var same = rows.First(other => other.IndexSymbol == row.IndexSymbol);
        if (same.IndexStart != row.IndexStart) return $"indexStart: expected that of {same.Symbol}, it is the same index";
        if (same.IndexDecimals != row.IndexDecimals) return $"indexDecimals: expected those of {same.Symbol}, it is the same index";
        if (same.Underlying != row.Underlying) return $"underlying: expected that of {same.Symbol}, it is the same index";
        return row.SettlementIndexSymbol is null || rows.Any(other => other.IndexSymbol == row.SettlementIndexSymbol)
            ? null
            : "settlementIndexSymbol: expected the index symbol of a row";
    }

    private static string? Contract(InstrumentListing row)
    {
        if (row.Kind == ContractKind.CalendarSpread) return "kind: expected Inverse, Linear, Quanto, Spot or Prediction; spreads are not traded here";
        if (row.LotSize <= 0) return "lotSize: expected a positive whole number";
        if (row.Multiplier <= 0) return "multiplier: expected a positive whole number; kind says whether a contract is inverse";
        if (row.Divisor <= 0 || (row.Divisor > 1 && row.Kind != ContractKind.Spot)) return "divisor: expected a positive whole number, above 1 for spot alone";
        if (row.Kind is ContractKind.Linear or ContractKind.Spot && row.ContractsPerUnderlying is not > 0)
            return "contractsPerUnderlying: expected a positive whole number for a linear contract and for spot";
        if (row.Kind == ContractKind.Quanto == row.SettlementIndexSymbol is null) return "settlementIndexSymbol: expected for a quanto, and only there";
        if (row.MaxOrderQuantity < row.LotSize || row.MaxOrderQuantity % row.LotSize != 0) return "maxOrderQuantity: expected a positive multiple of lotSize";
        if (row.TraderOrderLots <= 0) return "traderOrderLots: expected a positive whole number";
        return row.Activity is < 0 or > 1 ? "activity: expected a number from 0 to 1" : null;
    }

    private static string? Prices(InstrumentListing row)
    {
        if (row.TickSize is <= 0 or > 1_000_000) return "tickSize: expected a positive number of at most 1000000";
        if (row.MinPrice < 0 || row.MinPrice >= row.MaxPrice) return "minPrice: expected a price from zero to below maxPrice";
        if (row.IndexStart <= row.MinPrice || row.IndexStart >= row.MaxPrice) return "indexStart: expected a price between minPrice and maxPrice";
        return row.IndexDecimals is < 0 or > 8 ? "indexDecimals: expected 0 to 8" : null;
    }

    private static string? Rates(InstrumentListing row)
    {
        if (row.InitialMargin is <= 0 or > 1) return "initialMargin: expected a fraction above 0 and at most 1";
        if (row.Kind is ContractKind.Spot or ContractKind.Prediction && row.InitialMargin != 1) return "initialMargin: expected 1, it is paid in full";
        if (row.MaintenanceMargin < 0 || row.MaintenanceMargin > row.InitialMargin || (row.MaintenanceMargin == 0 && row.Kind != ContractKind.Prediction))
            return "maintenanceMargin: expected a positive fraction of at most initialMargin; zero for a prediction alone";
        if (Math.Abs(row.MakerFee) > 0.1m || Math.Abs(row.TakerFee) > 0.1m) return "makerFee, takerFee: expected fractions between -0.1 and 0.1";
        if (row.SettlementFee is < 0 or > 0.1m) return "settlementFee: expected a fraction from 0 to 0.1";
        return row.RiskLimit < 0 || row.RiskStep < 0 ? "riskLimit, riskStep: expected whole numbers that are not negative" : null;
    }

    private static string? Dates(InstrumentListing row, DateTimeOffset start)
    {
        var isMargined = row.Kind is ContractKind.Inverse or ContractKind.Linear or ContractKind.Quanto;
        if (row.Kind == ContractKind.Spot && row.Expiry is not null) return "expiry: not expected for spot";
        if (row.RelistIntervalHours is { } relisted && (row.Expiry is null || row.ExpiryQuarter is not null || relisted is < 1 or > 10_000))
            return "relistIntervalHours: expected 1 to 10000, for a dated contract whose symbol holds no expiry";
        if (row.Listed > start) return "listed: expected a moment before the venue's start";
        if (row.Expiry <= start) return "expiry: expected a moment after the venue's start; it has expired";
        var needsBasis = isMargined && row.Expiry is not null && row.MarkMethod == MarkMethod.FairPrice;
        if (needsBasis != row.BasisRate is not null) return "basisRate: expected for a dated future that is marked at its fair price, and only there";
        if ((isMargined && row.Expiry is null) != row.FundingRate is not null) return "fundingRate: expected for a perpetual, and only there";
        return row.FundingIntervalHours is { } hours && (row.FundingRate is null || hours is < 1 or > 24)
            ? "fundingIntervalHours: expected 1 to 24, for a perpetual alone"
            : null;
    }

    private static string? Sessions(InstrumentListing row)
    {
        if (row.Sessions is null) return null;
        var last = 0;
        foreach (var session in row.Sessions)
        {
            if (session.Count != 2 || session[0] < last || session[0] >= session[1] || session[1] > WeekMinutes)
                return $"sessions: expected [opening, closing] in rising minutes of a week, 0 to {WeekMinutes}";
            last = session[1];
        }

        return row.Sessions.Count == 0 ? "sessions: expected at least one" : null;
    }
}
