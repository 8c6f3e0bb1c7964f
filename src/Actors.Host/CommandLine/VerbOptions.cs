using Actors.Host.Data;
using Actors.Host.Running;
using Actors.Journal;
using Actors.Venue;

namespace Actors.Host.CommandLine;

/// <summary><c>actors run</c>: null where the person said nothing. <see cref="Venue"/> and <see cref="KeyFile"/> (a file, or another source of keys) are given together or not at all.</summary>
internal sealed record RunOptions(
    TimeSpan? For,
    string DataDirectory,
    long? Seed,
    MarketActivity Market,
    Uri? Venue,
    string? KeyFile,
    string? ConfigDirectory,
    bool Plain,
    string? PriceFile = null,
    string? SignKeyFile = null)
{
    /// <summary>Orders may cost real money.</summary>
    public bool Real { get; init; }

    /// <summary>Null: in the data folder.</summary>
    public string? JournalSource { get; init; }

    /// <summary>How many times a part of the engine is ended, to prove that it comes back; 0 but in loads.</summary>
    public long PartRestarts { get; init; }

    /// <summary>Null: the system's; another one in loads.</summary>
    public FastClock? Clock { get; init; }
}

/// <summary><c>actors venue</c>. Port 0 takes a free one, which the ready line names. <see cref="RequestsPerMinute"/> null: as many as the venue usually grants.</summary>
internal sealed record VenueVerbOptions(
    int Port,
    string DataDirectory,
    long? Seed,
    MarketActivity Market,
    string? FaultFile = null,
    string? PriceFile = null,
    string? FlowFile = null,
    int? RequestsPerMinute = null);

/// <summary><c>actors feed</c>.</summary>
internal sealed record FeedOptions(IReadOnlyList<string> Files, bool Json);

/// <summary>Which journal a verb works on: the data folder's, or the one that <see cref="Source"/> names, as <see cref="JournalSource"/> takes it.</summary>
internal sealed record JournalOptions(string DataDirectory, string? Source = null)
{
    /// <summary>Throws <see cref="UsageException"/> when the source cannot be read.</summary>
    public JournalLocation Location => JournalSource.Locate(Source, Path.Combine(DataDirectory, "journal"), null);
}

/// <summary><c>actors audit</c>. <see cref="Session"/> null: the newest.</summary>
internal sealed record AuditOptions(string? Session, JournalOptions Data, string? WhatIfFile, DateTimeOffset? At, string? ReportDirectory, string? KeyFile);

/// <summary><c>actors journal export</c>. <see cref="Session"/> null: the newest.</summary>
internal sealed record ExportOptions(string? Session, JournalOptions Data, string Directory);

/// <summary><c>actors journal prune</c>: frames received longer ago than <see cref="Keep"/> go; and, where asked for, what sessions decided that ended longer ago.</summary>
internal sealed record PruneOptions(JournalOptions Data, TimeSpan Keep, bool Decisions);

/// <summary>What each verb does; the command line knows no more of them than this.</summary>
internal sealed record VerbActions(
    Func<RunOptions, Task<int>> Run,
    Func<VenueVerbOptions, Task<int>> Venue,
    Func<FeedOptions, Task<int>> Feed,
    Func<AuditOptions, Task<int>> Audit,
    Func<JournalOptions, Task<int>> Sessions,
    Func<ExportOptions, Task<int>> JournalExport,
    Func<PruneOptions, Task<int>> JournalPrune,
    KeysActions Keys,
    Func<WhatIfOptions, Task<int>> WhatIf,
    Func<RiskOptions, Task<int>> Risk);
