namespace Actors.Bitmex.Rest;

public sealed partial class BitmexRestClient
{
    /// <summary>Asks the venue what it knows of the key that asks. Never throws for what a venue or a network does.</summary>
    public async Task<OwnKeyAnswer> OwnKeyAsync(CancellationToken cancellation)
    {
        const string Target = "/api/v1/apiKey";
        var answer = await SendAsync(RateLane.Query, HttpMethod.Get, Target, null, cancellation);
        if (answer.IsKeyRefusal) return new OwnKeyAnswer.Refused(answer.Reason);
        if (!answer.IsSuccess) return new OwnKeyAnswer.NotAsked($"{Target}: {answer.Reason}");
        if (RestRows.Read(answer.Body, () => new KeyRow(), out var reason) is not { } rows) return new OwnKeyAnswer.NotAsked($"{Target}: {reason}");
        return rows.Find(row => row.Id == _options.KeyId) is { } own
            ? new OwnKeyAnswer.Known(own.Name, own.Enabled, own.Permissions, own.Cidrs)
            : new OwnKeyAnswer.Refused("the venue's list of the account's keys does not have this key");
    }
}
