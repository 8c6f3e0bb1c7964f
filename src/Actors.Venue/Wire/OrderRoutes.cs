using System.Text.Json;
using Actors.Venue.Clearing;
using Actors.Venue.Tables;
using Actors.Venue.Trading;

namespace Actors.Venue.Wire;

/// <summary>Placing, changing and canceling orders, and the dead man's switch.</summary>
internal static class OrderRoutes
{
    private const string CanceledByApi = "Canceled via API.";
    private const int CancelsMax = 1_000;
    private const int BulkMax = 100;
    private const RouteTraits Entry = RouteTraits.Private | RouteTraits.Command | RouteTraits.OrderLane | RouteTraits.Sheddable;
    private const RouteTraits Cancel = RouteTraits.Private | RouteTraits.Command | RouteTraits.OrderLane;

    public static IEnumerable<RestRoute> All() =>
    [
        new("POST", "/order", Entry, Authenticator.Order, Place),
        new("PUT", "/order", Entry, Authenticator.Order, Amend),
        new("POST", "/order/bulk", Entry, Authenticator.Order, call => Bulk(call, (exchange, one) => exchange.Orders.Place(call.Account, OrderArguments.New(one)))),
        new("PUT", "/order/bulk", Entry, Authenticator.Order, call => Bulk(call, (_, one) => AmendOne(call, one))),
        new("POST", "/order/closePosition", Entry, Authenticator.Order, ClosePosition),
        new("DELETE", "/order", Cancel, Authenticator.OrderCancel, CancelSome),
        new("DELETE", "/order/all", Cancel, Authenticator.OrderCancel, CancelAll),
        new("POST", "/order/cancelAllAfter", RouteTraits.Private | RouteTraits.Command, Authenticator.OrderCancel, CancelAllAfter),
    ];

    /// <summary>Arms the switch of an account; the answer is the same on the socket. Milliseconds.</summary>
    public static void ArmSwitch(Exchange exchange, Account account, long? timeout, Utf8JsonWriter writer)
    {
        if (timeout is not >= 0 or > 24 * 60 * 60 * 1000)
            throw RequestException.Invalid("Invalid timeout: expected milliseconds of at most a day");
        var due = exchange.Switch.Arm(account, TimeSpan.FromMilliseconds(timeout.Value));
        writer.WriteString("now", WireTime.Text(exchange.Now));
        if (due is { } time) writer.WriteString("cancelTime", WireTime.Text(time));
        // What the venue itself wrote after a disarm was never captured: a zero keeps the field that tells this answer from others.
        else writer.WriteNumber("cancelTime", 0);
    }

    private static byte[] Place(RestCall call) => Answer(call.Exchange.Orders.Place(call.Account, OrderArguments.New(call.Arguments)));

    private static byte[] ClosePosition(RestCall call) =>
        Answer(call.Exchange.Orders.Place(call.Account, OrderArguments.Close(call.Arguments)));

    private static byte[] Amend(RestCall call) => Answer(AmendOne(call, call.Arguments));

    private static OrderOutcome AmendOne(RestCall call, RequestArguments arguments)
    {
        var amendment = OrderArguments.Amendment(arguments);
        if (arguments.Text("orderID") is { } id)
        {
            var order = Guid.TryParse(id, out var guid) ? call.Account.Find(guid) : null;
            return call.Exchange.Orders.Amend(order ?? throw new RequestException(400, "Invalid orderID"), amendment);
        }

        var clientId = arguments.Text("origClOrdID") ?? arguments.Text("clOrdID") ?? throw RequestException.Invalid("'orderID' or 'origClOrdID' is a required arg.");
        return call.Exchange.Orders.Amend(call.Account.Find(clientId) ?? throw new RequestException(400, "Invalid origClOrdID"), amendment);
    }

    /// <summary>
    /// The bulk routes, gone from the venue and still used: each order for itself, in their order, and a row with an error for one that is
    /// refused, as the venue's list of cancels has. That the others go through is our choice; the venue's own was never captured.
    /// </summary>
    private static byte[] Bulk(RestCall call, Func<Exchange, RequestArguments, OrderOutcome> act)
    {
        var orders = call.Arguments.Items("orders");
        if (orders.Count == 0) throw RequestException.Invalid("'orders' is a required arg.");
        if (orders.Count > BulkMax) throw new RequestException(400, $"Too many orders provided. The maximum count allowed is {BulkMax}.");
        return Json.Write(writer =>
        {
            writer.WriteStartArray();
            foreach (var one in orders)
            {
                var (order, error) = Try(() => act(call.Exchange, one));
                if (order is not null) WriteRow(writer, order, null);
                else WriteRefused(writer, call, one, error!);
            }

            writer.WriteEndArray();
        });
    }

    private static (VenueOrder? Order, string? Error) Try(Func<OrderOutcome> act)
    {
        try
        {
            var outcome = act();
            return (outcome.Order, outcome.Refusal?.Message);
        }
        catch (RequestException refusal)
        {
            return (null, refusal.Message);
        }
    }

    private static byte[] Answer(OrderOutcome outcome)
    {
        if (outcome.Refusal is { } refusal) throw new RequestException(refusal.Status, refusal.Message);
        return Json.Write(outcome.Order!, static (writer, order) => WriteRow(writer, order, null));
    }

    private static byte[] CancelSome(RestCall call)
    {
        var ids = call.Arguments.Texts("orderID").Select(id => ("orderID", id, Guid.TryParse(id, out var guid) ? call.Account.Find(guid) : null))
            .Concat(call.Arguments.Texts("clOrdID").Select(id => ("clOrdID", id, call.Account.Find(id)))).ToList();
        if (ids.Count == 0) throw RequestException.Invalid("'orderID' or 'clOrdID' is a required arg.");
        if (ids.Count > CancelsMax) throw RequestException.Invalid($"Invalid orderID: expected at most {CancelsMax}");
        var refused = ids.Where(id => id.Item3 is { IsOpen: false }).Select(id => id.Item3!).ToDictionaryOnce();
        call.Exchange.Orders.CancelEach([.. ids.Select(id => id.Item3).OfType<VenueOrder>().Where(order => order.IsOpen).Distinct()], Reason(call));
        return Json.Write(writer =>
        {
            writer.WriteStartArray();
            foreach (var (name, id, order) in ids)
            {
                if (order is null) WriteUnknown(writer, call, name, id);
                else WriteRow(writer, order, refused.GetValueOrDefault(order));
            }

            writer.WriteEndArray();
        });
    }

    private static byte[] CancelAll(RestCall call)
    {
        var symbol = call.Arguments.Text("symbol");
        if (symbol is not null && SymbolQuery.Resolve(symbol, call.Exchange).Count == 0) throw RequestException.Invalid("Unknown or expired symbol");
        var condition = TableQuery.Read(call, int.MaxValue).Condition(OrderTables.Order);
        var canceled = call.Exchange.Orders.CancelAll(call.Account, order => condition(OrderTables.Order.Read(order)), Reason(call));
        return Json.Write(writer =>
        {
            writer.WriteStartArray();
            foreach (var order in canceled) WriteRow(writer, order, null);
            writer.WriteEndArray();
        });
    }

    private static byte[] CancelAllAfter(RestCall call) => Json.Write(writer =>
    {
        writer.WriteStartObject();
        ArmSwitch(call.Exchange, call.Account, call.Arguments.Whole("timeout"), writer);
        writer.WriteEndObject();
    });

    private static string Reason(RestCall call) => call.Arguments.Text("text") is { } text ? OrderArguments.Bounded(text) : CanceledByApi;

    private static Dictionary<VenueOrder, string> ToDictionaryOnce(this IEnumerable<VenueOrder> orders) =>
        orders.Distinct().ToDictionary(order => order, order => $"Unable to cancel order due to existing state: {order.Status}");

    private static void WriteUnknown(Utf8JsonWriter writer, RestCall call, string name, string id)
    {
        writer.WriteStartObject();
        writer.WriteString(name, OrderArguments.Bounded(id));
        writer.WriteNumber("account", call.Account.Number);
        writer.WriteString("error", "Not Found");
        writer.WriteEndObject();
    }

    private static void WriteRefused(Utf8JsonWriter writer, RestCall call, RequestArguments asked, string error)
    {
        writer.WriteStartObject();
        foreach (var name in (ReadOnlySpan<string>)["orderID", "clOrdID", "symbol"])
        {
            if (asked.TextOrNull(name) is { } text) writer.WriteString(name, OrderArguments.Bounded(text));
        }

        writer.WriteNumber("account", call.Account.Number);
        writer.WriteString("error", error);
        writer.WriteEndObject();
    }

    private static void WriteRow(Utf8JsonWriter writer, VenueOrder order, string? error)
    {
        writer.WriteStartObject();
        OrderTables.Order.WriteFields(writer, order);
        if (error is not null) writer.WriteString("error", error);
        writer.WriteEndObject();
    }
}
