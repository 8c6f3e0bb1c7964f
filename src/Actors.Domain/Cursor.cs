namespace Actors.Domain;

/// <summary>The last frame that an actor had consumed when it decided: which connection of the session, and the frame's number on it. Zero: none yet.</summary>
public readonly record struct Cursor(int Connection, long Frame)
{
    public override string ToString() => $"{Connection}:{Frame}";
}
