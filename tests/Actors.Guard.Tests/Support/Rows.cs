using System.Text.Json;

namespace Actors.Guard.Tests.Support;

/// <summary>An account as the venue's rows tell it.</summary>
internal static class AccountRows
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<JsonElement> Parse(string rows) => [.. JsonDocument.Parse(rows).RootElement.EnumerateArray()];

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;

    /// <summary>An account that all four tables were read of.</summary>
    public static Account Of(string positions = "[]", string margins = "[]", string wallets = "[]", string orders = "[]", TimeProvider? clock = null)
    {
        var account = new Account(clock ?? new StoppedClock());
        account.Read("position", Parse(positions), 0);
        account.Read("margin", Parse(margins), 0);
        account.Read("wallet", Parse(wallets), 0);
        account.Read("order", Parse(orders), 0);
        return account;
    }

    public static string Orders(int count, string symbol = "XBTUSD") =>
        "[" + string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"orderID":"{{symbol}}{{i}}","symbol":"{{symbol}}","ordStatus":"New","price":1}""")) + "]";
}

/// <summary>A clock that goes when told.</summary>
internal sealed class StoppedClock : TimeProvider
{
    public DateTimeOffset Time { get; set; } = AccountRows.Noon;

    public override DateTimeOffset GetUtcNow() => Time;
}
