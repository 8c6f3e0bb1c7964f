namespace Actors.Host.Alerts;

/// <summary>A way out of this machine for alerts.</summary>
internal interface IAlertChannel : IDisposable
{
    /// <summary>What the log calls it; no address, which may be a secret.</summary>
    string Name { get; }

    /// <summary>Tries once, within its own timeout. Throws <see cref="AlertNotSentException"/> with one line.</summary>
    Task SendAsync(Alert alert, CancellationToken cancellation);
}

/// <summary>An alert did not go out. The message is one line and names no secret.</summary>
internal sealed class AlertNotSentException(string message, Exception inner) : Exception(message.ReplaceLineEndings(" "), inner);
