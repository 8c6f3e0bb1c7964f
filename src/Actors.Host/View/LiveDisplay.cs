using Actors.Engine.Session;
using Spectre.Console;

namespace Actors.Host.View;

/// <summary>
/// The live view: owns the terminal's second screen while it lives and gives the first one back, cursor and all, however the session ends.
/// Each frame goes out in one write, so that nothing flickers.
/// </summary>
internal sealed class LiveDisplay : IDisplay
{
    private const string Enter = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[2J";
    private const string Leave = "\u001b[?7h\u001b[?25h\u001b[?1049l";
    private const string Home = "\u001b[H";
    private const string EndOfLine = "\u001b[K\r\n";
    private const string ClearBelow = "\u001b[J";

    private readonly TextWriter _terminal;
    private readonly string _venue;
    private readonly Func<(int Width, int Height)> _size;
    private readonly bool _colour;
    private readonly Lock _writing = new();
    private string? _notice;
    private bool _left;

    public LiveDisplay(TextWriter terminal, string venue, Func<(int Width, int Height)> size, bool colour)
    {
        (_terminal, _venue, _size, _colour) = (terminal, venue, size, colour);
        _terminal.Write(Enter);
        _terminal.Flush();
    }

    public void Show(SessionView view)
    {
        var (width, height) = _size();
        var lines = Lines(DashboardRenderer.Render(view, _venue, _notice, width, height), width, _colour);
        lock (_writing)
        {
            if (_left) return;
            _terminal.Write(Home + string.Join(EndOfLine, lines) + "\u001b[K" + ClearBelow);
            _terminal.Flush();
        }
    }

    public void Notice(string text) => _notice = text;

    public void Dispose()
    {
        lock (_writing)
        {
            if (_left) return;
            _left = true;
            _terminal.Write(Leave);
            _terminal.Flush();
        }
    }

    /// <summary>The lines as the terminal takes them, with colours or without.</summary>
    internal static IReadOnlyList<string> Lines(IReadOnlyList<StyledLine> content, int width, bool colour)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(text),
        });
        (console.Profile.Width, console.Profile.Capabilities.Unicode) = (width, true);
        foreach (var line in content)
        {
            console.Write(line.ToParagraph());
            console.WriteLine();
        }

        return text.ToString().Split('\n').Take(content.Count).Select(line => line.TrimEnd('\r')).ToList();
    }
}
