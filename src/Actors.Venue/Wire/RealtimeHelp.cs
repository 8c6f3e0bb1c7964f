namespace Actors.Venue.Wire;

/// <summary>What the venue says about its socket: the answer to help and to <c>/schema/websocketHelp</c>.</summary>
internal static class RealtimeHelp
{
    public static readonly IReadOnlyList<string> Operations = ["authKeyExpires", "cancelAllAfter", "help", "ping", "subscribe", "unsubscribe"];

    public static readonly byte[] Bytes = Json.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("info", "See the documentation of the realtime API.");
        writer.WriteString("usage", "Send a message in the format: {\"op\": string, \"args\": Array<string>}");
        Json.WriteTexts(writer, "ops", Operations);
        writer.WriteString("subscribe", "To subscribe, send: {\"op\": \"subscribe\", \"args\": [subscriptionTopic, ...]}.");
        writer.WriteStartObject("subscriptionSubjects");
        Json.WriteTexts(writer, "authenticationRequired", Topics.Private);
        Json.WriteTexts(writer, "public", Topics.Public);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
