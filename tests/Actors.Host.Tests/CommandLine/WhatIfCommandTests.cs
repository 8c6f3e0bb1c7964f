using Actors.Domain.Instruments;
using Actors.Domain.Margin;
using Actors.Host.CommandLine;

namespace Actors.Host.Tests.CommandLine;

public class WhatIfCommandTests
{
    private const string Account = "what-if --venue http://v --keys k";

    private static readonly Symbol Perpetual = new("XBTUSD");

    private readonly List<WhatIfOptions> _invoked = [];
    private string _output = string.Empty;
    private string _error = string.Empty;

    private static readonly Dictionary<string, AskedChange> Understood = new()
    {
        ["--withdraw XBt=1000000"] = new AskedChange.Plain(new Withdrawal(new Money(1_000_000, new Currency("XBt")))),
        ["--withdraw=USDt=-5"] = new AskedChange.Plain(new Withdrawal(new Money(-5, new Currency("USDt")))),
        ["--leverage XBTUSD=10"] = new AskedChange.Plain(new LeverageChange(Perpetual, 10)),
        ["--leverage XBTUSD=0"] = new AskedChange.Plain(new LeverageChange(Perpetual, 0)),
        ["--leverage XBTUSD=2.5"] = new AskedChange.Plain(new LeverageChange(Perpetual, 2.5m)),
        ["--risk-limit XBTUSD=30000000000"] = new AskedChange.Plain(new RiskLimitChange(Perpetual, 30_000_000_000)),
        ["--risk-limit XBTUSD=0"] = new AskedChange.Plain(new RiskLimitChange(Perpetual, 0)),
        ["--transfer XBTUSD=500000"] = new AskedChange.Plain(new MarginTransfer(Perpetual, 500_000)),
        ["--transfer XBTUSD=-1"] = new AskedChange.Plain(new MarginTransfer(Perpetual, -1)),
        ["--order XBTUSD:buy:1000@95000"] = new AskedChange.Order(Perpetual, Side.Buy, new Quantity(1000), 95_000m),
        ["--order XBT_USDT:sell:1@0.5"] = new AskedChange.Order(new Symbol("XBT_USDT"), Side.Sell, new Quantity(1), 0.5m),
        ["--mark XBTUSD=90000.25"] = new AskedChange.Plain(new MarkMoved(Perpetual, 90_000.25m)),
        ["--mark XBTZ25-XBTU25=-3"] = new AskedChange.Plain(new MarkMoved(new Symbol("XBTZ25-XBTU25"), -3m)),
    };

    public static TheoryData<string> Lines => [.. Understood.Keys];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task A_change_is_understood(string line)
    {
        Assert.Equal(0, await Invoke($"{Account} {line}"));
        Assert.Equal(Understood[line], Assert.Single(Assert.Single(_invoked).Changes));
    }

    [Fact]
    public async Task The_changes_keep_the_order_of_the_line_whatever_their_flags()
    {
        string[] order = ["--mark XBTUSD=90000.25", "--leverage XBTUSD=10", "--withdraw=USDt=-5", "--leverage XBTUSD=0", "--mark XBTZ25-XBTU25=-3", "--withdraw XBt=1000000"];
        Assert.Equal(0, await Invoke($"what-if {order[0]} --venue http://v {string.Join(' ', order[1..^1])} --keys k --config c {order[^1]}"));
        var options = Assert.Single(_invoked);
        Assert.Equal(order.Select(line => Understood[line]), options.Changes);
        Assert.Equal((new Uri("http://v"), "k", "c"), (options.Venue, options.Source, options.ConfigDirectory));
    }

    [Fact]
    public async Task Without_a_change_the_account_is_shown_as_it_stands()
    {
        Assert.Equal(0, await Invoke(Account));
        Assert.Empty(Assert.Single(_invoked).Changes);
    }

    [Theory]
    [InlineData("what-if --keys k", "--venue is missing")]
    [InlineData("what-if --venue http://v", "--keys is missing")]
    [InlineData("what-if --venue v --keys k", "--venue: 'v' is not an address")]
    [InlineData(Account + " extra", "'extra' was not expected after 'what-if'")]
    [InlineData(Account + " --deposit XBt=1", "unknown flag '--deposit'")]
    [InlineData(Account + " --withdraw", "--withdraw: its value is missing")]
    [InlineData(Account + " --withdraw XBt=1 XBt=2", "'XBt=2' was not expected after 'what-if'")]
    [InlineData(Account + " --withdraw XBt=1 --withdraw XBt=x", "--withdraw: 'XBt=x' is not a currency and an amount")]
    [InlineData(Account + " --withdraw XBt", "--withdraw: 'XBt' is not")]
    [InlineData(Account + " --withdraw =1", "--withdraw: '=1' is not")]
    [InlineData(Account + " --withdraw XBt=0", "--withdraw: 'XBt=0' is not")]
    [InlineData(Account + " --withdraw XBt=0.01", "--withdraw: 'XBt=0.01' is not")]
    [InlineData(Account + " --withdraw XBt=1=2", "--withdraw: 'XBt=1=2' is not")]
    [InlineData(Account + " --withdraw XBt=1,000", "--withdraw: 'XBt=1,000' is not")]
    [InlineData(Account + " --withdraw XBt=9223372036854775808", "--withdraw: 'XBt=9223372036854775808' is not")]
    [InlineData(Account + " --leverage XBTUSD=-1", "--leverage: 'XBTUSD=-1' is not a symbol and a leverage of 0 or more")]
    [InlineData(Account + " --leverage XBTUSD=1e1", "--leverage: 'XBTUSD=1e1' is not")]
    [InlineData(Account + " --leverage XBTUSD=0.00000000000000000000000000001", "--leverage: 'XBTUSD=0.00000000000000000000000000001' is not")]
    [InlineData(Account + " --risk-limit XBTUSD=-1", "--risk-limit: 'XBTUSD=-1' is not")]
    [InlineData(Account + " --transfer XBTUSD=0", "--transfer: 'XBTUSD=0' is not")]
    [InlineData(Account + " --transfer XBT{}=1", "--transfer: 'XBT{}=1' is not")]
    [InlineData(Account + " --order XBTUSD:hold:1@1", "--order: 'XBTUSD:hold:1@1' is not an order like XBTUSD:buy:1000@95000")]
    [InlineData(Account + " --order XBTUSD:Buy:1@1", "--order: 'XBTUSD:Buy:1@1' is not")]
    [InlineData(Account + " --order XBTUSD:buy:-1@1", "--order: 'XBTUSD:buy:-1@1' is not")]
    [InlineData(Account + " --order XBTUSD:buy:1", "--order: 'XBTUSD:buy:1' is not")]
    [InlineData(Account + " --order XBTUSD:buy:1@1@1", "--order: 'XBTUSD:buy:1@1@1' is not")]
    [InlineData(Account + " --mark XBTUSD=", "--mark: 'XBTUSD=' is not a symbol and a price")]
    public async Task A_wrong_line_is_told_in_one_line_and_ends_with_2(string line, string what)
    {
        Assert.Equal(2, await Invoke(line));
        var message = Assert.Single(_error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("actors: " + what, message, StringComparison.Ordinal);
        Assert.EndsWith("see 'actors what-if --help'", message, StringComparison.Ordinal);
        Assert.Empty(_invoked);
    }

    [Fact]
    public async Task Help_says_that_nothing_is_changed()
    {
        Assert.Equal(0, await Invoke("what-if --help"));
        Assert.Contains("It changes nothing at the venue", _output, StringComparison.Ordinal);
        Assert.Contains("actors what-if --venue", _output[_output.IndexOf("Examples:", StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.Contains("May be repeated", _output, StringComparison.Ordinal);
    }

    private async Task<int> Invoke(string line)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var actions = new VerbActions(Other, Other, Other, Other, Other, Other, Other, new KeysActions(Other, Other, Other), options =>
        {
            _invoked.Add(options);
            return Task.FromResult(0);
        }, Other);
        var result = await new ActorsCommandLine(actions).InvokeAsync(line.Split(' '), output, error);
        (_output, _error) = (output.ToString(), error.ToString());
        return result;

        static Task<int> Other(object options) => throw new InvalidOperationException($"another verb was called with {options}");
    }
}
