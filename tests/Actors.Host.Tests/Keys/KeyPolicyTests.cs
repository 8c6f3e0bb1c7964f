using Actors.Bitmex;
using Actors.Host.Keys;

namespace Actors.Host.Tests.Keys;

/// <summary>The policy as a table: one thing about a key or the configuration is changed, one rule answers.</summary>
public class KeyPolicyTests
{
    private const string Machine = "http://127.0.0.1:8080";
    private const string Testnet = "https://testnet.bitmex.com";
    private const string Production = "https://www.bitmex.com";

    private static readonly string Print = ApiKeyFile.FingerprintOf("ID");

    private static readonly KeySettings Test = new(false, false, RefusesWideNetworks: true, [], [], null, null);
    private static readonly KeySettings Real = Test with { IsProduction = true, TradesForReal = true };

    [Theory]
    [InlineData(Machine)]
    [InlineData(Testnet)]
    [InlineData(Production)]
    public void A_good_key_passes_every_rule(string venue)
    {
        var findings = KeyPolicy.Judge(venue == Production ? Real : Test, Facts(venue));
        Assert.Equal(["enabled", "withdraw", "order", "network", "elsewhere", "environment", "real money"], findings.Select(finding => finding.Rule));
        Assert.All(findings, finding => Assert.Equal(RuleOutcome.Passed, finding.Outcome));
        Assert.False(KeyPolicy.IsRefused(findings));
    }

    [Theory]
    [InlineData("order", true)]
    [InlineData("order,orderCancel", true)]
    [InlineData("orderCancel", false)]
    [InlineData("", false)]
    [InlineData("Order", false)] // the venue's words are exact
    public void It_must_be_able_to_place_orders(string permissions, bool passes) =>
        Check(Test, Facts(Testnet) with { Venue = Known(permissions) }, "order", passes ? RuleOutcome.Passed : RuleOutcome.Refused);

    [Theory]
    [InlineData("order,withdraw")]
    [InlineData("withdraw")]
    [InlineData("order,Withdraw")]
    public void It_must_not_withdraw_anywhere(string permissions)
    {
        Check(Test, Facts(Testnet) with { Venue = Known(permissions) }, "withdraw", RuleOutcome.Refused);
        Check(Test, Facts(Machine) with { Venue = Known(permissions) }, "withdraw", RuleOutcome.Refused);
        Check(Real, Facts(Production) with { Venue = Known(permissions) }, "withdraw", RuleOutcome.Refused);
    }

    [Fact]
    public void It_must_be_switched_on() =>
        Check(Test, Facts(Testnet) with { Venue = Known("order") with { Enabled = false } }, "enabled", RuleOutcome.Refused);

    [Theory]
    [InlineData("10.0.0.1/32", "Passed")]
    [InlineData("10.0.0.1", "Passed")]
    [InlineData("10.0.0.1/32,10.0.0.2/32", "Passed")]
    [InlineData("2001:db8::1/128", "Passed")]
    [InlineData("", "Refused")]
    [InlineData("0.0.0.0/0", "Refused")]
    [InlineData("10.0.0.0/31", "Refused")]
    [InlineData("10.0.0.1/32,10.0.0.0/8", "Refused")]
    [InlineData("2001:db8::/32", "Refused")]
    [InlineData("not a network", "Refused")]
    public void One_address_may_use_it(string cidrs, string outcome)
    {
        var strict = Enum.Parse<RuleOutcome>(outcome);
        var key = Facts(Testnet) with { Venue = Known("order", cidrs) };
        Check(Test, key, "network", strict);
        Check(Test with { RefusesWideNetworks = false }, key, "network", strict == RuleOutcome.Refused ? RuleOutcome.Warned : strict);
        Check(Test, key with { Place = VenuePlace.ThisMachine }, "network", RuleOutcome.Passed);
    }

    [Fact]
    public void A_warning_does_not_refuse() =>
        Assert.False(KeyPolicy.IsRefused(KeyPolicy.Judge(Test with { RefusesWideNetworks = false }, Facts(Testnet) with { Venue = Known("order", "") })));

    [Theory]
    [InlineData("file name", "other", true)]
    [InlineData("FILE NAME", "other", true)]
    [InlineData("venue name", "other", true)]
    [InlineData("file", "other", false)]
    [InlineData("other", "ID", true)]
    public void It_must_not_belong_to_another_tool(string name, string id, bool refused) => Check(
        Test with { NamesElsewhere = ["x", name], FingerprintsElsewhere = [ApiKeyFile.FingerprintOf(id)] }, Facts(Testnet), "elsewhere", refused ? RuleOutcome.Refused : RuleOutcome.Passed);

    [Fact]
    public void It_must_not_have_been_used_elsewhere_before() => Check(Test, Facts(Testnet) with { UsedBefore = ["production"] }, "elsewhere", RuleOutcome.Refused);

    [Theory]
    [InlineData(false, Machine, "Passed")]
    [InlineData(false, Testnet, "Passed")]
    [InlineData(false, Production, "Refused")]
    [InlineData(true, Machine, "Refused")]
    [InlineData(true, Testnet, "Refused")]
    [InlineData(true, Production, "Passed")]
    public void The_venue_is_of_the_kind_that_the_configuration_names(bool production, string venue, string outcome) =>
        Check(Real with { IsProduction = production }, Facts(venue), "environment", Enum.Parse<RuleOutcome>(outcome));

    [Theory]
    [InlineData(Production, false, false, "Refused")]
    [InlineData(Production, true, false, "Passed")]
    [InlineData(Production, false, true, "Passed")]
    [InlineData(Testnet, false, false, "Passed")]
    [InlineData(Machine, false, false, "Passed")]
    public void Real_money_is_asked_for(string venue, bool configured, bool asked, string outcome) =>
        Check(Real with { TradesForReal = configured }, Facts(venue) with { RealIsAsked = asked }, "real money", Enum.Parse<RuleOutcome>(outcome));

    [Theory]
    [InlineData("http://127.0.0.1:8080", "machine")]
    [InlineData("http://localhost", "machine")]
    [InlineData("http://[::1]:1", "machine")]
    [InlineData("https://127.0.0.1:8443", "production")] // a tunnel: the shipped venue speaks plain HTTP
    [InlineData("https://testnet.bitmex.com", "testnet")]
    [InlineData("https://ws.TESTNET.bitmex.com", "testnet")]
    [InlineData("https://www.bitmex.com", "production")]
    [InlineData("https://testnet.bitmex.com.example.org", "production")]
    [InlineData("https://nottestnet.bitmex.com", "production")]
    [InlineData("http://10.0.0.1:8080", "production")]
    public void The_address_decides_where_it_is(string venue, string word) => Assert.Equal(word, VenuePlaces.Of(new Uri(venue)).Word());

    private static void Check(KeySettings settings, KeyFacts key, string rule, RuleOutcome outcome)
    {
        var findings = KeyPolicy.Judge(settings, key);
        var finding = Assert.Single(findings, finding => finding.Rule == rule);
        Assert.Equal(outcome, finding.Outcome);
        if (outcome == RuleOutcome.Refused) Assert.True(KeyPolicy.IsRefused(findings));
        Assert.DoesNotContain('\n', finding.ToString());
    }

    private static OwnKeyAnswer.Known Known(string permissions, string cidrs = "10.0.0.1/32") =>
        new("venue name", true, permissions.Split(',', StringSplitOptions.RemoveEmptyEntries), cidrs.Split(',', StringSplitOptions.RemoveEmptyEntries));

    private static KeyFacts Facts(string venue) => new("file name", Print, Known("order,orderCancel"), VenuePlaces.Of(new Uri(venue)), false, []);
}
