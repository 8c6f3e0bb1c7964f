using System.Runtime.InteropServices;

namespace Actors.Guard.Tests.Support;

/// <summary>An engine that lost its mind: one order after the other, as fast as the venue takes them, and a beat that goes on.</summary>
internal static class Runaway
{
    public static async Task RunAsync(string address, string keyFile)
    {
        using var deaf = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true);
        using var trader = new Trader(address, keyFile);
        for (var i = 0; ; i++)
        {
            if (i % 50 == 0) await trader.SendAsync("POST", "/order/cancelAllAfter", new { timeout = 60_000 });
            await trader.OrderAsync("XBTUSD", "Buy", 100, 90_000 - (i % 1_000));
        }
    }
}
