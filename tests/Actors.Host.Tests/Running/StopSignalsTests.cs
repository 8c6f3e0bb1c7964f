using System.Runtime.InteropServices;
using Actors.Host.Running;

namespace Actors.Host.Tests.Running;

public class StopSignalsTests
{
    private int _ended;

    [Theory]
    [InlineData(PosixSignal.SIGINT, "interrupted")]
    [InlineData(PosixSignal.SIGTERM, "told to terminate")]
    [InlineData(PosixSignal.SIGHUP, "the terminal is gone")]
    public async Task The_first_signal_asks_for_the_orderly_stop(PosixSignal signal, string reason)
    {
        using var signals = new StopSignals(() => _ended++);
        Assert.False(signals.Requested.IsCompleted);
        signals.Receive(signal);
        Assert.Equal(reason, await signals.Requested);
        Assert.True(signals.Token.IsCancellationRequested);
        Assert.Equal(0, _ended);
    }

    [Fact]
    public void Only_a_second_interrupt_ends_at_once()
    {
        using var signals = new StopSignals(() => _ended++);
        signals.Receive(PosixSignal.SIGTERM);
        signals.Receive(PosixSignal.SIGHUP);
        signals.Receive(PosixSignal.SIGTERM);
        signals.Receive(PosixSignal.SIGINT);
        Assert.Equal(0, _ended);
        signals.Receive(PosixSignal.SIGINT);
        Assert.Equal(1, _ended);
    }
}
