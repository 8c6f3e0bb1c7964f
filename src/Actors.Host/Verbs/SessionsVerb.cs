using System.Globalization;
using Actors.Host.CommandLine;
using Actors.Host.View;
using Actors.Journal;
using Actors.Journal.Audit;

namespace Actors.Host.Verbs;

/// <summary><c>actors sessions</c>: lists what a journal holds.</summary>
internal sealed class SessionsVerb(TextWriter output)
{
    /// <summary>0, also when some did not end in order: the list says so.</summary>
    public Task<int> ExecuteAsync(JournalOptions options)
    {
        try
        {
            var archive = JournalArchive.Open(options.Location);
            using var held = archive.Hold();
            var table = new LineTable(
                new Column("session"), new Column("account"), new Column("began (UTC)"), new Column("lasted", Right: true), new Column("orders", Right: true),
                new Column("fills", Right: true), new Column("refused", Right: true), new Column("restarts", Right: true), new Column("frames"), new Column("outcome"));
            foreach (var (session, counts) in SessionCounts.Of(archive, SessionIndex.List(archive)))
            {
                table.Add(
                    Words.Printable(session.Id),
                    Words.Printable(session.Account),
                    session.StartedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                    Words.Elapsed(session.LastAt - session.StartedAt),
                    session.IsPruned ? "-" : Words.Count(counts.Orders),
                    session.IsPruned ? "-" : Words.Count(counts.Fills),
                    session.IsPruned ? "-" : Words.Count(counts.Refused),
                    Words.Count(session.Restarts),
                    archive.Find(session.FramesStream) is null ? "none" : "kept",
                    (session.Ended is { } ended ? Words.Printable(ended.Outcome) : "did not end in order, or still runs") + (session.IsPruned ? "; its decisions were removed" : ""));
            }

            foreach (var line in table.Lines(int.MaxValue)) output.WriteLine(line.ToString().TrimEnd());
            return Task.FromResult(ExitCode.Success);
        }
        catch (Exception problem) when (problem is JournalException or JournalFormatException)
        {
            throw new UsageException(problem.Message);
        }
    }
}
