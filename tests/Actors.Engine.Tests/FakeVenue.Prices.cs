namespace Actors.Engine.Tests;

/// <summary>What the instrument's table says beside its definition.</summary>
internal sealed partial class FakeVenue
{
    /// <summary>Says another mark and, where it is given, the next funding.</summary>
    public void SendMark(decimal mark, decimal? fundingRate = null, DateTimeOffset? fundingAt = null)
    {
        var row = Priced(Symbol) with { MarkPrice = mark, FundingRate = fundingRate, FundingTime = fundingAt };
        _stream?.Say(messages => messages.Instrument(row));
    }
}
