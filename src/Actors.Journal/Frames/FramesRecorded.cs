namespace Actors.Journal;

/// <summary>One frame as it was received: its number on its connection, when it was read from the socket, and its exact bytes.</summary>
public readonly record struct RecordedFrame(long Sequence, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// A batch of frames of one connection, compressed; the event of the recorder's stream. Made by <see cref="FrameBatch.Pack"/>.
/// </summary>
/// <param name="Connection">Which connection of the session.</param>
/// <param name="FirstFrame">Number of the first frame.</param>
/// <param name="FirstAt">When the first frame was received, UTC.</param>
/// <param name="Count">Frames in the batch, at least one.</param>
/// <param name="RawBytes">Bytes of all frames together, before compression.</param>
/// <param name="Compressed">Zstandard; what is in it is <see cref="FrameBatch"/>'s affair.</param>
public sealed record FramesRecorded(
    int Connection, long FirstFrame, DateTimeOffset FirstAt, int Count, long RawBytes, ReadOnlyMemory<byte> Compressed);
