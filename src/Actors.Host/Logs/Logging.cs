using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;

namespace Actors.Host.Logs;

/// <summary>Configures the one logger of the process: JSON lines in a folder, and lines for a person where a terminal has no live view.</summary>
internal static class Logging
{
    /// <summary>A day's file is cut here, and the oldest files go: at most 14 × 32 MiB are ever kept.</summary>
    private const long FileBytesMax = 32 << 20;

    private const int FilesMax = 14;

    /// <param name="folder">Where <c>actors-yyyyMMdd.jsonl</c> goes; made when it is not there.</param>
    /// <param name="terminal">The person's terminal in plain mode; null when a live view owns it.</param>
    /// <param name="level">The least level that is written.</param>
    /// <param name="secrets">What must never be written; may grow later.</param>
    public static Logger Configure(string folder, TextWriter? terminal, LogEventLevel level, SecretRegistry secrets)
    {
        var file = Path.Combine(folder, "actors-.jsonl");
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(level)
            // Libraries talk at length about themselves; what they warn of is heard.
            .MinimumLevel.Override("Microsoft", Later(level, LogEventLevel.Warning))
            .MinimumLevel.Override("System", Later(level, LogEventLevel.Warning))
            .Enrich.With<SecretNamesEnricher>()
            .WriteTo.File(
                new SecretMaskingFormatter(new CompactJsonFormatter(), secrets),
                file,
                rollingInterval: RollingInterval.Day,
                fileSizeLimitBytes: FileBytesMax,
                rollOnFileSizeLimit: true,
                retainedFileCountLimit: FilesMax);
        if (terminal is not null) configuration.WriteTo.Sink(new TerminalSink(terminal, new SecretMaskingFormatter(new TerminalFormatter(), secrets)));
        return configuration.CreateLogger();
    }

    private static LogEventLevel Later(LogEventLevel one, LogEventLevel other) => one > other ? one : other;

    /// <summary>Writes each event in one piece, so that lines of the view and of the log never mix.</summary>
    private sealed class TerminalSink(TextWriter terminal, SecretMaskingFormatter formatter) : ILogEventSink
    {
        public void Emit(LogEvent logEvent)
        {
            // What the session does is told by the display; from inside it, a person hears of trouble only.
            if (logEvent.Level < LogEventLevel.Warning && logEvent.Properties.ContainsKey(Constants.SourceContextPropertyName)) return;
            using var line = new StringWriter(CultureInfo.InvariantCulture);
            formatter.Format(logEvent, line);
            terminal.Write(line.ToString());
        }
    }
}
