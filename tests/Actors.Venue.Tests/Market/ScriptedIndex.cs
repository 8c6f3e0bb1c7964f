using Actors.Venue.Snapshots;
using Actors.Venue.Trading;

namespace Actors.Venue.Tests.Market;

/// <summary>Every index at its start times a factor that the test sets.</summary>
internal sealed class ScriptedIndex : IIndexSource
{
    public decimal Factor { get; set; } = 1;

    public DateTimeOffset? MovedTo { get; private set; }

    public void MoveTo(DateTimeOffset now) => MovedTo = now;

    public decimal Price(ListedInstrument instrument) => decimal.Round(instrument.Listing.IndexStart * Factor, instrument.Listing.IndexDecimals);

    public void Pass(StateStream state)
    {
        // It follows from the time alone.
    }
}
