namespace Actors.LoadTests.InProcess;

/// <summary>
/// Frames are recorded and dropped before the recorder in turns within one session, so that whatever else the machine does falls on both alike. Of each two turns one is of either kind, in an
/// order that the seed chooses. What comes while the recorder still packs and writes the frames of the turn before is not counted.
/// </summary>
/// <param name="length">Of a turn.</param>
/// <param name="settling">The part of it, from its beginning, that is not counted.</param>
/// <param name="seed">Of the order within each two turns.</param>
internal sealed class RecordingTurns(TimeSpan length, TimeSpan settling, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<bool> _kinds = [];
    private readonly List<(TimeSpan Cpu, long Frames)> _spent = [];
    private volatile bool _records = true;
    private TimeSpan _cpuBefore;
    private int _counted = -1;

    /// <summary>Read by the actor that passes frames on or drops them.</summary>
    public bool Records => _records;

    /// <summary>Whether the frames of a turn were recorded.</summary>
    public bool IsRecorded(int turn) => _kinds[turn];

    /// <summary>CPU time and frames of the counted part of each turn that was seen to its end.</summary>
    public IReadOnlyList<(TimeSpan Cpu, long Frames)> Spent => _spent;

    /// <summary>A frame is about to be handed in.</summary>
    /// <param name="at">Since the first turn began; never less than at the call before.</param>
    /// <returns>The number of the turn in whose counted part it comes; -1 for one in none.</returns>
    public int Take(TimeSpan at)
    {
        var turn = (int)(at / length);
        while (_kinds.Count <= turn) _kinds.AddRange(_random.Next(2) == 0 ? [true, false] : [false, true]);
        _records = _kinds[turn];
        var counted = at - (turn * length) >= settling ? turn : -1;
        if (counted != _counted)
        {
            var cpu = Environment.CpuUsage.TotalTime;
            if (_counted >= 0) _spent[_counted] = (cpu - _cpuBefore, _spent[_counted].Frames);
            (_counted, _cpuBefore) = (counted, cpu);
        }

        if (counted < 0) return counted;
        while (_spent.Count <= counted) _spent.Add(default);
        _spent[counted] = (_spent[counted].Cpu, _spent[counted].Frames + 1);
        return counted;
    }
}
