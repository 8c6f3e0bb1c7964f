using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Actors.Bitmex;

namespace Actors.Host.Keys;

/// <summary>Where Vault is, and the file with the token to ask it with.</summary>
internal sealed record VaultSettings(Uri Address, string TokenFile);

/// <summary>
/// Reads one secret of HashiCorp Vault's KV engine, version 2: <c>GET /v1/MOUNT/data/PATH</c> with the token in a header; the answer has
/// the secret's fields in <c>data.data</c>. No token is asked for or renewed here, and certificates are checked against the system's own.
/// </summary>
internal static class VaultClient
{
    private const int AnswerBytesMax = 64 * 1024;
    private const int SealedOrDown = 503;
    private const int WordsMax = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The secret's fields as a JSON object. Throws <see cref="ApiKeyFileException"/> with one line.</summary>
    public static async Task<SecretBytes> ReadAsync(VaultSettings vault, string mount, string path, CancellationToken cancellation)
    {
        var where = $"vault:{mount}/{path}";
        if (vault.Address.Scheme != Uri.UriSchemeHttps && !vault.Address.IsLoopback)
            throw new ApiKeyFileException($"{where}: {vault.Address} is not encrypted; expected https, or http on this machine");
        // A redirect would carry the token to wherever it points.
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = !vault.Address.IsLoopback });
        client.Timeout = Patience;
        var target = $"v1/{Uri.EscapeDataString(mount)}/data/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(vault.Address.AbsoluteUri.TrimEnd('/') + "/"), target));
        AddToken(request, vault.TokenFile);
        request.Headers.Add("X-Vault-Request", "true"); // Vault's agent may ask for it, against requests that somebody else forged
        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
            using var body = await BodyAsync(where, response, cancellation).ConfigureAwait(false);
            return response.StatusCode == HttpStatusCode.OK ? Fields(where, body.Span) : throw Refused(where, (int)response.StatusCode, body.Span);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new ApiKeyFileException($"{where}: {vault.Address} does not answer: {broken.Message.ReplaceLineEndings(" ")}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ApiKeyFileException($"{where}: {vault.Address} does not answer within {Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
        }
    }

    /// <summary>The one place where a secret becomes a string, because a header is one; it lives as long as the request.</summary>
    private static void AddToken(HttpRequestMessage request, string tokenFile)
    {
        using var token = KeyReader.ReadText(tokenFile);
        if (token.Span.ContainsAnyExceptInRange((byte)'!', (byte)'~')) throw new ApiKeyFileException($"{tokenFile}: expected a token of printable characters");
        request.Headers.Add("X-Vault-Token", Encoding.ASCII.GetString(token.Span));
    }

    private static async Task<SecretBytes> BodyAsync(string where, HttpResponseMessage response, CancellationToken cancellation)
    {
        using var room = new SecretBytes(AnswerBytesMax + 1);
        var length = 0;
        var stream = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            while (await stream.ReadAsync(room.Memory[length..], cancellation).ConfigureAwait(false) is > 0 and var read)
            {
                length += read;
                if (length > AnswerBytesMax) throw new ApiKeyFileException($"{where}: the answer is larger than {AnswerBytesMax} bytes");
            }
        }

        return new SecretBytes(room.Span[..length]);
    }

    private static SecretBytes Fields(string where, ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            if (Find(ref reader, "data") && Find(ref reader, "data") && reader.TokenType == JsonTokenType.StartObject)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                return new SecretBytes(body[start..(int)reader.BytesConsumed]);
            }
        }
        catch (JsonException)
        {
            // Told below; the parser's words may quote the secret.
        }

        throw new ApiKeyFileException($"{where}: expected an answer with fields in data.data, as the KV engine of version 2 gives it; version 1 has another path");
    }

    /// <summary>Moves to the value of a member of the object that the reader stands on.</summary>
    private static bool Find(ref Utf8JsonReader reader, string member)
    {
        if (reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(member);
            reader.Read();
            if (found) return true;
            reader.Skip();
        }

        return false;
    }

    private static ApiKeyFileException Refused(string where, int status, ReadOnlySpan<byte> body)
    {
        var words = Errors(body) is { Length: > 0 } errors ? $" ({errors})" : string.Empty;
        return new ApiKeyFileException(where + ": " + status switch
        {
            400 => $"Vault does not understand the request{words}",
            403 => $"Vault does not let this token read it{words}",
            404 => $"Vault has nothing there, or its newest version is deleted{words}",
            SealedOrDown => $"Vault is sealed or under maintenance{words}",
            >= 300 and < 400 => $"Vault redirects with {status.ToString(CultureInfo.InvariantCulture)}; expected the address of the node that answers itself",
            _ => $"Vault answers {status.ToString(CultureInfo.InvariantCulture)}{words}",
        });
    }

    /// <summary>The texts of <c>{"errors": [..]}</c>; empty for anything else, such as a proxy's page or the metadata of a deleted version.</summary>
    private static string Errors(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            if (!Find(ref reader, "errors") || reader.TokenType != JsonTokenType.StartArray) return string.Empty;
            var texts = new List<string>();
            while (reader.Read() && reader.TokenType == JsonTokenType.String) texts.Add(reader.GetString()!);
            var words = string.Concat(string.Join("; ", texts).Select(character => char.IsControl(character) ? ' ' : character)).Trim();
            return words.Length <= WordsMax ? words : words[..WordsMax] + "…";
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return string.Empty;
        }
    }
}
