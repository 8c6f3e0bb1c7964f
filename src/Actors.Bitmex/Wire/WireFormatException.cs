namespace Actors.Bitmex.Wire;

/// <summary>A message or a row is not what the dialect says; the message is one line. Never leaves this assembly's decoder or client.</summary>
internal sealed class WireFormatException(string message) : Exception(message)
{
    private const int LengthMax = 240;

    /// <summary>One line of bounded length, whatever the venue put into it.</summary>
    public static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ");
        return line.Length <= LengthMax ? line : string.Concat(line.AsSpan(0, LengthMax), "...");
    }
}
