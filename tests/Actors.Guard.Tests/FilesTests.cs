using Actors.Guard.Tests.Support;

namespace Actors.Guard.Tests;

/// <summary>What is refused at the start, with the words a person gets.</summary>
public sealed class FilesTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Must = """{ "watch": "blind", "cancel": "9s" }, { "watch": "ownFailures", "cancel": 1 }""";

    private readonly string _folder = Directory.CreateTempSubdirectory("actors-guard-").FullName;

    [Fact]
    public void The_limits_file_that_is_shipped_is_understood()
    {
        var settings = LimitsFile.Read(Path.Combine(AppContext.BaseDirectory, "config", "guard.json"));
        Assert.True(settings.Does(Step.Cancel) && settings.Does(Step.Stop) && settings.Does(Step.Flatten));
        Assert.Contains("XBTUSD", settings.Limits.Single(limit => limit.Name == "positionSize *").Except);
    }

    [Theory]
    [InlineData("""{ "watch": "openOrders", "cancel": 5, "cancle": 6 }""", 4, "unknown key 'cancle'")]
    [InlineData("""{ "watch": "openOrder", "cancel": 5 }""", 4, "unknown watch 'openOrder'")]
    [InlineData("""{ "watch": "openOrders", "cancel": -5 }""", 4, "negative bound -5")]
    [InlineData("""{ "watch": "openOrders", "cancel": null }""", 4, "cancel has no value")]
    [InlineData("""{ "watch": "openOrders" }""", 4, "has no bound")]
    [InlineData("""{ "watch": "openOrders", "cancel": "5" }""", 4, "expected a number")]
    [InlineData("""{ "watch": "openOrders", "cancel": 1.5 }""", 4, "expected a whole number")]
    [InlineData("""{ "watch": "openOrders", "cancel": 500 }""", 4, "expected at most 499")]
    [InlineData("""{ "watch": "openOrders", "cancel": 5, "cancel": 6 }""", 4, "'cancel' is given twice")]
    [InlineData("""{ "watch": "positionSize", "cancel": 5 }""", 4, "symbol is missing")]
    [InlineData("""{ "watch": "marginUsed", "cancel": 5 }""", 4, "currency is missing")]
    [InlineData("""{ "watch": "stillOrders", "cancel": 5 }""", 4, "expected a duration")]
    [InlineData("""{ "watch": "openOrders", "alert": 6, "cancel": 5 }""", 4, "cancel: comes before a milder step")]
    [InlineData("""{ "watch": "openOrders", "cancel": 6, "flatten": 5 }""", 4, "flatten: comes before a milder step")]
    [InlineData("""{ "watch": "availableMargin", "currency": "XBt", "alert": 5, "cancel": 6 }""", 4, "cancel: comes before a milder step")]
    [InlineData("{ \"watch\": \"openOrders\", \"cancel\": 5 },\n{ \"watch\": \"openOrders\", \"cancel\": 6 }", 5, "has a limit on line 4 already")]
    [InlineData("""{ "watch": "openOrders", "stop": 6 }""", 1, "engine is missing")]
    [InlineData("""{ "watch": "openOrders" "cancel": 6 }""", 4, "not JSON")]
    public void A_limits_file_with_a_fault_is_refused_with_line_and_reason(string limit, int line, string reason)
    {
        var path = Write($"{{\n{Timing}\n\"limits\": [\n{limit}, {Must} ] }}");
        var refusal = Assert.Throws<RefusalException>(() => LimitsFile.Read(path));
        Assert.StartsWith($"{path}:{line}: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "watch": "blind", "cancel": "9s" }""", "ownFailures must be there")]
    [InlineData("""{ "watch": "blind", "alert": "9s" }, { "watch": "ownFailures", "cancel": 1 }""", "blind must be there")]
    public void A_guard_that_would_not_act_when_blind_or_broken_is_refused(string limits, string reason)
    {
        var refusal = Assert.Throws<RefusalException>(() => LimitsFile.Read(Write($"{{ {Timing} \"limits\": [ {limits} ] }}")));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "command": "c", "stopGrace": "1s" }""", "pidFile is missing")]
    [InlineData("""{ "pidFile": "a", "stopGrace": "1s" }""", "command is missing")]
    [InlineData("""{ "pidFile": "a", "command": "c" }""", "stopGrace is missing")]
    public void An_engine_that_cannot_be_found_is_refused(string engine, string reason)
    {
        var refusal = Assert.Throws<RefusalException>(() => LimitsFile.Read(Write($"{{ {Timing} \"engine\": {engine}, \"limits\": [ {Must} ] }}")));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"id\": \"a\", \"secret\": \"topsecret\", }", "not JSON")]
    [InlineData("topsecret", "not JSON")]
    [InlineData("{ \"id\": \"a\" }", "secret is missing")]
    [InlineData("[]", "expected an object")]
    public void A_key_file_with_a_fault_is_refused_without_its_secret(string content, string reason)
    {
        var path = Write(content);
        File.SetUnixFileMode(path, Owner);
        var refusal = Assert.Throws<RefusalException>(() => KeyFile.Read(path));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.UserExecute)]
    public void A_key_file_that_is_looser_than_0600_is_refused(UnixFileMode more)
    {
        var path = Write("""{ "name": "guard", "id": "a", "secret": "topsecret", "permissions": [], "cidrs": [] }""");
        File.SetUnixFileMode(path, Owner | more);
        Assert.Contains("mode 0600", Assert.Throws<RefusalException>(() => KeyFile.Read(path)).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        Assert.Equal("key a", KeyFile.Read(path).ToString());
    }

    [Theory]
    [InlineData("flatten", "order", null)]
    [InlineData("flatten", "order orderCancel", null)]
    [InlineData("flatten", "orderCancel", "needs the permission order,")]
    [InlineData("flatten", "order withdraw", "may withdraw")]
    [InlineData("cancel", "orderCancel", null)]
    [InlineData("cancel", "order", "needs the permission orderCancel, because nothing is to be flattened")]
    [InlineData("cancel", "order orderCancel", "may order, which")]
    [InlineData("cancel", "", "needs the permission orderCancel")]
    [InlineData("cancel", "orderCancel withdraw", "may withdraw")]
    [InlineData("cancel", null, "does not tell")]
    public void A_key_may_do_what_is_needed_and_no_more(string step, string? permissions, string? reason)
    {
        var settings = LimitsFile.Read(Write($$"""{ {{Timing}} "limits": [ { "watch": "openOrders", "{{step}}": 1 }, {{Must}} ] }"""));
        var list = permissions?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (reason is null) Assert.StartsWith("key: it may", KeyPolicy.Check(settings, list), StringComparison.Ordinal);
        else Assert.Contains(reason, Assert.Throws<RefusalException>(() => KeyPolicy.Check(settings, list)).Message, StringComparison.Ordinal);
    }

    [Theory]
    // The venue's published vectors.
    [InlineData("GET", "/api/v1/instrument", 1518064236, "", "c7682d435d0cfe87c16098df34ef2eb5a549d4c5a3c2b1f0f77b8af73423bf00")]
    [InlineData("GET", "/api/v1/instrument?filter=%7B%22symbol%22%3A+%22XBTM15%22%7D", 1518064237, "", "e2f422547eecb5b3cb29ade2127e21b858b235b386bfa45e1c1756eb3383919f")]
    [InlineData("POST", "/api/v1/order", 1518064238, """{"symbol":"XBTM15","price":219.0,"clOrdID":"mm_bitmex_1a/oemUeQ4CAJZgP3fjHsA","orderQty":98}""", "1749cd2ccae4aa49048ae09f0b95110cee706e0944e6a14ad0b3a8cb45bd336b")]
    public void A_request_is_signed_as_published(string verb, string path, long expires, string body, string expected) =>
        Assert.Equal(expected, VenueClient.Sign("chNOOS4KvNXR_Xq4k4c9qsfoKWvnDecLATCRlcBwyKDYnWgO"u8.ToArray(), verb, path, expires, body));

    [Fact]
    public void The_state_outlives_its_writer_and_has_one_owner()
    {
        var path = Path.Combine(_folder, "state", "guard.json");
        var latch = new Latch("openOrders", [Step.Cancel, Step.Stop], "openOrders is 7", AccountRows.Noon);
        using (var file = new StateFile(path))
        {
            file.Lock();
            Assert.Throws<RefusalException>(() => new StateFile(path).Lock());
            Assert.Empty(file.Read().Latches);
            file.Write(new State(new Dictionary<string, LossReference> { ["XBt"] = new(new DateOnly(2026, 11, 22), 1, 2, 3) }, [latch]));
        }

        using var next = new StateFile(path);
        next.Lock();
        var state = next.Read();
        Assert.Equal(new LossReference(new DateOnly(2026, 11, 22), 1, 2, 3), state.Losses["XBt"]);
        Assert.Equal(latch.ToString(), Assert.Single(state.Latches).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{ \"Losses\": {}, \"Latches\": [], \"More\": 1 }")]
    [InlineData("{ \"Losses\": {}, \"Latches\": [")]
    [InlineData("{ \"Losses\": {}, \"Latches\": [ { \"Limit\": \"x\", \"Steps\": [ \"Explode\" ], \"Finding\": \"\", \"At\": \"2026-11-22T12:00:00Z\" } ] }")]
    public void A_state_file_that_cannot_be_understood_is_refused(string content)
    {
        var path = Write(content);
        using var file = new StateFile(path);
        Assert.StartsWith(path, Assert.Throws<RefusalException>(() => file.Read()).Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private const string Timing =
        """
        "timing": { "judgeEvery": "500ms", "crossCheckEvery": "15s", "pollEvery": "5s", "socketSilence": "10s", "repeatEvery": "10s" },
        """;

    private string Write(string content)
    {
        var path = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, content);
        return path;
    }
}
