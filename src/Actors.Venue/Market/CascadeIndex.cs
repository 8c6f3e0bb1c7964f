using Actors.Domain.Instruments;
using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Market;

/// <summary>
/// Another index that falls by eight to ten per cent within a minute and recovers in the next, every few minutes: enough to close out whoever
/// holds more than twelve times his margin. What is marked at its last price is left alone.
/// </summary>
internal sealed class CascadeIndex(IIndexSource inner, DateTimeOffset start, SeededRandom random) : IIndexSource
{
    /// <summary>From one fall to the next.</summary>
    public static readonly TimeSpan Cycle = TimeSpan.FromMinutes(4);

    /// <summary>From the start of a cycle to its fall.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan Fall = TimeSpan.FromMinutes(1);

    private const int FallMin = 800;
    private const int FallMax = 1_000;
    private const int BasisPoints = 10_000;

    private DateTimeOffset _start = start;
    private long _cycle = -1;
    private long _depth;
    private decimal _factor = 1;

    public void MoveTo(DateTimeOffset now)
    {
        inner.MoveTo(now);
        var elapsed = now - _start;
        // A depth a cycle, also for cycles that nobody saw: the next ones must not depend on who looked.
        for (var cycle = elapsed.Ticks / Cycle.Ticks; _cycle < cycle; _cycle++) _depth = random.Between(FallMin, FallMax);
        var at = TimeSpan.FromTicks(elapsed.Ticks % Cycle.Ticks) - Calm;
        var part = at <= TimeSpan.Zero || at >= 2 * Fall ? 0
            : at <= Fall ? at.Ticks / (decimal)Fall.Ticks
            : ((2 * Fall) - at).Ticks / (decimal)Fall.Ticks;
        _factor = 1 - (_depth * part / BasisPoints);
    }

    public void Pass(StateStream state)
    {
        inner.Pass(state);
        random.Pass(state);
        _start = state.Pass(_start);
        _cycle = state.Pass(_cycle);
        _depth = state.Pass(_depth);
        _factor = state.Pass(_factor);
    }

    public decimal Price(ListedInstrument instrument)
    {
        var price = inner.Price(instrument);
        return _factor == 1 || instrument.Definition.MarkMethod == MarkMethod.LastPrice
            ? price
            : decimal.Round(price * _factor, instrument.Listing.IndexDecimals, MidpointRounding.AwayFromZero);
    }
}
