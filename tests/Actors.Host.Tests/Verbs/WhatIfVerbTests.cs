using Actors.Domain.Instruments;
using Actors.Domain.Orders;
using Actors.Domain.Port;
using Actors.Host.CommandLine;
using Actors.Host.Verbs;
using Actors.Host.View;
using static Actors.Host.Tests.Support.SampleAccount;

namespace Actors.Host.Tests.Verbs;

public class WhatIfVerbTests
{
    private string _output = string.Empty;

    [Theory]
    [InlineData("", 0, "objections: none")]
    [InlineData("mark XBTUSD=49000", 0, "objections: none")]
    [InlineData("mark XBTUSD=40000", 1, "XBTUSD would be liquidated")]
    [InlineData("withdraw XBt=97989001", 1, "97989000 XBt may be withdrawn, not 97989001")]
    [InlineData("withdraw XBt=97989000", 0, "objections: none")]
    [InlineData("leverage XBTUSD=101", 1, "leverage 101 is more than XBTUSD allows at its size")]
    [InlineData("leverage XBTUSD=5;withdraw XBt=97000000", 1, "95988000 XBt may be withdrawn, not 97000000")]
    [InlineData("withdraw XBt=97000000;leverage XBTUSD=5", 1, "1012000 XBt would be missing")]
    [InlineData("order XBTUSD:buy:150@49000", 1, "quantity 150 is not a multiple of the lot 100")]
    [InlineData("order XBTUSDT:buy:100@49000", 1, "USDt would be missing")]
    public async Task The_exit_code_tells_whether_it_could_be_done(string changes, int exitCode, string said)
    {
        Assert.Equal(exitCode, await Answer(new Venue(), changes));
        Assert.Contains(said, _output, StringComparison.Ordinal);
        Assert.EndsWith(WhatIfText.NothingChanged + Environment.NewLine, _output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("withdraw ETH=1", "--withdraw: the account has no wallet in ETH; it has XBt")]
    [InlineData("mark NONE=1", "instrument NONE: the venue does not list it")]
    [InlineData("mark XBTUSD=0", "--mark XBTUSD: expected a price above zero")]
    [InlineData("order XBTUSD:buy:100@49000.3", "--order XBTUSD: price 49000.3 is not a multiple of the tick 0.5")]
    [InlineData("order XBT_USDT:buy:100@49000", "XBT_USDT is a spot pair: it has no margin to ask about")]
    [InlineData("leverage PRAIN=2", "PRAIN is paid in full: it has neither leverage nor a risk limit")]
    [InlineData("transfer XBTUSD=-9223372036854775808", "a figure of the account would be larger than can be counted")]
    public async Task A_question_that_does_not_fit_the_account_is_wrong_usage(string changes, string reason)
    {
        var refused = await Assert.ThrowsAsync<UsageException>(() => Answer(new Venue(), changes));
        Assert.Equal(reason, refused.Message);
        Assert.Empty(_output);
    }

    [Fact]
    public async Task A_venue_that_does_not_answer_cannot_be_asked()
    {
        var refused = await Assert.ThrowsAsync<UsageException>(() => Answer(new Venue { Silent = true }, ""));
        Assert.Equal("the account cannot be read: /api/v1/position: no answer", refused.Message);
    }

    private async Task<int> Answer(IVenueQueries venue, string changes)
    {
        await using var output = new StringWriter();
        var verb = new WhatIfVerb(output, TextWriter.Null);
        var asked = changes.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(Parse).ToList();
        try
        {
            return await verb.AnswerAsync(venue, new WhatIfOptions(new Uri("http://127.0.0.1:8080"), "k", null, asked), default);
        }
        finally
        {
            _output = output.ToString();
        }
    }

    private static AskedChange Parse(string change) => change.Split(' ') switch
    {
        ["withdraw", var text] => AskedChange.Withdrawal(text)!,
        ["leverage", var text] => AskedChange.Leverage(text)!,
        ["transfer", var text] => AskedChange.Transfer(text)!,
        ["order", var text] => AskedChange.Resting(text)!,
        ["mark", var text] => AskedChange.Mark(text)!,
        _ => throw new InvalidOperationException(change),
    };

    /// <summary>Tells the sample account, and of instruments only those it is asked for.</summary>
    private sealed class Venue : IVenueQueries
    {
        private static readonly InstrumentReport[] Listing = [Listed(Inverse), Listed(Linear), Listed(Spot), Listed(Prediction, 50m)];

        public bool Silent { get; init; }

        public Task<IReadOnlyList<InstrumentReport>> InstrumentsAsync(IReadOnlyList<Symbol> symbols, Action<string> setAside, CancellationToken cancellation)
        {
            foreach (var unknown in symbols.Except(Listing.Select(row => row.Definition.Symbol))) setAside($"instrument {unknown}: the venue does not list it");
            return Task.FromResult<IReadOnlyList<InstrumentReport>>([.. Listing.Where(row => symbols.Contains(row.Definition.Symbol))]);
        }

        public Task<IReadOnlyList<PositionReport>> PositionsAsync(CancellationToken cancellation) =>
            Silent ? throw new VenueUnreachableException("/api/v1/position: no answer") : Task.FromResult(Reports.Positions);

        public Task<IReadOnlyList<OrderReport>> OpenOrdersAsync(CancellationToken cancellation) => Task.FromResult(Reports.Orders);

        public Task<IReadOnlyList<MarginReport>> MarginsAsync(CancellationToken cancellation) => Task.FromResult(Reports.Margins);

        public Task<string> AccountAsync(CancellationToken cancellation) => Task.FromResult("7");

        public Task<OrderReport?> FindOrderAsync(ClientOrderId id, CancellationToken cancellation) => throw new NotSupportedException();

        public Task<IReadOnlyList<ExecutionReport>> ExecutionsAsync(DateTimeOffset since, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
