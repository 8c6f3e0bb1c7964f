using Actors.Host.View;

namespace Actors.Host.Running;

/// <summary>What kind of output this process has, and the display that suits it.</summary>
internal sealed class Terminal
{
    /// <summary>A plain run tells its state this often.</summary>
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(5);

    // A terminal that does not tell its size: the size the view is made for.
    private const int UsualWidth = 100;
    private const int UsualHeight = 30;

    private Terminal(bool live) => IsLive = live;

    /// <summary>Whether a live view owns the terminal, so that nothing else may write to it.</summary>
    public bool IsLive { get; }

    public static Terminal Detect(bool plain) =>
        new(!plain && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } and not "dumb");

    /// <summary>A display that gives the terminal back even when the process ends in another way than by the end of its work.</summary>
    public IDisplay Open(string venue, TextWriter output)
    {
        if (!IsLive) return new PlainDisplay(output, venue, StatusInterval);
        // The convention of no-color.org.
        var colour = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var display = new LiveDisplay(output, venue, Size, colour);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => display.Dispose();
        AppDomain.CurrentDomain.UnhandledException += (_, _) => display.Dispose();
        return display;
    }

    private static (int Width, int Height) Size()
    {
        var (width, height) = (Console.WindowWidth, Console.WindowHeight);
        return width > 0 && height > 0 ? (width, height) : (UsualWidth, UsualHeight);
    }
}
