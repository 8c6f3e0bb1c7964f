using System.Globalization;
using Actors.Domain.Sessions;
using Actors.Host.CommandLine;
using Actors.Host.View;
using Actors.Journal;
using Actors.Journal.Audit;

namespace Actors.Host.Verbs;

/// <summary><c>actors journal</c>: writes a journal as text, and removes what is old.</summary>
internal sealed class JournalVerb(TextWriter output)
{
    private const byte LineFeed = (byte)'\n';

    public Task<int> ExportAsync(ExportOptions options) => Guarded(() =>
    {
        var archive = JournalArchive.Open(options.Data.Location);
        using var held = archive.Hold();
        var sessions = SessionIndex.List(archive);
        var session = SessionAudit.Choose(sessions, options.Session);
        Directory.CreateDirectory(options.Directory);
        var records = Write(Path.Combine(options.Directory, "journal.jsonl"), file => SessionExport.Records(archive, session, line => WriteLine(file, line)));
        var frames = Write(Path.Combine(options.Directory, "frames.txt"), file => SessionExport.Frames(archive, session, line => WriteLine(file, line)));
        if (session.IsPruned) output.WriteLine("what it decided, or the beginning of that, was removed by its retention: this is what is left");
        output.WriteLine($"session {Words.Printable(session.Id)}: {Words.Count(records, "record")} in journal.jsonl, {Words.Count(frames, "frame")} in frames.txt");
    });

    public Task<int> PruneAsync(PruneOptions options) => Guarded(() =>
    {
        var now = TimeProvider.System.GetUtcNow();
        var pruned = JournalPruning.Run(options.Data.Location, now - options.Keep, now, options.Decisions ? Retention.FramesAndDecisions : Retention.Frames);
        if (pruned.Count == 0) output.WriteLine(options.Decisions ? "nothing to remove: no frame is so old, and no stream keeps a state before a session to be kept" : "nothing to remove: no frame is so old");
        foreach (var one in pruned) output.WriteLine(Removed(one));
    });

    private static string Removed(StreamPruned pruned) => pruned switch
    {
        FramesPruned frames => string.Create(CultureInfo.InvariantCulture, $"session {Words.Printable(frames.SessionId)}: {Words.Count(frames.Frames, "frame")} removed, {frames.From:yyyy-MM-dd HH:mm:ss} to {frames.To:yyyy-MM-dd HH:mm:ss}; their digest is journaled"),
        DecisionsPruned decisions => string.Create(CultureInfo.InvariantCulture, $"{Words.Printable(decisions.Stream)}: records to {Words.Count(decisions.Sequence)} removed, {decisions.From:yyyy-MM-dd HH:mm:ss} to {decisions.To:yyyy-MM-dd HH:mm:ss}; their digest is journaled, and nothing up to session {Words.Printable(decisions.SessionId)} can be decided again"),
        _ => pruned.ToString(),
    };

    private static long Write(string path, Func<Stream, long> write)
    {
        using var file = new BufferedStream(File.Create(path), 1 << 16);
        return write(file);
    }

    private static void WriteLine(Stream file, ReadOnlyMemory<byte> line)
    {
        file.Write(line.Span);
        file.WriteByte(LineFeed);
    }

    private static Task<int> Guarded(Action work)
    {
        try
        {
            work();
            return Task.FromResult(ExitCode.Success);
        }
        catch (Exception problem) when (problem is JournalException or JournalFormatException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(problem.Message);
        }
    }
}
