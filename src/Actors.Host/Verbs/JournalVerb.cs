using Actors.Host.CommandLine;
using Actors.Host.View;
using Actors.Journal;
using Actors.Journal.Audit;

namespace Actors.Host.Verbs;

/// <summary><c>actors journal</c>: writes a journal as text, and removes old frames.</summary>
internal sealed class JournalVerb(TextWriter output)
{
    private const byte LineFeed = (byte)'\n';

    public Task<int> ExportAsync(ExportOptions options) => Guarded(() =>
    {
        var archive = JournalArchive.Open(options.Data.Location);
        var sessions = SessionIndex.List(archive);
        var session = SessionAudit.Choose(sessions, options.Session);
        Directory.CreateDirectory(options.Directory);
        var records = Write(Path.Combine(options.Directory, "journal.jsonl"), file => SessionExport.Records(archive, session, line => WriteLine(file, line)));
        var frames = Write(Path.Combine(options.Directory, "frames.txt"), file => SessionExport.Frames(archive, session, line => WriteLine(file, line)));
        output.WriteLine($"session {Words.Printable(session.Id)}: {Words.Count(records, "record")} in journal.jsonl, {Words.Count(frames, "frame")} in frames.txt");
    });

    public Task<int> PruneAsync(PruneOptions options) => Guarded(() =>
    {
        var now = TimeProvider.System.GetUtcNow();
        var pruned = FramePruning.Run(options.Data.Location, now - options.Keep, now);
        if (pruned.Count == 0) output.WriteLine("nothing to remove: no frame is so old");
        foreach (var one in pruned) output.WriteLine($"session {Words.Printable(one.SessionId)}: {Words.Count(one.Frames, "frame")} removed, {one.From:yyyy-MM-dd HH:mm:ss} to {one.To:yyyy-MM-dd HH:mm:ss}; their digest is journaled");
    });

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
