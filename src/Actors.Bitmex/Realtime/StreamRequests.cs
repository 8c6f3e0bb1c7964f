using System.Buffers;
using System.Text.Json;
using Actors.Domain.Instruments;
using Actors.Domain.Port;

namespace Actors.Bitmex.Realtime;

/// <summary>Writes the requests that a client sends over the socket.</summary>
internal static class StreamRequests
{
    private static readonly string[] MarketTopics = ["orderBookL2", "quote", "trade", "instrument"];
    private static readonly string[] AccountTopics = ["order", "execution", "position", "margin"];

    public static IEnumerable<string> Topics(IEnumerable<Symbol> symbols, bool withAccount) =>
        (withAccount ? AccountTopics : []).Concat(symbols.SelectMany(symbol => MarketTopics.Select(topic => $"{topic}:{symbol}")));

    public static string BookTopic(Symbol symbol) => $"orderBookL2:{symbol}";

    public static string AccountTopic(AccountTable table) => table switch
    {
        AccountTable.Orders => "order",
        AccountTable.Executions => "execution",
        AccountTable.Positions => "position",
        AccountTable.Margins => "margin",
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "no topic is known for this table"),
    };

    public static byte[] Subscribe(IEnumerable<string> topics) => Topics("subscribe", topics);

    public static byte[] Unsubscribe(string topic) => Topics("unsubscribe", [topic]);

    public static byte[] Authenticate(string keyId, long expires, string signature) => Write("authKeyExpires", writer =>
    {
        writer.WriteStartArray();
        writer.WriteStringValue(keyId);
        writer.WriteNumberValue(expires);
        writer.WriteStringValue(signature);
        writer.WriteEndArray();
    });

    public static byte[] Beat(TimeSpan timeout) => Write("cancelAllAfter", writer => writer.WriteNumberValue((long)timeout.TotalMilliseconds));

    private static byte[] Topics(string operation, IEnumerable<string> topics) => Write(operation, writer =>
    {
        writer.WriteStartArray();
        foreach (var topic in topics) writer.WriteStringValue(topic);
        writer.WriteEndArray();
    });

    private static byte[] Write(string operation, Action<Utf8JsonWriter> arguments)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("op", operation);
            writer.WritePropertyName("args");
            arguments(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
