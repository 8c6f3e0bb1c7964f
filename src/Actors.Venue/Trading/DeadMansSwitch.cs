using Actors.Venue.Clearing;

namespace Actors.Venue.Trading;

/// <summary>
/// Cancels every order of an account that stops asking it not to. The timer belongs to the account: any of its sockets or requests
/// re-arms it, and closing a socket changes nothing.
/// </summary>
internal sealed class DeadMansSwitch
{
    private readonly Exchange _exchange;

    public DeadMansSwitch(Exchange exchange)
    {
        _exchange = exchange;
        exchange.On(ExchangeTask.DeadMansSwitch, task => Fire(exchange.Accounts.First(account => account.Number == task.Number), task.Due));
    }

    /// <summary>Arms the timer anew; zero disarms. Returns when it will fire, or null.</summary>
    public DateTimeOffset? Arm(Account account, TimeSpan timeout)
    {
        account.CancelAllAt = timeout <= TimeSpan.Zero ? null : _exchange.Now + timeout;
        if (account.CancelAllAt is { } due) _exchange.At(due, ExchangeTask.DeadMansSwitch, account.Number);
        return account.CancelAllAt;
    }

    private void Fire(Account account, DateTimeOffset due)
    {
        // Re-armed or disarmed since: this task belongs to an older beat.
        if (account.CancelAllAt != due) return;
        account.CancelAllAt = null;
        _exchange.Orders.CancelAll(account, static _ => true, "Canceled by cancelAllAfter timer.");
    }
}
