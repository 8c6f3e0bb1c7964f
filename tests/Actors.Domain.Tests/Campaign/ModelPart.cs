namespace Actors.Domain.Tests.Campaign;

/// <summary>What can become of an actor at one of its messages.</summary>
internal enum Fault
{
    /// <summary>It throws: the message is lost, it begins anew, and goes on with what waits for it.</summary>
    Throw = 1,

    /// <summary>It throws when what the message led to is durable, and has not been acted on.</summary>
    ThrowOnceDurable = 2,

    /// <summary>It stays in the message for a while; everything behind it waits.</summary>
    Hang = 3,

    /// <summary>It stops: the message and all that waits for it are lost, and so is what comes until it is made anew.</summary>
    Stop = 4,
}

/// <summary>
/// An actor of the model: a mailbox, and the faults that strike at its messages. A message is handled at the moment it is told, unless the part is busy with another, or
/// hangs. <paramref name="failed"/> is its supervisor, told whether it stopped.
/// </summary>
internal sealed class ModelPart(string name, Simulation simulation, Action<ModelPart, bool> failed)
{
    private readonly LinkedList<Action> _waiting = [];
    private (Fault Kind, int After, TimeSpan Hang)? _armed;
    private DateTimeOffset _hungUntil = DateTimeOffset.MinValue;
    private bool _busy;
    private bool _throws;

    public string Name => name;

    public bool IsUp { get; private set; }

    public bool IsHung => simulation.Now < _hungUntil;

    public bool Answers => IsUp && !IsHung;

    /// <summary>Mailboxes it has had: what is meant for one does not reach the next.</summary>
    public int Lives { get; private set; }

    /// <summary>Times that a fault has struck.</summary>
    public int Faults { get; private set; }

    public int Hangs { get; private set; }

    /// <summary>Messages that were lost with a throw.</summary>
    public int Lost { get; private set; }

    public void Begin() => (IsUp, Lives) = (true, Lives + 1);

    public void End()
    {
        (IsUp, Lives, _hungUntil, _armed, _throws) = (false, Lives + 1, DateTimeOffset.MinValue, null, false);
        _waiting.Clear();
    }

    /// <summary>Lets a fault strike at the message after the next so many.</summary>
    public void Arm(Fault fault, int after, TimeSpan hang)
    {
        if (IsUp) _armed = (fault, after, hang);
    }

    public void Disarm() => (_armed, _throws) = (null, false);

    public void Tell(Action message)
    {
        if (!IsUp) return;
        _waiting.AddLast(message);
        Drain();
    }

    /// <summary>Tells the mailbox that there is now, as an answer that was asked for does.</summary>
    public Action<T> Reply<T>(Action<T> heard)
    {
        var life = Lives;
        return value =>
        {
            if (life == Lives) Tell(() => heard(value));
        };
    }

    /// <summary>What the message at hand led to is durable now.</summary>
    public void Durable()
    {
        if (!_throws) return;
        _throws = false;
        throw new PartFailedException();
    }

    private void Drain()
    {
        if (_busy) return;
        _busy = true;
        while (Answers && _waiting.First is { } next)
        {
            if (IsStruck()) continue;
            _waiting.RemoveFirst();
            try
            {
                next.Value();
            }
            catch (PartFailedException)
            {
                Fail(stops: false);
            }
        }

        _busy = false;
    }

    /// <summary>Whether a fault struck at the first message that waits, so that it is not handled now.</summary>
    private bool IsStruck()
    {
        if (_armed is not { } armed) return false;
        if (armed.After > 0)
        {
            _armed = armed with { After = armed.After - 1 };
            return false;
        }

        _armed = null;
        switch (armed.Kind)
        {
            case Fault.Hang:
                (_hungUntil, Hangs) = (simulation.Now + armed.Hang, Hangs + 1);
                simulation.Note($"engine: {name} hangs for {armed.Hang}");
                simulation.After(armed.Hang, Drain);
                return true;
            case Fault.ThrowOnceDurable:
                _throws = true;
                return false;
            default:
                if (armed.Kind == Fault.Throw)
                {
                    _waiting.RemoveFirst();
                    Lost++;
                }

                Fail(armed.Kind == Fault.Stop);
                return true;
        }
    }

    private void Fail(bool stops)
    {
        Faults++;
        simulation.Note($"engine: {name} {(stops ? "stops" : "throws")}");
        if (stops) End();
        failed(this, stops);
    }

    private sealed class PartFailedException : Exception;
}
