using System.Net;
using Actors.Venue.Faults;

namespace Actors.Venue.Wire;

/// <summary>Where a session's frames go: a socket, or a stream of a multiplexed one.</summary>
internal interface IFrameOutlet
{
    /// <summary>Queues a frame, to be sent no earlier than <paramref name="delay"/> from now; at the queue's bound the client is cut off.</summary>
    void Enqueue(ReadOnlyMemory<byte> frame, TimeSpan delay);

    /// <summary>Ends the client's connection at once.</summary>
    void Cut(string reason);
}

/// <summary>
/// Owns what one client's conversation is: who it is, what it listens to, how often it was refused; and lets faults have their way with the
/// frames of tables that go to it. Answers to its own requests are never touched by faults.
/// </summary>
internal sealed class RealtimeSession(IFrameOutlet outlet, FaultBox faults) : IFrameSink
{
    private volatile Identity? _identity;
    private ReadOnlyMemory<byte>? _held;

    /// <summary>Whose conversation it is; null until it authenticated.</summary>
    public Identity? Identity
    {
        get => _identity;
        set => _identity = value;
    }

    /// <summary>Where the client is.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Requests refused so far; too many end the session.</summary>
    public int Errors { get; set; }

    /// <summary>Topics listened to; on the exchange's thread only.</summary>
    public HashSet<TopicKey> Topics { get; } = [];

    /// <summary>Sends an answer.</summary>
    public void Send(ReadOnlyMemory<byte> frame) => outlet.Enqueue(frame, TimeSpan.Zero);

    /// <summary>Sends a frame of a table; on the exchange's thread only.</summary>
    public void Send(ReadOnlyMemory<byte> frame, in FaultTag tag)
    {
        switch (faults.OnFrame(tag with { Account = Identity?.Account.Name }))
        {
            case { Kind: FaultKind.DropFrame }: return;
            case { Kind: FaultKind.DropSocket }:
                Cut("a fault was asked for");
                return;
            case { Kind: FaultKind.ReorderFrame } when _held is null:
                _held = frame;
                return;
            case { Kind: FaultKind.DelayFrame } fault:
                Forward(frame, TimeSpan.FromMilliseconds(fault.Milliseconds));
                return;
            case { Kind: FaultKind.DuplicateFrame }:
                Forward(frame, TimeSpan.Zero);
                Forward(frame, TimeSpan.Zero);
                return;
            default:
                Forward(frame, TimeSpan.Zero);
                return;
        }
    }

    public void Cut(string reason) => outlet.Cut(reason);

    private void Forward(ReadOnlyMemory<byte> frame, TimeSpan delay)
    {
        outlet.Enqueue(frame, delay);
        if (_held is not { } held) return;
        _held = null;
        outlet.Enqueue(held, TimeSpan.Zero);
    }
}
