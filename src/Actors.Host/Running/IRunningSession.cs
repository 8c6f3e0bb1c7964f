using Actors.Engine.Session;

namespace Actors.Host.Running;

/// <summary>A session as the run verb sees it, with whatever was started for it. Disposing ends everything, stopped or not.</summary>
internal interface IRunningSession : IAsyncDisposable
{
    /// <summary>Where it trades, for a person.</summary>
    string Venue { get; }

    SessionView View { get; }

    /// <summary>Ends when the session has stopped, by request or by itself.</summary>
    Task<SessionSummary> Completion { get; }

    /// <summary>Asks for the stop in the safe order; may be asked again.</summary>
    void RequestStop(string reason);
}
