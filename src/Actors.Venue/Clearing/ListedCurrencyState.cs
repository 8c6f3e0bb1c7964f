using Actors.Domain.Instruments;
using Actors.Venue.Listing;
using Actors.Venue.Snapshots;

namespace Actors.Venue.Clearing;

/// <summary>A settlement currency and the account that collects its fees, in minor units.</summary>
internal sealed class ListedCurrencyState(ListedCurrency listing)
{
    public ListedCurrency Listing { get; } = listing;

    public Currency Currency { get; } = new(listing.Code);

    /// <summary>All commission collected less all rebates paid.</summary>
    public long Fees { get; set; }

    /// <summary>Everything ever deposited to all accounts.</summary>
    public long Deposits { get; set; }

    /// <summary>Everything that left the venue, and what is asked to.</summary>
    public long Withdrawn { get; set; }

    public void Pass(StateStream state) => (Fees, Deposits, Withdrawn) = (state.Pass(Fees), state.Pass(Deposits), state.Pass(Withdrawn));
}
