using Actors.Venue.Clearing;

namespace Actors.Venue.Trading;

/// <summary>
/// Cancels every order of an account that stops asking it not to. The timer belongs to the account: any of its sockets or requests
/// re-arms it, and closing a socket changes nothing.
/// </summary>
internal sealed class DeadMansSwitch(Exchange exchange)
{
    /// <summary>Arms the timer anew; zero disarms. Returns when it will fire, or null.</summary>
    public DateTimeOffset? Arm(Account account, TimeSpan timeout)
    {
        account.CancelAllAt = timeout <= TimeSpan.Zero ? null : exchange.Now + timeout;
        if (account.CancelAllAt is { } due) exchange.At(due, () => Fire(account, due));
        return account.CancelAllAt;
    }

    private void Fire(Account account, DateTimeOffset due)
    {
        // Re-armed or disarmed since: this task belongs to an older beat.
        if (account.CancelAllAt != due) return;
        account.CancelAllAt = null;
        exchange.Orders.CancelAll(account, static _ => true, "Canceled by cancelAllAfter timer.");
    }
}
