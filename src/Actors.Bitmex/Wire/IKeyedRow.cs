namespace Actors.Bitmex.Wire;

/// <summary>A row of a table whose updates are sparse and must be merged.</summary>
internal interface IKeyedRow<out TSelf> : IWireRow
{
    /// <summary>
    /// The row's identity within its table, or null when the row does not say. <paramref name="byStrategy"/>: the venue keys by strategy too.
    /// </summary>
    string? Key(bool byStrategy);

    Domain.Instruments.Symbol? Symbol { get; }

    /// <summary>Nothing more is expected of this row; it may be forgotten when room is needed.</summary>
    bool IsFinished { get; }

    /// <summary>Holds every field that matters, so that it can stand for an insert.</summary>
    bool IsWhole { get; }

    TSelf Clone();
}
