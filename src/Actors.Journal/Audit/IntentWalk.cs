using Actors.Domain.Sessions;
using Actors.Domain.Strategies;

namespace Actors.Journal.Audit;

/// <summary>
/// Checks that what one stream says it was given is what another gave, in the same order: intents go from strategy to risk to orders by mailboxes that keep
/// it, and some may be dropped on the way. Moves forward only, with a reader of its own. What is not found leaves the rest to be found: a crash may have cut
/// off what was given.
/// </summary>
internal sealed class IntentWalk : IDisposable
{
    /// <summary>Intents of one session that are looked through for one: more are never under way at once.</summary>
    public const int AheadMax = 4_096;

    private readonly IEnumerator<(string SessionId, Intent Intent)> _given;
    private readonly Func<string, string, bool> _isBefore;
    private readonly List<(string SessionId, Intent Intent)> _ahead = [];
    private bool _hasNext;

    private IntentWalk(Story story, IEnumerable<(string SessionId, Intent Intent)> given)
        : this(given, story.IsBefore)
    {
    }

    /// <param name="given">In the order of the stream.</param>
    /// <param name="isBefore">Whether the first session was over when the second began.</param>
    internal IntentWalk(IEnumerable<(string SessionId, Intent Intent)> given, Func<string, string, bool> isBefore)
    {
        (_given, _isBefore) = (given.GetEnumerator(), isBefore);
        _hasNext = _given.MoveNext();
    }

    /// <summary>The intents that events of one type in a stream gave.</summary>
    public static IntentWalk Over<T>(Story story, string stream, Func<T, IEnumerable<Intent>> intentsOf)
        where T : class => new(story, Given(story, stream, intentsOf));

    /// <summary>Whether the intent was given in this session, after those found before.</summary>
    public bool Finds(string sessionId, Intent intent)
    {
        _ahead.RemoveAll(one => _isBefore(one.SessionId, sessionId));
        var at = _ahead.FindIndex(one => one.SessionId == sessionId && one.Intent == intent);
        while (at < 0 && _hasNext && _ahead.Count < AheadMax && (_given.Current.SessionId == sessionId || _isBefore(_given.Current.SessionId, sessionId)))
        {
            if (_given.Current.SessionId == sessionId)
            {
                if (_given.Current.Intent == intent) at = _ahead.Count;
                _ahead.Add(_given.Current);
            }

            _hasNext = _given.MoveNext();
        }

        if (at >= 0) _ahead.RemoveRange(0, at + 1);
        return at >= 0;
    }

    public void Dispose() => _given.Dispose();

    private static IEnumerable<(string SessionId, Intent Intent)> Given<T>(Story story, string stream, Func<T, IEnumerable<Intent>> intentsOf)
        where T : class
    {
        var session = "";
        foreach (var (_, record) in story.Archive.Read(stream, static type => type == typeof(PartBegan) || type == typeof(T)))
        {
            if (record.Event is PartBegan began) session = began.SessionId;
            if (record.Event is not T giving) continue;
            foreach (var intent in intentsOf(giving)) yield return (session, intent);
        }
    }
}
