using Actors.Venue.Tables;

namespace Actors.Venue.Wire;

/// <summary>Notices and chat, and what this venue has none of: those answer with well-formed empty lists.</summary>
internal static class CommunityRoutes
{
    private const int CountMax = 500;
    private const int MessageMax = 500;

    public static IEnumerable<RestRoute> All() =>
    [
        RestRoute.Open("/announcement", call => TableQuery.Read(call, CountMax).Answer(PublicTables.Announcement, call.Venue.Records.Announcements)),
        RestRoute.Open("/announcement/urgent", _ => Json.EmptyList),
        RestRoute.Open("/chat", Chat),
        RestRoute.Open("/chat/channels", _ => Json.List([1], (writer, id) =>
        {
            writer.WriteNumber("id", id);
            writer.WriteString("name", "English");
            writer.WriteBoolean("isPrivate", false);
        })),
        RestRoute.Open("/chat/connected", call => Json.Object(writer =>
        {
            writer.WriteNumber("users", call.Venue.Records.Connected.Users);
            writer.WriteNumber("bots", call.Venue.Records.Connected.Bots);
        })),
        RestRoute.Open("/chat/pinned", _ => Json.EmptyList),
        new("POST", "/chat", RouteTraits.Private | RouteTraits.Command, null, Say),
        RestRoute.Open("/guild", _ => Json.EmptyList),
        RestRoute.Open("/leaderboard", _ => Json.EmptyList),
        RestRoute.Mine("/leaderboard/name", call => Json.Object(writer => writer.WriteString("name", call.Account.Name))),
        RestRoute.Mine("/globalNotification", _ => Json.EmptyList),
        RestRoute.Mine("/userPriceAlert", _ => Json.EmptyList),
        RestRoute.Mine("/userEvent", _ => Json.Object(writer =>
        {
            writer.WriteStartArray("userEvents");
            writer.WriteEndArray();
        })),
        RestRoute.Mine("/referralCode", _ => Json.EmptyList),
        RestRoute.Mine("/userAffiliates", _ => Json.EmptyList),
        RestRoute.Mine("/leagueoftrader/myRankings", _ => Json.EmptyList),
        RestRoute.Mine("/managedSubAccountBinding/investor", _ => Json.EmptyList),
        RestRoute.Mine("/managedSubAccountBinding/tradingTeam", _ => Json.EmptyList),
        RestRoute.Mine("/address", _ => Json.EmptyList),
        RestRoute.Mine("/addressConfig", _ => Json.EmptyList),
        RestRoute.Mine("/porl/snapshots", _ => Json.EmptyList),
    ];

    private static byte[] Chat(RestCall call)
    {
        var channel = call.Arguments.Whole("channelID");
        return TableQuery.Read(call, CountMax).Answer(PublicTables.Chat, call.Venue.Records.Chat.Where(row => channel is null || row.Channel == channel));
    }

    private static byte[] Say(RestCall call)
    {
        var message = call.Arguments.Text("message") ?? throw RequestException.Invalid("'message' is a required arg.");
        if (message.Length > MessageMax) throw RequestException.Invalid($"Invalid message: expected at most {MessageMax} characters");
        var channel = call.Arguments.Whole("channelID") ?? 1;
        if (channel != 1) throw RequestException.Invalid("Invalid channelID: expected 1");
        var records = call.Venue.Records;
        var row = new ChatRow(records.Chat.Count == 0 ? 1 : records.Chat[^1].Id + 1, call.Exchange.Now, call.Account.Name, message, channel);
        records.Add(row);
        return Json.Row(PublicTables.Chat, row);
    }
}
