using Actors.Host.CommandLine;
using Actors.Venue;

namespace Actors.Host.Tests.CommandLine;

public class ActorsCommandLineTests
{
    private readonly List<object> _invoked = [];
    private string _output = string.Empty;
    private string _error = string.Empty;

    [Fact]
    public async Task Nothing_at_all_means_run_with_its_defaults()
    {
        Assert.Equal(0, await Invoke());
        Assert.Equal(new RunOptions(null, "data", null, MarketActivity.Quiet, null, null, null, false), Assert.Single(_invoked));
    }

    [Fact]
    public async Task Flags_without_a_verb_mean_run()
    {
        Assert.Equal(0, await Invoke("--for", "30s", "--seed", "-7", "--market", "busy", "--data", "d", "--config=c", "--plain"));
        Assert.Equal(new RunOptions(TimeSpan.FromSeconds(30), "d", -7, MarketActivity.Busy, null, null, "c", true), Assert.Single(_invoked));
    }

    [Fact]
    public async Task A_running_venue_is_named_with_its_key()
    {
        Assert.Equal(0, await Invoke("run", "--venue", "http://127.0.0.1:1", "--keys", "k.json"));
        Assert.Equal(new RunOptions(null, "data", null, MarketActivity.Quiet, new Uri("http://127.0.0.1:1"), "k.json", null, false), Assert.Single(_invoked));
    }

    [Fact]
    public async Task The_other_verbs_get_what_was_given()
    {
        await Invoke("venue", "--port", "0", "--data", "v", "--market", "none");
        await Invoke("feed", "a", "b", "--json");
        await Invoke("audit", "s1");
        await Invoke("keys", "check", "f");
        await Invoke("keys", "check", "vault:a/b", "--url", "http://v", "--data", "d", "--config", "c", "--real");
        await Invoke("keys", "new", "f", "--name", "n", "--permissions", "none", "--cidrs", "10.0.0.1/32,::1/128");
        await Invoke("keys", "new", "f", "--permissions", "orderCancel,withdraw");
        await Invoke("keys", "encrypt", "f", "--passphrase", "p");
        Assert.Equal(new VenueVerbOptions(0, "v", null, MarketActivity.None), _invoked[0]);
        var feed = Assert.IsType<FeedOptions>(_invoked[1]);
        Assert.Equal(["a", "b"], feed.Files);
        Assert.True(feed.Json);
        Assert.Equal("audit s1", _invoked[2]);
        Assert.Equal(new KeysCheckOptions("f", null, "data", null, false), _invoked[3]);
        Assert.Equal(new KeysCheckOptions("vault:a/b", new Uri("http://v"), "d", "c", true), _invoked[4]);
        var made = Assert.IsType<KeysNewOptions>(_invoked[5]);
        Assert.Equal(("f", "n"), (made.File, made.Name));
        Assert.Empty(made.Permissions);
        Assert.Equal(["10.0.0.1/32", "::1/128"], made.Cidrs);
        Assert.Equal(["orderCancel", "withdraw"], Assert.IsType<KeysNewOptions>(_invoked[6]).Permissions);
        Assert.Equal(new KeysEncryptOptions("f", "p"), _invoked[7]);
    }

    [Fact]
    public async Task The_verbs_of_the_journal_get_what_was_given()
    {
        await Invoke("sessions", "--data", "d");
        await Invoke("journal", "export", "s1", "--to", "t");
        await Invoke("journal", "prune", "--keep", "24h", "--journal", "j");
        await Invoke("journal", "prune", "--keep", "24h", "--decisions");
        Assert.Equal(
            [
                new JournalOptions("d"), new ExportOptions("s1", new JournalOptions("data"), "t"), new PruneOptions(new JournalOptions("data", "j"), TimeSpan.FromDays(1), false),
                new PruneOptions(new JournalOptions("data"), TimeSpan.FromDays(1), true),
            ],
            _invoked);
    }

    [Fact]
    public async Task Real_money_is_asked_for_in_words()
    {
        await Invoke("run", "--venue", "https://v", "--keys", "k", "--real");
        Assert.True(Assert.IsType<RunOptions>(Assert.Single(_invoked)).Real);
    }

    [Theory]
    [InlineData("none", MarketActivity.None)]
    [InlineData("quiet", MarketActivity.Quiet)]
    [InlineData("busy", MarketActivity.Busy)]
    [InlineData("storm", MarketActivity.Storm)]
    [InlineData("Cascade", MarketActivity.Cascade)]
    public async Task Every_market_of_a_venue_has_its_word(string word, MarketActivity market)
    {
        Assert.Equal(0, await Invoke("venue", "--port", "0", "--data", "v", "--market", word, "--prices", "p.csv"));
        Assert.Equal(new VenueVerbOptions(0, "v", null, market, PriceFile: "p.csv"), Assert.Single(_invoked));
    }

    [Fact]
    public async Task A_recorded_market_is_named_with_its_session()
    {
        Assert.Equal(0, await Invoke("venue", "--port", "0", "--data", "v", "--market", "recorded", "--flow", "f.gz"));
        Assert.Equal(new VenueVerbOptions(0, "v", null, MarketActivity.Recorded, FlowFile: "f.gz"), Assert.Single(_invoked));
    }

    [Fact]
    public async Task A_venue_may_grant_more_requests_than_usual_and_says_what_it_expected()
    {
        Assert.Equal(0, await Invoke("venue", "--port", "0", "--data", "v", "--requests-per-minute", "1200"));
        Assert.Equal(new VenueVerbOptions(0, "v", null, MarketActivity.Quiet, RequestsPerMinute: 1_200), Assert.Single(_invoked));
        Assert.NotEqual(0, await Invoke("venue", "--port", "0", "--data", "v", "--requests-per-minute", "0"));
        Assert.Single(_invoked);
    }

    [Fact]
    public async Task A_run_may_replay_prices()
    {
        Assert.Equal(0, await Invoke("run", "--prices", "p.csv", "--market", "storm"));
        Assert.Equal(new RunOptions(null, "data", null, MarketActivity.Storm, null, null, null, false, "p.csv"), Assert.Single(_invoked));
    }

    [Theory]
    [InlineData("bogus", "unknown verb 'bogus'; expected run, venue, feed, audit, sessions, journal, keys", "actors --help")]
    [InlineData("journal prune", "--keep is missing", "actors journal prune --help")]
    [InlineData("keys chek f", "unknown verb 'chek'; expected check, new, encrypt", "actors keys --help")]
    [InlineData("keys", "a verb is missing; expected check, new, encrypt", "actors keys --help")]
    [InlineData("run --fro 3", "unknown flag '--fro'; expected one of --clock, --config, --data, --for", "actors run --help")]
    [InlineData("--fro 3", "unknown flag '--fro'", "actors run --help")]
    [InlineData("run extra", "'extra' was not expected after 'run'", "actors run --help")]
    [InlineData("run --plain=maybe", "'maybe' was not expected after 'run'", "actors run --help")]
    [InlineData("run --for", "--for: its value is missing", "actors run --help")]
    [InlineData("run --for 3x", "--for: '3x' is not a duration like 500ms, 30s, 10m or 1h", "actors run --help")]
    [InlineData("run --for 3s --for 4s", "--for: given more than once", "actors run --help")]
    [InlineData("run --seed one", "--seed: 'one' is not a whole number", "actors run --help")]
    [InlineData("run --market none", "--market: 'none' is not quiet or busy or storm or cascade", "actors run --help")]
    [InlineData("run --venue http://x", "--venue needs --keys", "actors run --help")]
    [InlineData("run --keys f", "--keys needs --venue", "actors run --help")]
    [InlineData("run --venue x --keys f", "--venue: 'x' is not an address like http://127.0.0.1:8080", "actors run --help")]
    [InlineData("run --venue ftp://x --keys f", "--venue: 'ftp://x' is not an address", "actors run --help")]
    [InlineData("run --venue http://x --keys f --seed 1", "--seed is for the embedded venue", "actors run --help")]
    [InlineData("run --venue http://x --keys f --market busy", "--market is for the embedded venue", "actors run --help")]
    [InlineData("run --venue http://x --keys f --prices p", "--prices is for the embedded venue", "actors run --help")]
    [InlineData("venue --port 1 --data d --market recorded", "--market recorded needs --flow", "actors venue --help")]
    [InlineData("venue --port 1 --data d --flow f", "--flow needs --market recorded", "actors venue --help")]
    [InlineData("venue --port 1", "--data is missing", "actors venue --help")]
    [InlineData("venue --data d", "--port is missing", "actors venue --help")]
    [InlineData("venue --port 65536 --data d", "--port: '65536' is not a port between 0 and 65535", "actors venue --help")]
    [InlineData("venue --port 1 --data d --market calm", "--market: 'calm' is not none or quiet or busy or storm or cascade or recorded", "actors venue --help")]
    [InlineData("feed", "FILE is missing", "actors feed --help")]
    [InlineData("feed f --jason", "unknown flag '--jason'", "actors feed --help")]
    [InlineData("audit --at noon", "--at: 'noon' is not a time in UTC like 2026-09-01T12:30:00", "actors audit --help")]
    [InlineData("audit s --deep", "unknown flag '--deep'; expected one of --at, --data, --journal, --key, --report, --what-if", "actors audit --help")]
    [InlineData("audit a b", "'b' was not expected after 'audit'", "actors audit --help")]
    [InlineData("keys check", "FILE is missing", "actors keys check --help")]
    [InlineData("run --real", "--real needs --venue", "actors run --help")]
    [InlineData("run --venue http://localhost --keys f --real --restart-parts 1", "--restart-parts is for venues on this machine", "actors run --help")]
    [InlineData("run --venue http://localhost --keys f --real --clock 60,2026-09-24T19:45:00Z,2026-11-28T12:00:00Z", "--clock is for venues on this machine", "actors run --help")]
    [InlineData("run --venue https://v --keys f --clock 60,2026-09-24T19:45:00Z,2026-11-28T12:00:00Z", "--clock is for venues on this machine", "actors run --help")]
    [InlineData("run --clock 60,yesterday", "--clock: '60,yesterday' is not a speed from 1 to 1000", "actors run --help")]
    [InlineData("run --venue https://v --keys f --restart-parts 1", "--restart-parts is for venues on this machine", "actors run --help")]
    [InlineData("keys new f --permissions steal", "--permissions: 'steal' is not a list", "actors keys new --help")]
    [InlineData("keys new f --cidrs 10.0.0.1/33", "--cidrs: '10.0.0.1/33' is not a list", "actors keys new --help")]
    [InlineData("keys encrypt f", "--passphrase is missing", "actors keys encrypt --help")]
    [InlineData("risk resume operator", "--reason is missing", "actors risk resume --help")]
    [InlineData("risk check --symbol X --side up --quantity 1", "--side: 'up' is not buy or sell", "actors risk check --help")]
    [InlineData("@file", "unknown verb '@file'", "actors --help")]
    public async Task A_wrong_line_is_told_in_one_line_and_ends_with_2(string line, string what, string where)
    {
        Assert.Equal(2, await Invoke(line.Split(' ')));
        var message = Assert.Single(_error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("actors: " + what, message, StringComparison.Ordinal);
        Assert.EndsWith($"see '{where}'", message, StringComparison.Ordinal);
        Assert.Empty(_output);
        Assert.Empty(_invoked);
    }

    [Theory]
    [InlineData("--help", "actors run --for 30s")]
    [InlineData("run --help", "actors run --venue http")]
    [InlineData("--plain --help", "actors run --venue http")]
    [InlineData("venue --help", "actors venue --port 8080")]
    [InlineData("feed -h", "--json")]
    [InlineData("audit --help", "actors audit ")]
    [InlineData("keys --help", "actors keys check")]
    [InlineData("keys check --help", "actors keys check")]
    [InlineData("keys new --help", "actors keys new")]
    [InlineData("keys encrypt --help", "actors keys encrypt")]
    [InlineData("risk --help", "actors risk show")]
    [InlineData("risk check --help", "actors risk check --symbol")]
    public async Task Help_shows_the_usage_and_examples(string line, string example)
    {
        Assert.Equal(0, await Invoke(line.Split(' ')));
        var help = _output;
        Assert.Contains("Usage:", help, StringComparison.Ordinal);
        Assert.Contains(example, help[help.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Empty(_error);
        Assert.Empty(_invoked);
    }

    [Fact]
    public async Task A_verb_that_cannot_go_on_is_told_in_one_line_too()
    {
        var line = new ActorsCommandLine(Actions() with { Audit = _ => throw new UsageException("broken") });
        Assert.Equal(2, await Invoke(line, "audit", "s"));
        Assert.Equal("actors: broken" + Environment.NewLine, _error);
    }

    private Task<int> Invoke(params string[] line) => Invoke(new ActorsCommandLine(Actions()), line);

    private async Task<int> Invoke(ActorsCommandLine commandLine, params string[] line)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var result = await commandLine.InvokeAsync(line, output, error);
        (_output, _error) = (output.ToString(), error.ToString());
        return result;
    }

    private VerbActions Actions() => new(
        Record, Record, Record, audit => Record("audit " + audit.Session), Record, Record, Record, new KeysActions(Record, Record, Record), Record, Record);

    private Task<int> Record(object options)
    {
        _invoked.Add(options);
        return Task.FromResult(0);
    }
}
