using Actors.Venue.Clearing;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>Leverage, isolation, risk limit and margin of a position. The answer is the position's row.</summary>
internal static class PositionRoutes
{
    private const RouteTraits Entry = RouteTraits.Private | RouteTraits.Command | RouteTraits.Sheddable;

    private const decimal LeverageMax = 100;

    public static IEnumerable<RestRoute> All() =>
    [
        new("POST", "/position/leverage", Entry | RouteTraits.OrderLane, Authenticator.Order, call => Answer(call, (holding, arguments) => MarginDesk.SetLeverage(holding, Leverage(arguments, "leverage")))),
        new("POST", "/position/crossLeverage", Entry, Authenticator.Order, call => Answer(call, (holding, arguments) => MarginDesk.SetLeverage(holding, Leverage(arguments, "leverage")))),
        new("POST", "/position/isolate", Entry | RouteTraits.OrderLane, Authenticator.Order, call => Answer(call, (holding, arguments) => MarginDesk.SetIsolated(holding, arguments.Flag("enabled") ?? true))),
        new("POST", "/position/riskLimit", Entry, Authenticator.Order, call => Answer(call, (holding, arguments) => MarginDesk.SetRiskLimit(holding, Positive(arguments, "riskLimit")))),
        new("POST", "/position/transferMargin", Entry | RouteTraits.OrderLane, Authenticator.Order, call => Answer(call, (holding, arguments) => MarginDesk.Transfer(holding, Required(arguments, "amount")))),
    ];

    private static byte[] Answer(RestCall call, Func<Holding, RequestArguments, Refusal?> ask)
    {
        var symbol = call.Arguments.Text("symbol") ?? throw RequestException.Invalid("'symbol' is a required arg.");
        var instrument = SymbolQuery.One(symbol, call.Exchange) ?? throw RequestException.Invalid("Unknown or expired symbol");
        var holding = call.Account.Holdings[instrument.Index];
        if (ask(holding, call.Arguments) is { } refusal) throw new RequestException(refusal.Status, refusal.Message);
        // A position that was given terms has a row, on the socket too.
        holding.IsUsed = true;
        call.Exchange.Clearing.Touch(holding);
        call.Exchange.Flush();
        return Json.Row(AccountTables.Position, holding);
    }

    private static decimal Leverage(RequestArguments arguments, string name)
    {
        var leverage = arguments.Number(name) ?? throw RequestException.Invalid($"'{name}' is a required arg.");
        return leverage == 0 || leverage is >= 0.01m and <= LeverageMax ? leverage : throw RequestException.Invalid($"Invalid {name}: expected 0, or 0.01 to {LeverageMax}");
    }

    private static long Required(RequestArguments arguments, string name) => arguments.Whole(name) ?? throw RequestException.Invalid($"'{name}' is a required arg.");

    private static long Positive(RequestArguments arguments, string name) => Required(arguments, name) is > 0 and var value ? value : throw RequestException.Invalid($"Invalid {name}: expected a positive number");
}
