using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Actors.Domain.Instruments;

namespace Actors.Bitmex.Rest;

/// <summary>Owns the instrument definitions known so far, by symbol; needed to write a price in ticks as the venue's decimal. Thread-safe.</summary>
public sealed class InstrumentMap
{
    private readonly ConcurrentDictionary<Symbol, Instrument> _known = new();

    public void Add(Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(instrument);
        _known[instrument.Symbol] = instrument;
    }

    public bool TryGet(Symbol symbol, [NotNullWhen(true)] out Instrument? instrument) => _known.TryGetValue(symbol, out instrument);
}
