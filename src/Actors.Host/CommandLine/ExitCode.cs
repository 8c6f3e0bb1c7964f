namespace Actors.Host.CommandLine;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>Everything that was asked for was done, and nothing is wrong.</summary>
    public const int Success = 0;

    /// <summary>It ran, and something is wrong; the reasons were printed.</summary>
    public const int Problem = 1;

    /// <summary>The command, a file or a folder cannot be used; nothing was started.</summary>
    public const int Usage = 2;

    /// <summary>Ended by a second interrupt, in the middle of an orderly stop.</summary>
    public const int Interrupted = 130;
}
