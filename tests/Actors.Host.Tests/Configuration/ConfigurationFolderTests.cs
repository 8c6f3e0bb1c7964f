using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;
using Actors.Engine.Session;
using Actors.Host.Configuration;
using Serilog.Events;

namespace Actors.Host.Tests.Configuration;

/// <summary>Each row breaks one thing in a good folder and expects to be told where and what.</summary>
public class ConfigurationFolderTests
{
    private const string Strategies = """
        {
          // a comment
          "strategies": [
            { "id": "grid1", "kind": "grid", "symbol": "AAA", "levels": 5, "stepTicks": 4, "quantity": 100, "positionMax": 1000 },
            { "id": "quote1", "kind": "quoting", "symbol": "BBB", "quantity": 10, "halfSpreadTicks": 4, "requoteTicks": 2, "skewTicks": 0, "positionMax": 50 },
          ],
        }
        """;

    private const string Risk = """
        {
          "ordersPerSecondMax": 20,
          "instruments": [
            { "symbol": "AAA", "orderQuantityMax": 100, "positionMax": 1000, "openOrdersMax": 20, "priceDistanceMax": 0.05, "fundingDueMax": { "bound": 700, "within": "10m" } },
            { "symbol": "BBB", "orderQuantityMax": 10, "positionMax": 50, "openOrdersMax": 5, "priceDistanceMax": 0.1 }
          ],
          "lateBeatMax": "90s",
          "currencies": [
            { "currency": "USDt", "leverageMax": 2.5, "dailyLossMax": { "bound": 500, "log": 0.5, "alert": 0.8, "reduceOnly": 1, "flatten": 2, "stop": 2 } }
          ],
          "strategies": [ { "id": "grid1", "lossMax": 9 } ]
        }
        """;

    private const string Engine = """
        {
          "accountWideCancelAfter": "15s",
          "reconcileInterval": "30s",
          "logLevel": "debug"
        }
        """;

    [Fact]
    public void A_good_folder_is_read_whole()
    {
        using var folder = Folder();
        var read = ConfigurationFolder.Read(folder.Path);
        Assert.Equal(
            [
                new GridParameters("grid1", new Symbol("AAA"), 5, 4, new Quantity(100), new Quantity(1000)),
                new QuotingParameters("quote1", new Symbol("BBB"), new Quantity(10), 4, 2, 0, new Quantity(50)),
            ],
            read.Settings.Strategies);
        var ofAaa = LimitScope.Of(new Symbol("AAA"));
        var dollars = LimitScope.Of(new Currency("USDt"));
        Assert.Equal(
            [
                Limit.Of(LimitKind.OrdersPerSecond, LimitScope.Account, 20),
                new Limit(LimitKind.LateBeat, LimitScope.Account, 90, [new(1, RiskAction.Alert)]),
                new Limit(LimitKind.Leverage, dollars, 2.5m, [new(1, RiskAction.Refuse)]),
                new Limit(LimitKind.DailyLoss, dollars, 500, [new(0.5m, RiskAction.Log), new(0.8m, RiskAction.Alert), new(1, RiskAction.ReduceOnly), new(2, RiskAction.Flatten), new(2, RiskAction.Stop)]),
                .. RiskLimits.Basic(new Symbol("AAA"), 100, 1000, 20, 0.05m),
                new Limit(LimitKind.FundingDue, ofAaa, 700, [new(1, RiskAction.Refuse)]) { Within = TimeSpan.FromMinutes(10) },
                .. RiskLimits.Basic(new Symbol("BBB"), 10, 50, 5, 0.1m),
                new Limit(LimitKind.Loss, LimitScope.Of("grid1"), 9, [new(0.8m, RiskAction.Alert), new(1, RiskAction.ReduceOnly)]),
            ],
            read.Settings.Limits.All);
        Assert.Equal(TimeSpan.FromSeconds(15), read.Settings.Switch.Timeout);
        Assert.Equal(TimeSpan.FromSeconds(30), read.Settings.ReconcileInterval);
        Assert.Equal(LogEventLevel.Debug, read.LogLevel);
    }

    [Fact]
    public void The_folder_that_is_shipped_is_good()
    {
        var read = ConfigurationFolder.Read(ConfigurationFolder.Default);
        Assert.Equal(["XBTUSD", "ETHUSDT"], read.Settings.Strategies.Select(strategy => strategy.Symbol.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData("small")]
    public void With_the_settings_that_are_shipped_every_order_is_dead_before_the_switch_can_fire(string folder)
    {
        var read = ConfigurationFolder.Read(Path.Combine(ConfigurationFolder.Default, folder));
        var engine = EngineConfiguration.Parse("engine.conf", HoconFiles.Overlaid(HoconFiles.Default, "engine.conf", read.ActorsProfile, []));
        Assert.True(engine.Timings.RequestLife <= read.Settings.Switch.RequestLifeMax);
    }

    [Theory]
    [InlineData("\"levels\": 5", "\"levels\": -5", 4, "strategies[0].levels: expected a whole number between 1 and 100, found -5")]
    [InlineData("\"levels\": 5", "\"levels\": 0", 4, "strategies[0].levels: expected a whole number between 1 and 100, found 0")]
    [InlineData("\"levels\": 5", "\"levels\": 5.5", 4, "strategies[0].levels: expected a whole number between 1 and 100, found 5.5")]
    [InlineData("\"levels\": 5", "\"levels\": \"5\"", 4, "strategies[0].levels: expected a whole number between 1 and 100, found \"5\"")]
    [InlineData("\"levels\": 5", "\"levels\": null", 4, "strategies[0].levels: expected a whole number between 1 and 100, found null")]
    [InlineData("\"levels\": 5", "\"levels\": {}", 4, "strategies[0].levels: expected a whole number between 1 and 100, found an object")]
    [InlineData("\"levels\": 5, ", "", 4, "strategies[0].levels: is missing")]
    [InlineData("\"levels\": 5", "\"levels\": 5, \"levels\": 6", 4, "strategies[0].levels: this key was given before")]
    [InlineData("\"levels\": 5", "\"levels\": 5, \"level\": 6", 4, "strategies[0].level: unknown key; expected id, kind, levels, positionMax, quantity, stepTicks, symbol")]
    [InlineData("\"kind\": \"grid\"", "\"kind\": \"gird\"", 4, "strategies[0].kind: expected \"grid\" or \"quoting\", found \"gird\"")]
    [InlineData("\"kind\": \"grid\"", "\"kind\": \"quoting\"", 4, "strategies[0].halfSpreadTicks: is missing")]
    [InlineData("\"id\": \"quote1\"", "\"id\": \"grid1\"", 5, "strategies[1].id: another strategy is called \"grid1\" already; identifiers are unique")]
    [InlineData("\"id\": \"quote1\"", "\"id\": \"risk\"", 5, "strategies[1].id: \"risk\" is what the risk door calls its own orders; expected another id")]
    [InlineData("\"id\": \"quote1\"", "\"id\": \"Quote\"", 5, "strategies[1].id: expected 1 to 8 lower-case letters or digits, found \"Quote\"")]
    [InlineData("\"id\": \"quote1\"", "\"id\": \"quoting12\"", 5, "strategies[1].id: expected 1 to 8 lower-case letters or digits, found \"quoting12\"")]
    [InlineData("\"symbol\": \"BBB\"", "\"symbol\": \"CCC\"", 5, "strategies[1].symbol: CCC has no limits in risk.json; an instrument without limits may not be traded")]
    [InlineData("\"symbol\": \"BBB\"", "\"symbol\": \"b b\"", 5, "strategies[1].symbol: expected an instrument's symbol in capital letters and digits, found \"b b\"")]
    [InlineData("\"positionMax\": 50", "\"positionMax\": 5", 5, "strategies[1].positionMax: expected at least the quantity 10, found 5: no order would ever be wanted")]
    [InlineData("\"quantity\": 100", "\"quantity\": 1e2", 4, "strategies[0].quantity: expected a whole number between 1 and 1000000000000, found 1e2")]
    [InlineData("\"strategies\": [", "\"other\": 1, \"strategies\": [", 3, "other: unknown key; expected strategies")]
    [InlineData("\"strategies\": [", "\"strategies\" [", 3, "not JSON: ")]
    public void A_mistake_in_the_strategies_is_named(string from, string to, int line, string problem) => Breaks(StrategiesFile.Name, from, to, line, problem);

    [Theory]
    [InlineData("\"ordersPerSecondMax\": 20", "\"ordersPerSecondMax\": -1", 2, "ordersPerSecondMax: expected a whole number between 1 and 1000, found -1")]
    [InlineData("\"orderQuantityMax\": 100,", "", 4, "instruments[0].orderQuantityMax: is missing")]
    [InlineData("\"orderQuantityMax\": 100", "\"orderQuantityMax\": 99999999999999999999", 4, "instruments[0].orderQuantityMax: expected a whole number between 1 and 1000000000000, found 99999999999999999999")]
    [InlineData("\"positionMax\": 1000", "\"positionMax\": -1000", 4, "instruments[0].positionMax: expected a whole number")]
    [InlineData("\"openOrdersMax\": 20", "\"openOrdersMax\": true", 4, "instruments[0].openOrdersMax: expected a whole number between 1 and 10000, found true")]
    [InlineData("0.05", "-0.05", 4, "instruments[0].priceDistanceMax: expected a number above 0 and at most 1, found -0.05")]
    [InlineData("0.05", "0", 4, "instruments[0].priceDistanceMax: expected a number above 0 and at most 1, found 0")]
    [InlineData("0.05", "5", 4, "instruments[0].priceDistanceMax: expected a number above 0 and at most 1, found 5")]
    [InlineData("0.05", "0.05, \"lossMax\": 3", 4, "instruments[0].lossMax: unknown key; expected bestDistanceMax, dailyLossMax, fundingDueMax, grossExposureMax, liquidationDistanceMin, openOrdersMax, orderNotionalMax, orderQuantityMax, positionMax, priceDistanceMax, staleBookMax, symbol")]
    [InlineData("\"lateBeatMax\": \"90s\"", "\"lateBeatMax\": 90", 7, "lateBeatMax: expected a duration between 1s and 86400s like \"30s\" or \"500ms\", found 90")]
    [InlineData("\"lateBeatMax\"", "\"lateBeatsMax\"", 7, "lateBeatsMax: unknown key; expected ")]
    [InlineData("\"bound\": 500", "\"bound\": -500", 9, "currencies[0].dailyLossMax.bound: expected a whole number between 1 and 1000000000000000, found -500")]
    [InlineData("\"bound\": 500, ", "", 9, "currencies[0].dailyLossMax.bound: is missing")]
    [InlineData("\"leverageMax\": 2.5", "\"leverageMax\": 0", 9, "currencies[0].leverageMax: expected a number above 0 and at most 1000, found 0")]
    [InlineData("\"alert\": 0.8", "\"alert\": 1.8", 9, "currencies[0].dailyLossMax.reduceOnly: reduceOnly at 1 would come before what is milder, at 1.8; levels rise with what is done")]
    [InlineData("\"alert\": 0.8", "\"alarm\": 0.8", 9, "currencies[0].dailyLossMax.alarm: unknown key; expected alert, bound, cancelOrders, flatten, log, reduceOnly, refuse, stop")]
    [InlineData("\"leverageMax\": 2.5, \"dailyLossMax\": { \"bound\": 500, \"log\": 0.5, \"alert\": 0.8, \"reduceOnly\": 1, \"flatten\": 2, \"stop\": 2 } }", "\"leverageMax\": 2.5 }, { \"currency\": \"USDt\", \"leverageMax\": 3 }", 9, "currencies[1].currency: USDt has limits already; one set each")]
    [InlineData(", \"lossMax\": 9", "", 11, "strategies[0].id: grid1 has no limit; expected one of ")]
    [InlineData("\"id\": \"grid1\", \"lossMax\": 9 }", "\"id\": \"grid1\", \"lossMax\": 9 }, { \"id\": \"grid1\", \"openOrdersMax\": 9 }", 11, "strategies[1].id: grid1 has limits already; one set each")]
    [InlineData("\"id\": \"grid1\"", "\"id\": \"grid2\"", 11, "strategies[0].id: no strategy is called \"grid2\" in strategies.json; expected one of grid1, quote1")]
    [InlineData("\"within\": \"10m\"", "\"within\": \"10d\"", 4, "instruments[0].fundingDueMax.within: expected a duration between 60s and 86400s like \"30s\" or \"500ms\", found \"10d\"")]
    [InlineData("\"symbol\": \"BBB\"", "\"symbol\": \"AAA\"", 5, "instruments[1].symbol: AAA has limits already; one set each")]
    [InlineData("\"instruments\"", "\"instrument\"", 1, "instruments: is missing")]
    public void A_mistake_in_the_limits_is_named(string from, string to, int line, string problem) => Breaks(RiskFile.Name, from, to, line, problem);

    [Theory]
    [InlineData("\"15s\"", "\"1s\"", 2, "accountWideCancelAfter: expected a duration between 8s and 600s like \"30s\" or \"500ms\", found \"1s\"")]
    [InlineData("\"15s\"", "15", 2, "accountWideCancelAfter: expected a duration between 8s and 600s like \"30s\" or \"500ms\", found 15")]
    [InlineData("accountWideCancelAfter", "cancelAfter", 1, "accountWideCancelAfter: is missing")]
    [InlineData("\"30s\"", "\"2h\"", 3, "reconcileInterval: expected a duration between 1s and 3600s")]
    [InlineData("\"debug\"", "\"loud\"", 4, "logLevel: expected verbose or debug or information or warning or error or fatal, found \"loud\"")]
    [InlineData("\"debug\"", "\"debug\", \"more\": []", 4, "more: unknown key; expected accountWideCancelAfter, actors, logLevel, reconcileInterval")]
    [InlineData("\"debug\"", "\"debug\", \"actors\": \"tiny\"", 4, "actors: expected \"small\", found \"tiny\"")]
    public void A_mistake_in_the_engines_timings_is_named(string from, string to, int line, string problem) => Breaks(EngineFile.Name, from, to, line, problem);

    [Theory]
    [InlineData("", 1, "not JSON: ")]
    [InlineData("[]", 1, "expected an object in braces, found a list")]
    [InlineData("{ \"strategies\": [] }", 1, "strategies: expected at least one entry, found none")]
    [InlineData("{ \"strategies\": 3 }", 1, "strategies: expected a list in brackets, found 3")]
    [InlineData("{ \"strategies\": [3] }", 1, "strategies[0]: expected an object in braces, found 3")]
    [InlineData("{ \"strategies\": [\n", 2, "not JSON: ")]
    [InlineData("{}\n{}", 2, "not JSON: ")]
    [InlineData("\0\u0001", 1, "not JSON: ")]
    public void A_file_that_is_something_else_is_refused(string content, int line, string problem)
    {
        using var folder = Folder();
        folder.Write(StrategiesFile.Name, content);
        Refused(folder, StrategiesFile.Name, line, problem);
    }

    [Theory]
    [InlineData(StrategiesFile.Name)]
    [InlineData(RiskFile.Name)]
    [InlineData(EngineFile.Name)]
    public void A_missing_file_is_named(string name)
    {
        using var folder = Folder();
        File.Delete(folder.File(name));
        var problem = Assert.Throws<BrokenConfigurationException>(() => ConfigurationFolder.Read(folder.Path));
        Assert.Equal($"{folder.File(name)}: there is no such file", problem.Message);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var problem = Assert.Throws<BrokenConfigurationException>(() => ConfigurationFolder.Read("/nowhere/config"));
        Assert.StartsWith("/nowhere/config: there is no such folder", problem.Message, StringComparison.Ordinal);
    }

    private static TemporaryFolder Folder()
    {
        var folder = new TemporaryFolder();
        folder.Write(StrategiesFile.Name, Strategies);
        folder.Write(RiskFile.Name, Risk);
        folder.Write(EngineFile.Name, Engine);
        return folder;
    }

    private static void Breaks(string name, string from, string to, int line, string problem)
    {
        using var folder = Folder();
        var content = File.ReadAllText(folder.File(name));
        var at = content.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"the good file has no {from}");
        folder.Write(name, content[..at] + to + content[(at + from.Length)..]);
        Refused(folder, name, line, problem);
    }

    private static void Refused(TemporaryFolder folder, string name, int line, string problem)
    {
        var refusal = Assert.Throws<BrokenConfigurationException>(() => ConfigurationFolder.Read(folder.Path));
        Assert.StartsWith($"{folder.File(name)} line {line}: {problem}", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
