namespace Actors.Bitmex.Recordings;

/// <summary>
/// One instrument of a played recording. <see cref="Frames"/> and <see cref="Rows"/> count what its book was made of; the top is the one at the
/// end of the file, prices in quote units, sizes in contracts. <see cref="Unknown"/> counts updates and deletes of levels that were not there.
/// </summary>
public sealed record FeedSymbol(
    string Symbol,
    long Frames,
    long Rows,
    decimal? BestBid,
    long? BidSize,
    decimal? BestAsk,
    long? AskSize,
    int BidLevels,
    int AskLevels,
    bool Crossed,
    long Unknown)
{
    /// <summary>Why the book was unfit at the end; null when it was fit or never began.</summary>
    public string? Fault { get; init; }

    /// <summary>Level rows of this instrument per second of playing the whole file.</summary>
    public long RowsPerSecond { get; init; }

    public long Quotes { get; init; }

    public long Trades { get; init; }

    /// <summary>Quotes that equalled the book's top of the same moment; <see cref="QuoteCheck"/> says which moment that is.</summary>
    public long QuotesAgreed { get; init; }

    public long QuotesDisagreed { get; init; }

    /// <summary>Quotes of moments that the book does not speak of: before its snapshot, or past the end of the file.</summary>
    public long QuotesUndecided { get; init; }
}

/// <summary>What playing a recording gave, by symbol in order of name.</summary>
public sealed record FeedReport(
    string Path, long Frames, long Instruments, IReadOnlyList<FeedSymbol> Symbols, long Undecodable, string? FirstUndecodable, TimeSpan Elapsed)
{
    /// <summary>Level rows of all instruments per second.</summary>
    public long RowsPerSecond => PerSecond(Symbols.Sum(symbol => symbol.Rows), Elapsed);

    /// <summary>Plays a file as fast as it can be read. Throws <see cref="RecordingException"/> when it cannot be read.</summary>
    public static FeedReport Play(string path) => Play(path, TimeProvider.System);

    public static FeedReport Play(string path, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var begin = time.GetTimestamp();
        var sink = new FeedSink();
        var counts = Recording.Play(path, sink);
        var elapsed = time.GetElapsedTime(begin);
        var symbols = sink.Finish().Select(symbol => symbol with { RowsPerSecond = PerSecond(symbol.Rows, elapsed) }).ToList();
        return new FeedReport(path, counts.Frames, counts.Instruments, symbols, sink.Faults, sink.FirstFault, elapsed);
    }

    private static long PerSecond(long rows, TimeSpan elapsed) => (long)((decimal)rows * TimeSpan.TicksPerSecond / Math.Max(1, elapsed.Ticks));
}
