using Actors.Domain.Accounts;
using Actors.Domain.Instruments;
using Actors.Domain.Sessions;
using Actors.Engine.Session;
using Actors.Journal;
using Akka.Actor;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>Wallet and margin are the venue's to the minor unit at every quiet moment; what is not is an alarm with both sides in it.</summary>
public sealed class AccountTests : IDisposable
{
    private readonly SessionFixture _fixture = new() { ReconcileInterval = TimeSpan.FromHours(1) };

    private FakeVenue Venue => _fixture.Venue;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Wallet_and_margin_agree_through_fills_funding_and_transfers_and_after_a_crash()
    {
        var first = await StartAsync();
        await AgreesAsync(first);
        Venue.Fill(Venue.Open.Where(order => order.Side == Side.Buy).MaxBy(order => order.Price)!.ClientId, 10);
        Venue.Fund(77);
        Venue.Move(5_000);
        await UntilAsync(() => first.View.Margins[0].WalletBalance == 1_004_923, "the venue's wallet", () => Show(first));
        await AgreesAsync(first);
        await first.DisposeAsync();

        Venue.Fill(Venue.Open.Where(order => order.Side == Side.Sell).MinBy(order => order.Price)!.ClientId, 10);
        Venue.Fund(-13);
        await using var second = await StartAsync();
        await AgreesAsync(second);
        await second.StopAsync();
        Assert.Empty(Read("session-").OfType<DifferenceFound>());
        Assert.Equal("first seen", Assert.Single(Read("account-").OfType<WalletAdopted>()).Reason);
        Assert.Equal(5_000, Assert.Single(Read("account-").OfType<WalletTransferred>()).Amount);
    }

    [Fact]
    public async Task A_wallet_that_differs_is_an_alarm_with_both_numbers_and_is_taken_over_when_comparing_does_not_mend_it()
    {
        await using var session = await StartAsync();
        await AgreesAsync(session);
        var reconciled = session.View.LastReconciliation!.At;
        Venue.MarginError = -7;
        Venue.SayRows();
        const string Words = "account USDm: ours wallet 1000000, ";
        await UntilAsync(() => session.View.Differences.Any(line => line.StartsWith(Words, StringComparison.Ordinal)), "the difference in view", () => Show(session));
        Assert.Contains(session.View.Events, line => line.Contains(Words, StringComparison.Ordinal) && line.Contains("the venue has wallet 999993, ", StringComparison.Ordinal));
        await UntilAsync(() => session.View.LastReconciliation!.At > reconciled, "a comparison of everything");
        await UntilAsync(() => Read("account-").OfType<WalletAdopted>().Any(one => one.Reason == "ours 1000000, the venue has 999993"), "the venue's wallet taken over", () => Show(session));
        await session.StopAsync();
        var alarm = Assert.Single(Read("session-").OfType<DifferenceFound>());
        Assert.Equal("account USDm", alarm.Subject);
        Assert.StartsWith("wallet 1000000, ", alarm.Ours, StringComparison.Ordinal);
        Assert.StartsWith("wallet 999993, ", alarm.Theirs, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("positions/PERP")]
    public async Task While_a_part_hangs_that_counts_fills_the_venues_newer_rows_are_no_difference(string part)
    {
        await using var session = await StartAsync();
        await AgreesAsync(session);
        var hung = (IInternalActorRef)session.Directory.Find(part);
        hung.Suspend();
        Venue.Fill(Venue.Open.Where(order => order.Side == Side.Buy).MaxBy(order => order.Price)!.ClientId, 10);
        Venue.Fund(500);
        // Longer than a quiet moment takes, by the account's own looks.
        var since = session.View.Now;
        await UntilAsync(() => session.View.Now - since > TimeSpan.FromSeconds(4), "time to pass");
        Assert.Empty(session.View.Differences);
        hung.Resume(null!);
        await AgreesAsync(session);
        await session.StopAsync();
        Assert.Empty(Read("session-").OfType<DifferenceFound>());
    }

    [Fact]
    public async Task A_fill_that_the_stream_swallowed_is_noticed_by_the_position_asked_for_and_counted_once()
    {
        await using var session = await StartAsync();
        await AgreesAsync(session);
        Venue.WithholdsExecutions = true;
        Venue.Fill(Venue.Open.Where(order => order.Side == Side.Buy).MaxBy(order => order.Price)!.ClientId, 10);
        await UntilAsync(() => session.View.Positions[0].Quantity == 10, "the fill", () => Show(session));
        await AgreesAsync(session);
        Assert.Equal(1, session.View.Orders.Fills);
    }

    private static async Task AgreesAsync(TradingSession session)
    {
        var before = Agreed(session);
        await UntilAsync(() => Agreed(session) > before + 1 && session.View.Differences.Count == 0, "agreement", () => Show(session));
    }

    private static long Agreed(TradingSession session) => session.View.Margins is [var margin, ..] ? margin.Agreed : 0;

    private async Task<TradingSession> StartAsync()
    {
        var session = await _fixture.StartAsync();
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading && Venue.Open.Count >= 3 && session.View.OpenOrders.All(order => order.State == "working"), "orders working", () => Show(session));
        return session;
    }

    private static string Show(TradingSession session) =>
        $"{session.View.Phase} {session.View.Reason}; {string.Join(", ", session.View.Margins)}; {string.Join(", ", session.View.Positions)}; {string.Join(" | ", session.View.Differences)}; {string.Join(" | ", session.View.Events)}";

    private object[] Read(string prefix)
    {
        using var reader = SessionReader.Open(Path.Combine(_fixture.Folder, "journal.db"));
        return [.. reader.ListStreams().Select(one => one.Stream).Where(stream => stream.StartsWith(prefix, StringComparison.Ordinal)).SelectMany(reader.Read).Select(record => record.Event)];
    }
}
