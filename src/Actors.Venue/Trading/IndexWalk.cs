using Actors.Domain.Instruments;
using Actors.Venue.Listing;
using Actors.Venue.Snapshots;

namespace Actors.Venue.Trading;

/// <summary>Where index prices come from. It is a function of its seed or its file and of the moments it is asked at.</summary>
internal interface IIndexSource
{
    /// <summary>Goes on to a moment; time never goes back.</summary>
    void MoveTo(DateTimeOffset now);

    /// <summary>The index of an instrument in quote units, with the decimals of its listing.</summary>
    decimal Price(ListedInstrument instrument);

    /// <summary>Passes where it stands.</summary>
    void Pass(StateStream state);
}

/// <summary>
/// A seeded walk an underlying, a step each time it moves, in whole units of the index's last decimal. Every index of an underlying follows
/// the same walk from its own start. What trades in sessions stands still outside of them.
/// </summary>
internal sealed class IndexWalk : IIndexSource
{
    private readonly SeededRandom _random;
    private readonly List<Walker> _walkers = [];

    /// <summary>Begins at the listing's prices.</summary>
    public IndexWalk(IEnumerable<ListedInstrument> instruments, SeededRandom random)
    {
        _random = random;
        foreach (var instrument in instruments.DistinctBy(instrument => instrument.Listing.Underlying)) _walkers.Add(new Walker(instrument.Listing, instrument.Definition));
    }

    public void MoveTo(DateTimeOffset now)
    {
        foreach (var walker in _walkers)
        {
            if (walker.IsOpen(now)) walker.Step(_random);
        }
    }

    public decimal Price(ListedInstrument instrument) => _walkers.First(walker => walker.Underlying == instrument.Listing.Underlying).Price(instrument.Listing);

    public void Pass(StateStream state)
    {
        _random.Pass(state);
        foreach (var walker in _walkers) walker.Pass(state);
    }

    private sealed class Walker
    {
        private readonly InstrumentListing _listing;
        private readonly TradingSchedule _schedule;
        private readonly bool _isBounded;
        private readonly long _unit;
        private readonly long _start;
        private long _anchor;
        private long _units;

        public Walker(InstrumentListing listing, Instrument definition)
        {
            (_listing, _schedule, _isBounded) = (listing, definition.Schedule, definition.Kind == ContractKind.Prediction);
            _unit = PowerOfTen(listing.IndexDecimals);
            _start = _anchor = _units = (long)(listing.IndexStart * _unit);
        }

        public string Underlying => _listing.Underlying;

        public bool IsOpen(DateTimeOffset at) => _schedule.IsOpen(at);

        public void Pass(StateStream state) => (_anchor, _units) = (state.Pass(_anchor), state.Pass(_units));

        public decimal Price(InstrumentListing listing)
        {
            var own = _units / (decimal)_unit;
            if (listing.IndexSymbol == _listing.IndexSymbol) return own;
            var least = 1 / (decimal)PowerOfTen(listing.IndexDecimals);
            return Math.Max(least, decimal.Round(own * listing.IndexStart / _listing.IndexStart, listing.IndexDecimals, MidpointRounding.AwayFromZero));
        }

        /// <summary>
        /// A slow anchor wanders a fifth of a basis point a second, a thousandth of the way home; the index swings around it by one and a
        /// half basis points a second, a third of the way back: prices go somewhere, and come back often enough to fill both sides of a
        /// ladder. A prediction wanders freely between one and ninety-nine in a hundred.
        /// </summary>
        public void Step(SeededRandom random)
        {
            if (_isBounded)
            {
                var most = (long)(_listing.MaxPrice * _unit);
                _units = Math.Clamp(_units + random.Bell(1), most / 100, most - (most / 100));
                return;
            }

            _anchor += random.Bell(Math.Max(1, _anchor / 60_000)) + ((_start - _anchor) / 1_000);
            _units = Math.Max(1, _units + random.Bell(Math.Max(1, _units / 8_000)) + ((_anchor - _units) / 3));
        }

        private static long PowerOfTen(int exponent) => exponent == 0 ? 1 : 10 * PowerOfTen(exponent - 1);
    }
}
