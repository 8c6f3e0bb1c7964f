using Actors.Engine.Session;

namespace Actors.Host.View;

/// <summary>Shows a session to a person. Disposing leaves the terminal as it was found.</summary>
internal interface IDisplay : IDisposable
{
    /// <summary>Shows the session as it is now; called a few times a second.</summary>
    void Show(SessionView view);

    /// <summary>Something the host itself has to say, such as why it is stopping.</summary>
    void Notice(string text);
}
