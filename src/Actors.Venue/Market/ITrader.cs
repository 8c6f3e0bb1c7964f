using Actors.Venue.Snapshots;

namespace Actors.Venue.Market;

/// <summary>A background trader: acts, and says how long to wait for its next turn.</summary>
internal interface ITrader
{
    TimeSpan? Act();

    /// <summary>Passes what it remembers from one turn to the next.</summary>
    void Pass(StateStream state);
}
