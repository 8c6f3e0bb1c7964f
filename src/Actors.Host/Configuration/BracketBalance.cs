using System.Globalization;

namespace Actors.Host.Configuration;

/// <summary>
/// Finds a brace or bracket of HOCON that is not closed, or closed twice. The HOCON parser itself accepts a missing brace in silence and,
/// at a missing bracket, takes all memory and never comes back, so no text reaches it before this has passed.
/// </summary>
internal static class BracketBalance
{
    /// <summary>What is wrong and on which line; null when every pair is closed.</summary>
    public static string? Problem(string text)
    {
        var open = new Stack<(char Bracket, int Line)>();
        var line = 1;
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (character == '\n') line++;
            else if (character == '#' || text.AsSpan(at).StartsWith("//")) at = EndOfLine(text, at) - 1;
            else if (character == '"') at = EndOfQuote(text, at, ref line);
            else if (character is '{' or '[') open.Push((character, line));
            else if (character is '}' or ']' && !(open.TryPop(out var last) && last.Bracket == (character == '}' ? '{' : '['))) return Word(character, line, "closes nothing");
            if (at < 0) return Word('"', line, "is never closed");
        }

        return open.TryPop(out var left) ? Word(left.Bracket, left.Line, "is never closed") : null;
    }

    private static int EndOfLine(string text, int at)
    {
        var end = text.IndexOf('\n', at);
        return end < 0 ? text.Length : end;
    }

    /// <summary>The closing quote's place, or -1. Three quotes open a text over many lines.</summary>
    private static int EndOfQuote(string text, int at, ref int line)
    {
        if (text.AsSpan(at).StartsWith("\"\"\""))
        {
            var end = text.IndexOf("\"\"\"", at + 3, StringComparison.Ordinal);
            if (end < 0) return -1;
            line += text.AsSpan(at, end - at).Count('\n');
            return end + 2;
        }

        for (var next = at + 1; next < text.Length && text[next] != '\n'; next++)
        {
            if (text[next] == '"') return next;
            if (text[next] == '\\') next++;
        }

        return -1;
    }

    private static string Word(char bracket, int line, string problem) =>
        string.Create(CultureInfo.InvariantCulture, $"line {line}: '{bracket}' {problem}");
}
