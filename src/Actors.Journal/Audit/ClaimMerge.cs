namespace Actors.Journal.Audit;

/// <summary>
/// Runs the replays of a story side by side, and gives what they claim of frames in the order of these: always the claim of the earliest frame comes next, so that no replay is further
/// along than the others and each record is fetched and opened once for all who look at it. A claim that its own stream makes later than one of a later frame comes at once.
/// </summary>
internal static class ClaimMerge
{
    /// <summary>Throws as <see cref="JournalArchive.Read"/>.</summary>
    public static IEnumerable<FrameClaim> Run(Story story, IReadOnlyList<StreamReplay> replays)
    {
        var waiting = new PriorityQueue<IEnumerator<FrameClaim>, (int Session, int Connection, long Frame, int Replay)>(replays.Count);
        var open = replays.Select(replay => replay.Run().GetEnumerator()).ToArray();
        try
        {
            for (var index = 0; index < open.Length; index++) Next(index);
            while (waiting.TryDequeue(out var claims, out var place))
            {
                yield return claims.Current;
                Next(place.Replay);
            }
        }
        finally
        {
            foreach (var claims in open) claims.Dispose();
        }

        void Next(int index)
        {
            if (!open[index].MoveNext()) return;
            var claim = open[index].Current;
            waiting.Enqueue(open[index], (story.PlaceOf(claim.SessionId), claim.Cursor.Connection, claim.Cursor.Frame, index));
        }
    }
}
