using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Actors.Bitmex;
using Actors.Host.CommandLine;
using Actors.Host.Configuration;
using Actors.Host.Keys;

namespace Actors.Host.Verbs;

/// <summary><c>actors keys</c>: checks, makes and encrypts keys. Secrets are never printed in the open.</summary>
internal sealed class KeysVerb(TextWriter output, TextWriter error)
{
    private const int IdLength = 24;
    private const int SecretLength = 48;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly byte[] Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"u8.ToArray();

    public async Task<int> CheckAsync(KeysCheckOptions options)
    {
        var settings = KeysFile.Read(options.ConfigDirectory ?? ConfigurationFolder.Default);
        using var key = await new KeyReader(settings, words => error.WriteLine($"actors: {words}")).ReadAsync(options.Source, CancellationToken.None).ConfigureAwait(false);
        await output.WriteLineAsync($"{key}, fingerprint {key.Fingerprint}").ConfigureAwait(false);
        if (options.Venue is not { } venue) throw new UsageException("the venue was not asked about the key: --url with its address is missing");
        var place = VenuePlaces.Of(venue);
        var port = new BitmexVenuePort(new BitmexOptions { RestBase = venue, KeyId = key.Id, Secret = key.Secret.Memory });
        await using (port.ConfigureAwait(false))
        {
            return await port.OwnKeyAsync(CancellationToken.None).ConfigureAwait(false) switch
            {
                OwnKeyAnswer.Known known => Judge(settings, new KeyFacts(
                    key.Name, key.Fingerprint, known, place, options.Real, FingerprintFile.Read(options.DataDirectory).OtherPlaces(key.Fingerprint, place))),
                OwnKeyAnswer.Refused(var reason) => Tell([new RuleFinding("enabled", RuleOutcome.Refused, $"the venue refuses it: {reason}")]),
                OwnKeyAnswer.NotAsked(var reason) => throw new UsageException($"the venue could not be asked about the key: {reason}"),
                var other => throw new InvalidOperationException($"an answer that nobody knows: {other}"),
            };
        }
    }

    public async Task<int> NewAsync(KeysNewOptions options)
    {
        var name = options.Name ?? Path.GetFileNameWithoutExtension(options.File);
        var id = RandomNumberGenerator.GetString(Encoding.ASCII.GetChars(Alphabet), IdLength);
        using var secret = new SecretBytes(SecretLength);
        RandomNumberGenerator.GetItems<byte>(Alphabet, secret.Span);
        using var content = new SecretBuffer();
        await using (var writer = new Utf8JsonWriter(content, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("id", id);
            writer.WriteString("secret", secret.Span);
            WriteTexts(writer, "permissions", options.Permissions);
            WriteTexts(writer, "cidrs", options.Cidrs);
            writer.WriteEndObject();
        }

        Write(options.File, content.Written);
        await output.WriteLineAsync($"{options.File}: key {id} ({name}), fingerprint {ApiKeyFile.FingerprintOf(id)}").ConfigureAwait(false);
        return ExitCode.Success;
    }

    public async Task<int> EncryptAsync(KeysEncryptOptions options)
    {
        try
        {
            using var content = SecretFile.Read(options.File);
            using var key = ApiKeyFile.Parse(options.File, content.Span); // what is not a key is found now and not when it is needed
            using var passphrase = KeyReader.ReadText(options.Passphrase);
            await output.WriteLineAsync(EncryptedKey.Encrypt(content.Span, passphrase.Span)).ConfigureAwait(false);
            return ExitCode.Success;
        }
        catch (ApiKeyFileException problem)
        {
            throw new UsageException(problem.Message);
        }
    }

    private int Judge(KeySettings settings, KeyFacts facts) => Tell(KeyPolicy.Judge(settings, facts));

    private int Tell(IReadOnlyList<RuleFinding> findings)
    {
        foreach (var finding in findings) output.WriteLine(finding.ToString());
        return KeyPolicy.IsRefused(findings) ? ExitCode.Problem : ExitCode.Success;
    }

    private static void WriteTexts(Utf8JsonWriter writer, string field, IEnumerable<string> texts)
    {
        writer.WriteStartArray(field);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            {
                if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
                else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            }

            using var file = new FileStream(path, options);
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{path}: cannot be made: {problem.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>What a JSON writer writes into, cleared afterwards; larger than any key.</summary>
    private sealed class SecretBuffer : IBufferWriter<byte>, IDisposable
    {
        private const int Room = 64 * 1024;

        private readonly SecretBytes _bytes = new(Room);
        private int _written;

        public ReadOnlySpan<byte> Written => _bytes.Span[.._written];

        public void Advance(int count) => _written += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => Room - _written >= sizeHint ? _bytes.Memory[_written..] : throw new UsageException($"the key would be larger than {Room} bytes");

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public void Dispose() => _bytes.Dispose();
    }
}
