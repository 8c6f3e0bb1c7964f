using System.Text.Json;
using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Inputs;

/// <summary>
/// Ties an exchange to its log: brings it to where the log ends, and from then on writes down whatever enters before it takes effect. Used
/// by the exchange's one thread. From time to time it has a snapshot written, so that a log is never long to carry out.
/// </summary>
internal sealed class InputRecorder(InputLog log, Exchange exchange, SnapshotWriter? snapshots = null)
{
    private static readonly TimeSpan Ahead = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CountInterval = TimeSpan.FromMinutes(1);

    private DateTimeOffset _counted;
    private long _requests;
    private long _saved;

    /// <summary>The moment up to which a replay of what is written now would go.</summary>
    public DateTimeOffset Until { get; private set; }

    /// <summary>The background traders that the log brought in last, with their seed; null for those of the beginning.</summary>
    public (MarketActivity Market, long Seed)? LastMarket { get; private set; }

    /// <summary>Requests that were carried out again.</summary>
    public long Replayed { get; private set; }

    /// <summary>
    /// Does everything again that the log holds, without anybody listening. A request that was refused then is refused again:
    /// <paramref name="carryOut"/> must not throw for it. Throws <see cref="VenueStartException"/> when the state comes out different.
    /// </summary>
    /// <param name="from">The snapshot that the exchange was brought to; null when it is new.</param>
    public void Recover(Action<VenueInput.Requested> carryOut, SnapshotHead? from = null)
    {
        Until = from is null ? exchange.Now : DateTimeOffset.FromUnixTimeMilliseconds(from.Until);
        if (from?.Market is { } market) LastMarket = (market, from.Seed);
        var before = exchange.TasksDone;
        foreach (var input in log.Recover(from?.Position))
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(input.At);
            if (input is VenueInput.Jumped jumped)
            {
                Walk(DateTimeOffset.FromUnixTimeMilliseconds(jumped.From));
                exchange.Advance(at);
            }
            else if (input is not VenueInput.Lasted)
            {
                Walk(at);
            }

            Until = at > Until ? at : Until;
            switch (input)
            {
                case VenueInput.Requested requested:
                    carryOut(requested);
                    Replayed++;
                    if (requested.Method == VenueMemory.MarketVerb)
                        LastMarket = Market(requested.Path, requested.Arguments);
                    break;
                case VenueInput.Counted counted when counted.Digest != StateDigest.Of(exchange):
                    throw new VenueStartException($"{InputLog.FileName}: at {at:O} the accounts come out different from what they were; this venue's rules are not those that made the log");
            }
        }

        Walk(Until);
        _counted = exchange.Now;
        _saved = before - Replayed;
    }

    /// <summary>Brings the exchange to <paramref name="now"/>, so that a replay will come to the same state.</summary>
    public void Advance(DateTimeOffset now)
    {
        if (now - exchange.Now > Exchange.LagMax)
        {
            log.Append(new VenueInput.Jumped(now.ToUnixTimeMilliseconds(), exchange.Now.ToUnixTimeMilliseconds()));
            Until = now;
        }
        else if (now > Until)
        {
            Until = now + Ahead;
            log.Append(new VenueInput.Lasted(Until.ToUnixTimeMilliseconds()));
        }

        exchange.Advance(now);
        if (exchange.Now - _counted >= CountInterval)
        {
            _counted = exchange.Now;
            log.Append(new VenueInput.Counted(exchange.Now.ToUnixTimeMilliseconds(), StateDigest.Of(exchange)));
        }

        if (snapshots is not null && Work - _saved >= snapshots.Interval) Save();
    }

    /// <summary>Has a snapshot written of where the exchange is now, unless one is being written. Nothing may be going on in the exchange.</summary>
    public void Save()
    {
        if (snapshots is null) return;
        // A snapshot goes on from a line that the log holds.
        log.Commit();
        if (snapshots.TryWrite(log, Head)) _saved = Work;
    }

    /// <summary>Ends with everything written down that was recorded. Throws <see cref="IOException"/> when it cannot be written.</summary>
    public void Commit() => log.Commit();

    /// <summary>Notes a request that is about to be carried out; see <see cref="Commit"/>.</summary>
    public void Record(long account, string method, string path, JsonElement arguments)
    {
        log.Append(new VenueInput.Requested(exchange.Now.ToUnixTimeMilliseconds(), account, method, path, arguments));
        _requests++;
        if (method == VenueMemory.MarketVerb) LastMarket = Market(path, arguments);
    }

    /// <summary>What it would take to carry the log out again, in tasks and requests.</summary>
    private long Work => exchange.TasksDone + _requests;

    private SnapshotHead Head() =>
        new(log.Origin, log.Position, Until.ToUnixTimeMilliseconds(), LastMarket?.Market, LastMarket?.Seed ?? 0, StateDigest.Of(exchange));

    private static (MarketActivity Market, long Seed) Market(string path, JsonElement arguments) => (Enum.Parse<MarketActivity>(path), arguments.GetProperty("seed").GetInt64());

    /// <summary>In steps in which nothing counts as late: as the exchange was driven the first time.</summary>
    private void Walk(DateTimeOffset to)
    {
        while (to - exchange.Now > Ahead) exchange.Advance(exchange.Now + Ahead);
        exchange.Advance(to);
    }
}
