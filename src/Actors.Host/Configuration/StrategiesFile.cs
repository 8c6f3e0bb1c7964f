using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;

namespace Actors.Host.Configuration;

/// <summary><c>strategies.json</c>: what is traded and how.</summary>
internal static class StrategiesFile
{
    public const string Name = "strategies.json";

    private const int IdLength = 8;
    private const int LevelsMax = 100;
    private const long TicksMax = 1_000_000;

    /// <summary>The strategies in the file's order; their symbols must be among <paramref name="limited"/>.</summary>
    public static IReadOnlyList<StrategyParameters> Read(ConfigurationNode file, IReadOnlySet<Symbol> limited)
    {
        var strategies = new List<StrategyParameters>();
        var owners = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in file.Required("strategies").Items())
        {
            var strategy = Strategy(node);
            node.RefuseOtherKeys();
            if (!owners.Add(strategy.Id)) throw node.Required("id").Wrong($"another strategy is called \"{strategy.Id}\" already; identifiers are unique");
            if (strategy.Id == RiskDoor.OwnId) throw node.Required("id").Wrong($"\"{RiskDoor.OwnId}\" is what the risk door calls its own orders; expected another id");
            if (!limited.Contains(strategy.Symbol))
            {
                throw node.Required("symbol").Wrong($"{strategy.Symbol} has no limits in {RiskFile.Name}; an instrument without limits may not be traded");
            }

            strategies.Add(strategy);
        }

        file.RefuseOtherKeys();
        return strategies;
    }

    private static StrategyParameters Strategy(ConfigurationNode node)
    {
        var id = node.Required("id").Text(
            "1 to 8 lower-case letters or digits", text => text.Length is > 0 and <= IdLength && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)));
        var kind = node.Required("kind").Text("\"grid\" or \"quoting\"", text => text is "grid" or "quoting");
        var symbol = node.Required("symbol").Symbol();
        return kind == "grid" ? Grid(node, id, symbol) : Quoting(node, id, symbol);
    }

    private static GridParameters Grid(ConfigurationNode node, string id, Symbol symbol)
    {
        var levels = (int)node.Required("levels").Integer(1, LevelsMax);
        var step = node.Required("stepTicks").Integer(1, TicksMax);
        var (quantity, position) = Sizes(node);
        return new GridParameters(id, symbol, levels, step, quantity, position);
    }

    private static QuotingParameters Quoting(ConfigurationNode node, string id, Symbol symbol)
    {
        var halfSpread = node.Required("halfSpreadTicks").Integer(1, TicksMax);
        var requote = node.Required("requoteTicks").Integer(0, TicksMax);
        var skew = node.Required("skewTicks").Integer(0, TicksMax);
        var (quantity, position) = Sizes(node);
        return new QuotingParameters(id, symbol, quantity, halfSpread, requote, skew, position);
    }

    private static (Quantity Quantity, Quantity PositionMax) Sizes(ConfigurationNode node)
    {
        var quantity = node.Required("quantity").Quantity();
        var position = node.Required("positionMax").Quantity();
        return position >= quantity
            ? (quantity, position)
            : throw node.Required("positionMax").Wrong($"expected at least the quantity {quantity}, found {position}: no order would ever be wanted");
    }
}
