using System.Globalization;
using System.Text.Json;

namespace Actors.LoadTests.Processes;

/// <summary>Files for a venue that lists so many alike instruments, and for an engine that quotes each of them.</summary>
internal static class GeneratedListing
{
    /// <summary>A listing as <c>config/venue-instruments.json</c>: linear perpetuals, each with an index of its own.</summary>
    /// <param name="file">To write.</param>
    /// <param name="instruments">How many.</param>
    /// <param name="activity">The part of the market's pace that each has, above 0 and at most 1.</param>
    public static string WriteVenue(string file, int instruments, decimal activity) => Write(file, new
    {
        currencies = new[] { new { code = "USDt", asset = "USDT", scale = 6, demoDeposit = 1_000_000_000_000, traderDeposit = 10_000_000_000_000_000, insuranceFund = 10_000_000_000_000 } },
        instruments = Enumerable.Range(1, instruments).Select(number => new
        {
            symbol = Symbol(number),
            rootSymbol = Root(number),
            typeCode = "FFWCSX",
            kind = "Linear",
            underlying = Root(number),
            quoteCurrency = "USDT",
            settlementCurrency = "USDt",
            tickSize = 0.05m,
            lotSize = 1_000,
            multiplier = 10,
            contractsPerUnderlying = 100_000,
            maxOrderQuantity = 1_000_000_000,
            maxPrice = 1_000_000,
            initialMargin = 0.01m,
            maintenanceMargin = 0.005m,
            makerFee = -0.0001m,
            takerFee = 0.0005m,
            riskLimit = 1_000_000_000_000,
            riskStep = 1_000_000_000_000,
            listed = "2021-11-10T04:00:00Z",
            indexSymbol = $".B{Root(number)}T",
            indexStart = 1_000m + (10 * number),
            indexDecimals = 2,
            fundingRate = 0.0001m,
            traderOrderLots = 60,
            activity,
        }),
    });

    /// <summary>The engine's configuration folder: what is beside the command, with these instruments in place of its own.</summary>
    public static string WriteEngine(string folder, string like, int instruments)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(like, "*.json")) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        var all = Enumerable.Range(1, instruments).ToArray();
        Write(Path.Combine(folder, "strategies.json"), new
        {
            strategies = all.Select(number => new
            {
                id = string.Create(CultureInfo.InvariantCulture, $"q{number:000}"),
                kind = "quoting",
                symbol = Symbol(number),
                quantity = 10_000,
                halfSpreadTicks = 10,
                requoteTicks = 10,
                skewTicks = 10,
                positionMax = 100_000,
            }),
        });
        Write(Path.Combine(folder, "risk.json"), new
        {
            ordersPerSecondMax = 5,
            instruments = all.Select(number => new { symbol = Symbol(number), orderQuantityMax = 50_000, positionMax = 200_000, openOrdersMax = 10, priceDistanceMax = 0.05m }),
        });
        return folder;
    }

    private static string Root(int number) => string.Create(CultureInfo.InvariantCulture, $"T{number:000}");

    private static string Symbol(int number) => Root(number) + "USDT";

    private static string Write(string file, object content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(content));
        return file;
    }
}
