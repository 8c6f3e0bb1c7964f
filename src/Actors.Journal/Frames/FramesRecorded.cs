namespace Actors.Journal;

/// <summary>One frame as it was received: its number on its connection, when it was read from the socket, and its exact bytes.</summary>
public readonly record struct RecordedFrame(long Sequence, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// A batch of frames of one connection, compressed; the event of the recorder's stream. Made by <see cref="FramePacker"/>, read by <see cref="FrameUnpacker"/>.
/// </summary>
/// <param name="Connection">Which connection of the session.</param>
/// <param name="FirstFrame">Number of the first frame.</param>
/// <param name="FirstAt">When the first frame was received, UTC.</param>
/// <param name="Count">Frames in the batch, at least one.</param>
/// <param name="RawBytes">Bytes of all frames together, before compression.</param>
/// <param name="Compressed">The frames; how is the affair of those two.</param>
/// <param name="Form">How they are compressed: <see cref="Alone"/> by older builds, <see cref="Grouped"/> now.</param>
public sealed record FramesRecorded(
    int Connection, long FirstFrame, DateTimeOffset FirstAt, int Count, long RawBytes, ReadOnlyMemory<byte> Compressed, int Form = FramesRecorded.Grouped)
{
    /// <summary>Each batch by itself, as <see cref="FrameBatch"/> says.</summary>
    public const int Alone = 1;

    /// <summary>In the light of those before it in its group, as <see cref="FramePacker"/> says.</summary>
    public const int Grouped = 2;
}
