using System.ComponentModel;
using System.Diagnostics;
using Actors.Bitmex;

namespace Actors.Host.Keys;

/// <summary>Refuses secrets that stand inside a git checkout and are not ignored by it: they are one careless commit from being published.</summary>
internal static class CheckoutGuard
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Throws <see cref="ApiKeyFileException"/> with one line, also when git is not there to say whether it ignores the file.</summary>
    public static void Refuse(string path)
    {
        var file = Path.GetFullPath(path);
        Check(path, file);
        if (new FileInfo(file) is { Exists: true, LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } target) Check(path, target.FullName);
    }

    private static void Check(string path, string file)
    {
        if (Checkout(Path.GetDirectoryName(file)) is not { } checkout) return;
        var (code, said) = Ask(checkout, file);
        if (code == 0) return;
        var why = code == 1 ? "is not ignored by it" : $"git cannot say whether it ignores it ({said})";
        throw new ApiKeyFileException($"{path}: lies in the git checkout {checkout} and {why}; expected a place outside, or one in .gitignore");
    }

    private static string? Checkout(string? folder)
    {
        // A worktree and a submodule have a file of that name.
        while (folder is not null && !Path.Exists(Path.Combine(folder, ".git"))) folder = Path.GetDirectoryName(folder);
        return folder;
    }

    private static (int Code, string Said) Ask(string checkout, string file)
    {
        var start = new ProcessStartInfo("git", ["-C", checkout, "check-ignore", "--quiet", "--", file]) { RedirectStandardError = true };
        // Inside a hook, git's variables name another repository than the one that was found.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("GIT_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        try
        {
            using var git = Process.Start(start)!;
            var said = git.StandardError.ReadToEndAsync();
            if (!git.WaitForExit(Patience))
            {
                git.Kill(entireProcessTree: true);
                return (-1, $"no answer within {Patience.TotalSeconds} s");
            }

            return (git.ExitCode, said.GetAwaiter().GetResult().ReplaceLineEndings(" ").Trim());
        }
        catch (Win32Exception missing)
        {
            return (-1, missing.Message.ReplaceLineEndings(" "));
        }
    }
}
