using System.Diagnostics;
using System.Globalization;
using Actors.Bitmex;
using Actors.Domain.Port;
using Actors.Domain.Risk;
using Actors.Domain.Strategies;
using Actors.Host.CommandLine;
using Actors.Host.Configuration;
using Actors.Host.View;
using Actors.Journal;
using Actors.Journal.Audit;
using Actors.Journal.Audit.Report;

namespace Actors.Host.Verbs;

/// <summary><c>actors audit</c>: verifies a session's journal, decides the session again from it, and tells what differs. 0 verified, 1 it differs, 2 it cannot be read.</summary>
internal sealed class AuditVerb(TextWriter output)
{
    private const int ShownMax = 5;
    private const string BitmexDialect = "bitmex";

    public Task<int> ExecuteAsync(AuditOptions options)
    {
        try
        {
            return Task.FromResult(Audit(options));
        }
        catch (JournalException problem)
        {
            throw new UsageException(problem.Message);
        }
        catch (Exception problem) when (problem is JournalFormatException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(problem.Message);
        }
    }

    /// <summary>A decoder for a dialect, needing no socket and no key.</summary>
    internal static IVenueDecoder DecoderOf(string dialect) => dialect == BitmexDialect
        ? new BitmexDecoder()
        : throw new JournalException($"the session speaks the dialect '{Words.Printable(dialect)}', which this build cannot decode");

    private int Audit(AuditOptions options)
    {
        using var verifier = options.KeyFile is { } key ? CheckpointVerifier.Read(key) : null;
        var location = options.Data.Location;
        if (options.At is { } at) return ShowMoment(location, options.Session, at);
        // Told before the work, not after it.
        if (options.ReportDirectory is { } wanted) Directory.CreateDirectory(wanted);
        var report = SessionAudit.Run(new AuditRequest
        {
            Journal = location,
            SessionId = options.Session,
            Decoder = DecoderOf,
            Verifier = verifier,
            WhatIf = options.WhatIfFile is { } file ? ReadLimits(file) : null,
        });
        if (options.ReportDirectory is { } folder)
        {
            var archive = JournalArchive.Open(location);
            using var held = archive.Hold();
            StoryReport.Write(archive, report, folder, DecoderOf);
            output.WriteLine(Line("report", Path.Combine(folder, "report.html")));
        }

        foreach (var line in Lines(report)) output.WriteLine(line);
        return report.IsVerified ? ExitCode.Success : ExitCode.Problem;
    }

    private int ShowMoment(JournalLocation location, string? session, DateTimeOffset at)
    {
        var archive = JournalArchive.Open(location);
        using var held = archive.Hold();
        var state = MomentState.Of(archive, SessionAudit.Choose(SessionIndex.List(archive), session), at, DecoderOf);
        foreach (var line in MomentText.Lines(state)) output.WriteLine(line);
        return ExitCode.Success;
    }

    private static RiskLimits ReadLimits(string file) => RiskFile.Read(ConfigurationReader.Read(file).Node);

    private static IEnumerable<string> Lines(AuditReport report)
    {
        foreach (var session in report.Sessions) yield return Line("session", Session(session));
        foreach (var (what, count) in report.Findings.Counts) yield return Line(what, Words.Count(count));
        foreach (var remark in report.Findings.Remarks) yield return $"  note: {Words.Printable(remark)}";
        if (report.WhatIf is { } whatIf)
        {
            foreach (var line in WhatIf(whatIf)) yield return line;
        }

        foreach (var line in Differences(report.Findings)) yield return line;
        yield return Line("time", Speed(report));
        yield return report.IsVerified ? "verified: the journal is whole, and every decision comes out again as it was journaled" : $"NOT verified: {Words.Count(report.Findings.Differences, "difference")}";
    }

    private static string Session(SessionInfo session) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Words.Printable(session.Id)} of {Words.Printable(session.Account)}, {session.StartedAt:yyyy-MM-dd HH:mm:ss} to {session.LastAt:HH:mm:ss}, code {Words.Printable(session.Manifest.CodeVersion)}, {(session.Ended is { } ended ? $"ended {Words.Printable(ended.Outcome)}" : "NOT ended in order")}, {session.Restarts} restarts of parts");

    /// <summary>Of the whole process, its start included: what a person waits for, what it cost, and how that compares with the session itself.</summary>
    private static string Speed(AuditReport report)
    {
        using var self = Process.GetCurrentProcess();
        var cpu = self.TotalProcessorTime;
        var rows = report.Findings.Counts.GetValueOrDefault("book rows applied");
        var lived = report.Sessions.Aggregate(TimeSpan.Zero, (sum, session) => sum + (session.LastAt - session.StartedAt));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Elapsed.TotalSeconds:0.00} s, {cpu.TotalSeconds:0.00} s of CPU, {self.PeakWorkingSet64 / 1048576.0:0} MiB at most; {Words.Count((long)(rows / cpu.TotalSeconds))} book rows a second of CPU, {Words.Count((long)(lived / cpu))} times as fast as it was lived");
    }

    private static IEnumerable<string> Differences(AuditFindings findings)
    {
        var shown = findings.Kept.Take(ShownMax).ToList();
        for (var index = 0; index < shown.Count; index++)
        {
            yield return $"{(index == 0 ? "first difference" : "then")}: {Words.Printable(shown[index].ToString())}";
            if (index > 0) continue;
            foreach (var cause in shown[0].Causes) yield return $"    {Words.Printable(cause)}";
        }
    }

    private static IEnumerable<string> WhatIf(WhatIfResult result)
    {
        yield return Line("what if", $"of {Words.Count(result.Judged, "intent")}, {Words.Count(result.RefusedCount)} that were sent would not have been, and {Words.Count(result.AllowedCount)} that were refused would have been allowed");
        foreach (var one in result.Refused.Take(ShownMax)) yield return $"    {one.At:HH:mm:ss.fff} {Describe(one.Intent)}: {Words.Printable(one.Reason)}";
        if (result.RefusedCount > ShownMax) yield return $"    and {Words.Count(result.RefusedCount - ShownMax)} more";
    }

    private static string Describe(Intent intent) => intent switch
    {
        PlaceIntent place => $"{place.Terms.Id} {place.Terms.Side} {place.Terms.Quantity} {place.Symbol}",
        AmendIntent amend => $"amendment of {amend.Id}",
        CancelIntent cancel => $"cancellation of {cancel.Id}",
        _ => intent.ToString(),
    };

    private static string Line(string label, string value) => $"  {label,-52} {value}";
}
