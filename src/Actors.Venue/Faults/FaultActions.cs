using Actors.Domain.Instruments;
using Actors.Venue.Inputs;
using Actors.Venue.Wire;
using Microsoft.Extensions.Logging;

namespace Actors.Venue.Faults;

/// <summary>
/// Does what some faults do by themselves when their moment comes, and undoes it when they end: cutting sockets and switching an
/// instrument's state. All else happens where requests and frames pass.
/// </summary>
internal sealed class FaultActions(VenueContext venue, Func<Func<Identity?, bool>, int> cutSockets, Action restart, ILogger logger) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, List<ITimer>> _timers = [];
    private readonly Dictionary<long, InstrumentState> _stateBefore = [];

    /// <summary>Adds a fault; what it does at once is done when this returns. Throws <see cref="FormatException"/>.</summary>
    public async Task<Fault> AddAsync(FaultRequest request)
    {
        if (request.Symbol is { } symbol && venue.Exchange.Find(symbol) is null) throw new FormatException($"symbol: {symbol} is not listed");
        var fault = venue.Faults.Add(request);
        logger.LogInformation("Fault {Id} was asked for: {Fault}", fault.Id, request.ToJson());
        if (request.AfterSeconds > 0) Later(fault, request.AfterSeconds, BeginAsync);
        else await BeginAsync(fault);
        if (request.Seconds is { } seconds && request.Kind == FaultKind.InstrumentState) Later(fault, request.AfterSeconds + seconds, EndAsync);
        return fault;
    }

    public async Task RemoveAsync(long? id)
    {
        foreach (var fault in venue.Faults.Remove(id))
        {
            Stop(fault);
            await EndAsync(fault);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var timer in _timers.Values.SelectMany(timers => timers)) timer.Dispose();
            _timers.Clear();
        }
    }

    private async Task BeginAsync(Fault fault)
    {
        if (!venue.Faults.IsActive(fault)) return;
        switch (fault.Request.Kind)
        {
            case FaultKind.DropSocket when fault.Request.Table is null:
                Count(fault, cutSockets(identity => fault.Request.Account is null || fault.Request.Account == identity?.Account.Name));
                break;
            case FaultKind.RevokeKey:
                cutSockets(identity => identity is not null && FaultBox.Revokes(fault.Request, identity.Key));
                break;
            case FaultKind.Restart:
                Count(fault, 1);
                restart();
                break;
            case FaultKind.InstrumentState:
                await SwitchAsync(fault, Enum.Parse<InstrumentState>(fault.Request.State!));
                break;
            default: break;
        }
    }

    private async Task EndAsync(Fault fault)
    {
        InstrumentState before;
        lock (_lock)
        {
            if (!_stateBefore.Remove(fault.Id, out before)) return;
        }

        await ApplyAsync(fault, before);
    }

    private async Task SwitchAsync(Fault fault, InstrumentState state)
    {
        lock (_lock) _stateBefore[fault.Id] = venue.Exchange.Find(fault.Request.Symbol!)!.State;
        await ApplyAsync(fault, state);
        Count(fault, 1);
    }

    private Task<bool> ApplyAsync(Fault fault, InstrumentState state)
    {
        var instrument = venue.Exchange.Find(fault.Request.Symbol!)!;
        return venue.Loop.RequestAsync(0, VenueMemory.StateVerb, instrument.Symbol, VenueMemory.Arguments(state), () =>
        {
            venue.Exchange.Orders.SetState(instrument, state);
            return true;
        });
    }

    private void Count(Fault fault, int times)
    {
        for (var i = 0; i < times; i++) venue.Faults.CountFire(fault);
    }

    private void Later(Fault fault, double seconds, Func<Fault, Task> action)
    {
        var timer = venue.Options.Clock.CreateTimer(_ => _ = RunAsync(fault, action), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
        lock (_lock)
        {
            if (!_timers.TryGetValue(fault.Id, out var timers)) _timers.Add(fault.Id, timers = []);
            timers.Add(timer);
        }
    }

    private async Task RunAsync(Fault fault, Func<Fault, Task> action)
    {
        try
        {
            await action(fault);
        }
        catch (OverloadedException stopped)
        {
            logger.LogInformation("Fault {Id} came after the exchange had stopped: {Reason}", fault.Id, stopped.Message);
        }
    }

    private void Stop(Fault fault)
    {
        lock (_lock)
        {
            if (!_timers.Remove(fault.Id, out var timers)) return;
            foreach (var timer in timers) timer.Dispose();
        }
    }
}
