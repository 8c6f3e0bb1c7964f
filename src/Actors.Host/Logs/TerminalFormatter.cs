using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace Actors.Host.Logs;

/// <summary>One short line an event for a person: time, level, message, and of an exception only what it says; the file has the rest.</summary>
internal sealed class TerminalFormatter : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        var level = logEvent.Level switch
        {
            LogEventLevel.Verbose or LogEventLevel.Debug => "debug",
            LogEventLevel.Information => "info ",
            LogEventLevel.Warning => "warn ",
            LogEventLevel.Error => "error",
            _ => "FATAL",
        };
        var message = logEvent.RenderMessage(CultureInfo.InvariantCulture);
        if (logEvent.Exception is { } exception) message = $"{message}: {exception.GetType().Name}: {exception.Message}";
        var time = logEvent.Timestamp.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        output.Write($"{time} {level} {Printable(message)}\n");
    }

    /// <summary>No message may move the cursor or break its line.</summary>
    private static string Printable(string text) => string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
}
