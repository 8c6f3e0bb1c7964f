using Actors.Domain.Risk;
using Actors.Host.CommandLine;
using Actors.Host.Control;
using Actors.Host.View;
using Actors.Journal;
using Actors.Journal.Audit;

namespace Actors.Host.Verbs;

/// <summary><c>actors risk</c>: asks the engine that runs on a data folder; without one, reads what its journal has latched.</summary>
internal sealed class RiskVerb(TextWriter output)
{
    private const string StreamPrefix = "risk-";

    /// <summary>Throws <see cref="UsageException"/> where no engine runs, but for <c>show</c>.</summary>
    public async Task<int> ExecuteAsync(RiskOptions options)
    {
        if (await ControlClient.AskAsync(options.Socket, options.Request).ConfigureAwait(false) is { } answer)
        {
            foreach (var line in answer.Lines) await output.WriteLineAsync(Words.Printable(line)).ConfigureAwait(false);
            return answer.ExitCode;
        }

        if (options.Request.Verb != ControlRequest.Show) throw new UsageException($"no engine runs on {options.Data.DataDirectory}: there is nothing to {options.Request.Verb}");
        return ShowJournal(options.Data);
    }

    private int ShowJournal(JournalOptions options)
    {
        try
        {
            var archive = JournalArchive.Open(options.Location);
            using var held = archive.Hold();
            // So that the archive knows where what was removed by its retention ends.
            SessionIndex.List(archive);
            output.WriteLine($"no engine runs on {options.DataDirectory}; this is what its journal remembers");
            foreach (var stream in archive.Streams.Where(stream => stream.Stream.StartsWith(StreamPrefix, StringComparison.Ordinal)))
            {
                var memory = new RiskMemory();
                foreach (var (sequence, record) in archive.Read(stream.Stream, static type => type.IsSubclassOf(typeof(RiskEvent)) || type == typeof(RiskKept)))
                {
                    if (record.Event is RiskEvent happened) memory.Apply(happened, record.At);
                    else if (archive.IsBeginning(stream.Stream, sequence)) memory.Restore((RiskKept)record.Event);
                }

                output.WriteLine($"account {Words.Printable(stream.Stream[StreamPrefix.Length..])}: {(memory.Latches.Count == 0 ? "nothing is latched" : $"{Words.Count(memory.Latches.Count)} latched")}");
                foreach (var latch in memory.Latches.Values) output.WriteLine(Words.Printable($"  {latch.Name} since {latch.At:yyyy-MM-dd HH:mm:ss} UTC: {latch.Words}"));
            }

            return ExitCode.Success;
        }
        catch (Exception problem) when (problem is JournalException or JournalFormatException)
        {
            throw new UsageException(problem.Message);
        }
    }
}
