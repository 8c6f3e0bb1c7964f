namespace Actors.Bitmex.Recordings;

/// <summary>A recording cannot be read; the message is one line: file, line, what was expected.</summary>
public sealed class RecordingException : Exception
{
    public RecordingException()
    {
    }

    public RecordingException(string message)
        : base(message)
    {
    }

    public RecordingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
