using System.Globalization;
using System.Text;
using System.Text.Json;
using Actors.Host.Logs;
using Serilog;
using Serilog.Events;

namespace Actors.Host.Tests.Logs;

public class LoggingTests
{
    /// <summary>With characters that JSON escapes, as a secret may have.</summary>
    private const string Secret = "s3cr\"et+va<lue/\\x";

    [Fact]
    public void The_file_holds_one_JSON_object_a_line_with_what_was_said()
    {
        var (file, _) = Written(logger => logger.Information("order {OrderId} filled at {Price}", "o1", 64000.5m));
        using var line = JsonDocument.Parse(Assert.Single(file.TrimEnd('\n').Split('\n')));
        Assert.Equal("o1", line.RootElement.GetProperty("OrderId").GetString());
        Assert.Equal(64000.5m, line.RootElement.GetProperty("Price").GetDecimal());
        Assert.Equal("order {OrderId} filled at {Price}", line.RootElement.GetProperty("@mt").GetString());
    }

    [Fact]
    public void The_terminal_gets_one_short_line_an_event_without_control_characters()
    {
        var (_, terminal) = Written(logger =>
        {
            logger.Information("phase {Phase:l}", "trading");
            logger.Warning(new InvalidOperationException("first\nsecond\u001b[2J"), "late");
        });
        var lines = terminal.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.EndsWith(" info  phase trading", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" warn  late: InvalidOperationException: first second [2J", lines[1], StringComparison.Ordinal);
        Assert.True(TimeOnly.TryParseExact(lines[0][..8], "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
    }

    [Fact]
    public void What_is_below_the_level_is_not_written()
    {
        var (file, terminal) = Written(logger =>
        {
            logger.Debug("too low");
            logger.Information("high enough");
        });
        Assert.Contains("high enough", file, StringComparison.Ordinal);
        Assert.DoesNotContain("too low", file + terminal, StringComparison.Ordinal);
    }

    [Fact]
    public void From_inside_the_terminal_hears_of_trouble_only_and_the_file_of_everything()
    {
        var (file, terminal) = Written(logger =>
        {
            logger.ForContext("SourceContext", "Actors.Engine.Thing").Information("chatter");
            logger.ForContext("SourceContext", "Actors.Engine.Thing").Warning("warned");
        });
        Assert.Contains("chatter", file, StringComparison.Ordinal);
        Assert.DoesNotContain("chatter", terminal, StringComparison.Ordinal);
        Assert.Contains("warned", terminal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_known_secret_is_written_nowhere_whatever_way_it_came_in()
    {
        var (file, terminal) = Written(logger =>
        {
            logger.Information("message with " + Secret.Replace("{", "{{", StringComparison.Ordinal));
            logger.Information("property {Whatever}", Secret);
            logger.Information("inside {Whatever}", $"https://x/?a={Secret}&b");
            logger.Information("object {@Whatever}", new { Inner = new { Deep = Secret } });
            logger.Information("list {Whatever}", new List<string> { "a", Secret });
            logger.Information("map {Whatever}", new Dictionary<string, string> { [Secret] = Secret });
            logger.Error(new InvalidOperationException("outer " + Secret, new FormatException(Secret)), "failed");
            logger.ForContext("Extra", Secret).Warning("context");
        });
        foreach (var written in new[] { file, terminal })
        {
            Assert.DoesNotContain(Secret, written, StringComparison.Ordinal);
            Assert.DoesNotContain(JsonEncodedText.Encode(Secret).ToString(), written, StringComparison.Ordinal);
            Assert.DoesNotContain("s3cr", written, StringComparison.Ordinal);
            Assert.Contains(SecretRegistry.Mask, written, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("a secret in the middle, and a secret again", "a *** in the middle, and a *** again")]
    [InlineData("secret", "***")]
    [InlineData("secretsecret", "******")]
    [InlineData("longer-secret-first", "***-first")]
    [InlineData("nothing here", "nothing here")]
    [InlineData("", "")]
    public void Every_occurrence_is_masked_and_the_longest_value_first(string text, string covered)
    {
        using var secrets = new SecretRegistry();
        secrets.Add("secret"u8);
        secrets.Add("longer-secret"u8);
        secrets.Add("short"u8);
        Assert.Equal(covered, secrets.Cover(text));
        Assert.Equal("short", secrets.Cover("short"));
    }

    [Fact]
    public void Nothing_is_known_after_dispose()
    {
        var secrets = new SecretRegistry();
        secrets.Add("the-secret"u8);
        Assert.Equal("***", secrets.Cover("the-secret"));
        secrets.Dispose();
        Assert.Equal("the-secret", secrets.Cover("the-secret"));
    }

    /// <summary>Every character that JSON, the log or a quotation writes otherwise, in every one of these ways.</summary>
    [Theory]
    [InlineData("quote\"quote")]
    [InlineData("back\\slash")]
    [InlineData("line\nline\r\f\tend")]
    [InlineData("bell\u0007\u001fend")]
    [InlineData("umlaut-äöü-€-\ud83d\ude00")]
    [InlineData("plus+and<angle>&amp'apostrophe")]
    public void What_escaping_makes_of_a_secret_is_masked_too(string secret)
    {
        var (file, terminal) = Written(
            logger =>
            {
                logger.Information("said {Whatever}", secret);
                logger.Information("serialised {Whatever}", JsonSerializer.Serialize(secret));
                logger.Error(new InvalidOperationException(secret), "failed");
            },
            secret);
        foreach (var piece in secret.Split('"', '\\', '\n').Where(piece => piece.Length > 3))
        {
            Assert.DoesNotContain(JsonEncodedText.Encode(piece).ToString(), file, StringComparison.Ordinal);
            Assert.DoesNotContain(piece, file, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(secret, terminal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Secret")]
    [InlineData("apiKey")]
    [InlineData("api-key")]
    [InlineData("api_secret")]
    [InlineData("Signature")]
    [InlineData("Authorization")]
    public void A_property_that_is_named_like_a_secret_is_masked_though_nobody_knows_its_value(string name)
    {
        var (file, terminal) = Written(logger =>
        {
            logger.ForContext(name, "unregistered").Information("scalar");
            logger.Information("map {Values}", new Dictionary<string, string> { [name] = "unregistered" });
            logger.Information("object {@Values}", new { Key = new { ApiSecret = "unregistered", Signature = "unregistered" } });
        });
        Assert.DoesNotContain("unregistered", file + terminal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OrderId")]
    [InlineData("SecretCount")]
    [InlineData("KeyName")]
    public void Other_names_are_left_alone(string name)
    {
        var (file, _) = Written(logger => logger.ForContext(name, "kept").Information("scalar"));
        Assert.Contains("kept", file, StringComparison.Ordinal);
    }

    private static (string File, string Terminal) Written(Action<ILogger> write, string secret = Secret)
    {
        using var folder = new TemporaryFolder();
        using var terminal = new StringWriter();
        using var secrets = new SecretRegistry();
        using (var logger = Logging.Configure(folder.Path, terminal, LogEventLevel.Information, secrets))
        {
            secrets.Add(Encoding.UTF8.GetBytes(secret));
            write(logger);
        }

        var file = Assert.Single(Directory.GetFiles(folder.Path, "actors-*.jsonl"));
        return (File.ReadAllText(file), terminal.ToString());
    }
}
