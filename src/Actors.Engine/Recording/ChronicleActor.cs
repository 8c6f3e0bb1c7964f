using Actors.Domain.Sessions;
using Actors.Engine.Journaling;
using Actors.Engine.Session;
using Actors.Engine.Supervision;
using Akka.Actor;

namespace Actors.Engine.Recording;

/// <summary>Writes what happens to the session as a whole: the manifest first, then phases, the switch, restarts, reconciliations, and the end.</summary>
public sealed class ChronicleActor(SessionContext session, SessionStarted manifest) : JournaledActor(session, PartNames.Chronicle, $"session-{session.Account}")
{
    private string? _begun;

    protected override void Apply(object happened, DateTimeOffset at)
    {
        if (happened is SessionStarted started) _begun = started.SessionId;
    }

    protected override void Recovered()
    {
        if (_begun != manifest.SessionId) Commit([manifest], static () => { });
    }

    protected override void Handle(object message)
    {
        switch (message)
        {
            case ChronicleMessages.Write write:
                Commit([write.Event], static () => { });
                break;
            case ChronicleMessages.ProveBeat prove:
                var asker = Sender;
                Commit([new BeatProved(prove.Beat)], () => asker.Tell(new PartMessages.Alive(PartNames.Chronicle, prove.Beat)));
                break;
            case ChronicleMessages.Close close:
                var closer = Sender;
                Commit([close.Ended], () => closer.Tell(new ChronicleMessages.Closed()));
                break;
        }
    }
}
