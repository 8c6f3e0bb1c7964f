using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Journal.Audit;

/// <summary>
/// Checks that what one stream says it was given is what another gave, in the same order: intents go from strategy to risk to orders by mailboxes that keep
/// it, and some may be dropped on the way. Moves forward only, with a reader of its own.
/// </summary>
internal sealed class IntentWalk : IDisposable
{
    private readonly IEnumerator<(string SessionId, Intent Intent)> _given;

    public IntentWalk(Story story, string stream, Func<object, IEnumerable<Intent>> intentsOf) => _given = Given(story, stream, intentsOf).GetEnumerator();

    /// <summary>Whether the intent was given in this session, after those found before.</summary>
    public bool Finds(string sessionId, Intent intent)
    {
        while (_given.MoveNext())
        {
            if (_given.Current.SessionId == sessionId && _given.Current.Intent == intent) return true;
        }

        return false;
    }

    public void Dispose() => _given.Dispose();

    private static IEnumerable<(string SessionId, Intent Intent)> Given(Story story, string stream, Func<object, IEnumerable<Intent>> intentsOf)
    {
        var session = "";
        foreach (var (_, record) in story.Archive.Read(stream))
        {
            if (record.Event is PartBegan began) session = began.SessionId;
            foreach (var intent in intentsOf(record.Event)) yield return (session, intent);
        }
    }
}
