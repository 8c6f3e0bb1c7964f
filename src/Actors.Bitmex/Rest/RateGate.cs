namespace Actors.Bitmex.Rest;

/// <summary>
/// Lets requests through as the budget allows. A request waits up to its lane's bound and is then refused; more than
/// <see cref="RateLimits.WaitersMax"/> waiting requests are refused at once. Urgent lanes pass waiting ones by the reserves of the budget.
/// </summary>
public sealed class RateGate(RateLimits limits, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly RateBudget _budget = new(limits, time.GetUtcNow());
    private int _waiting;

    /// <summary>Null when the request may be sent; otherwise why not, in words.</summary>
    public async Task<string?> EnterAsync(RateLane lane, CancellationToken cancellation)
    {
        var deadline = time.GetUtcNow() + (lane is RateLane.Cancel or RateLane.Beat ? limits.CancelWait : limits.OrderWait);
        if (TryTake(lane, out var wait)) return null;
        if (Interlocked.Increment(ref _waiting) > limits.WaitersMax)
        {
            Interlocked.Decrement(ref _waiting);
            return "rate limit: too many requests are waiting already";
        }

        try
        {
            while (time.GetUtcNow() + wait <= deadline)
            {
                await Task.Delay(wait, time, cancellation);
                if (TryTake(lane, out wait)) return null;
            }

            return "rate limit: no request left in time";
        }
        catch (OperationCanceledException)
        {
            return "given up while waiting for the rate limit";
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Corrects the budget by what an answer said.</summary>
    public void Observe(RestAnswer answer)
    {
        lock (_lock) _budget.Observe(time.GetUtcNow(), answer.Limit, answer.Remaining, answer.RemainingThisSecond, answer.RetryAfter);
    }

    private bool TryTake(RateLane lane, out TimeSpan wait)
    {
        lock (_lock) return _budget.TryTake(lane, time.GetUtcNow(), out wait);
    }
}
