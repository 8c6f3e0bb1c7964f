using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Venue;

/// <summary>A file of keys that cannot be used, or a port that cannot be had. The message is one line.</summary>
public sealed class VenueStartException : Exception
{
    public VenueStartException(string message)
        : base(message)
    {
    }

    public VenueStartException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public VenueStartException()
    {
    }
}

/// <summary>
/// Owns the demo accounts' keys: made once from the system's own randomness, kept in <c>keys/NAME.json</c> that only the owner may
/// read, and read again on every later start. Without a directory they live as long as the process.
/// </summary>
internal static class KeyStore
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        PropertyNameCaseInsensitive = false,
    };

    public static IReadOnlyList<VenueKey> Load(string? dataDirectory, IEnumerable<string> names) =>
        [.. names.Select(name => dataDirectory is null ? NewKey(name) : ReadOrCreate(Path.Combine(dataDirectory, "keys"), name))];

    /// <summary>Further keys of the same accounts, from files <c>keys/NAME-ANYTHING.json</c>, with the index of the account: a key of its own for a guard, say.</summary>
    public static IReadOnlyList<(int Account, VenueKey Key)> LoadMore(string? dataDirectory, IReadOnlyList<string> names)
    {
        if (dataDirectory is null) return [];
        var directory = Path.Combine(dataDirectory, "keys");
        try
        {
            return [.. names.SelectMany((name, account) => Directory.GetFiles(directory, name + "-*.json").Order(StringComparer.Ordinal).Select(path => (account, Read(path))))];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new VenueStartException($"{directory}: cannot be read: {exception.Message}", exception);
        }
    }

    private static VenueKey ReadOrCreate(string directory, string name)
    {
        var path = Path.Combine(directory, name + ".json");
        try
        {
            if (File.Exists(path)) return Read(path);
            CreateDirectory(directory);
            var key = NewKey(name);
            Write(path, key);
            return key;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new VenueStartException($"{path}: cannot be read or written: {exception.Message}", exception);
        }
    }

    private static VenueKey Read(string path)
    {
        try
        {
            var row = JsonSerializer.Deserialize<KeyFile>(File.ReadAllBytes(path), Format);
            return row is { Id.Length: > 0, Secret.Length: > 0 }
                ? new VenueKey(row.Name, row.Id, row.Secret, row.Permissions, row.Cidrs)
                : throw new VenueStartException($"{path}: expected an id and a secret that are not empty");
        }
        catch (JsonException exception)
        {
            // The parser's own message may quote the file, which holds a secret.
            throw new VenueStartException($"{path}: expected a JSON object with name, id, secret, permissions and cidrs, wrong at {exception.Path ?? "its start"}");
        }
    }

    private static void Write(string path, VenueKey key)
    {
        // Whole or not at all: a start that is killed here must not leave half a key behind.
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        using (var stream = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(stream, new KeyFile(key.Name, key.Id, key.Secret, key.Permissions, key.Cidrs), Format);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
    }

    private static void CreateDirectory(string directory)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static VenueKey NewKey(string name) =>
        new(name, RandomNumberGenerator.GetString(Alphabet, 24), RandomNumberGenerator.GetString(Alphabet, 48), [Wire.Authenticator.Order, Wire.Authenticator.OrderCancel], []);

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private sealed record KeyFile(
        [property: JsonRequired] string Name,
        [property: JsonRequired] string Id,
        [property: JsonRequired] string Secret,
        [property: JsonRequired] IReadOnlyList<string> Permissions,
        [property: JsonRequired] IReadOnlyList<string> Cidrs);
}
