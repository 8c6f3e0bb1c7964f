using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Domain.Sessions;
using Actors.Domain.Strategies;
using Actors.Engine.Risk;
using Actors.Engine.Session;
using Actors.Journal;
using Akka.Actor;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>Limits breached in whole sessions on a venue: what is never sent, what is latched, what the ladder does, and what outlives a restart.</summary>
public sealed class RiskSessionTests : IDisposable
{
    private static readonly LimitScope OfPerp = LimitScope.Of(FakeVenue.Symbol);
    private static readonly LimitScope OfGrid = LimitScope.Of("grid");
    private static readonly LimitScope OfDollars = LimitScope.Of(FakeVenue.Instrument.Settlement);
    private readonly SessionFixture _fixture = new() { SwitchTimeout = TimeSpan.FromSeconds(60) };

    private FakeVenue Venue => _fixture.Venue;

    public void Dispose() => _fixture.Dispose();

    /// <summary>The grid wants four orders of 10 contracts, each worth 1,000,000 at 100, two and four points from the middle; the wallet holds 1,000,000.</summary>
    [Theory]
    [InlineData(LimitKind.OrderQuantity, "grid", 5, 0)]
    [InlineData(LimitKind.OrderNotional, "PERP", 500_000, 0)]
    [InlineData(LimitKind.Position, "grid", 15, 2)]
    [InlineData(LimitKind.GrossExposure, "USDm", 1_500_000, 2)]
    [InlineData(LimitKind.NetExposure, "USDm", 1_500_000, 2)]
    [InlineData(LimitKind.Leverage, "USDm", 1.5, 2)]
    [InlineData(LimitKind.PriceDistance, "PERP", 0.03, 2)]
    [InlineData(LimitKind.BestDistance, "grid", 0.03, 2)]
    [InlineData(LimitKind.LiquidationDistance, "PERP", 0.7, 2)]
    [InlineData(LimitKind.OpenOrders, "grid", 3, 3)]
    public async Task What_would_pass_a_limit_is_never_sent(LimitKind kind, string scope, decimal bound, int sent)
    {
        _fixture.Limits = [Limit.Of(kind, scope switch { "grid" => OfGrid, "PERP" => OfPerp, _ => OfDollars }, bound)];
        await using var session = await StartTradingAsync();
        await UntilAsync(() => Refused().Any(one => one.Finding is { } finding && finding.Kind == kind && finding.Value is not null), $"a refusal by {kind}", () => Show(session));
        await UntilAsync(() => Venue.Open.Count == Math.Min(sent, 4) || Venue.Open.Count > sent, $"{sent} orders at the venue", () => $"{Venue.Open.Count}: {Show(session)}");
        Assert.True(Venue.Open.Count <= sent, $"{Venue.Open.Count} orders at the venue, {sent} may be");
        Assert.Empty((await session.StopAsync()).Problems);
    }

    [Fact]
    public async Task A_rate_is_kept_and_what_was_refused_is_placed_later()
    {
        _fixture.Limits = [Limit.Of(LimitKind.OrdersPerSecond, OfGrid, 1)];
        await using var session = await StartTradingAsync();
        await UntilAsync(() => Venue.Open.Count == 4, "all orders in time", () => Show(session));
        var approved = Risk().Where(record => record.Event is IntentApproved).Select(record => record.At).Order().ToList();
        for (var i = 1; i < approved.Count; i++) Assert.True(approved[i] - approved[i - 1] >= TimeSpan.FromSeconds(1), $"{approved[i - 1]:O} and {approved[i]:O}");
        Assert.Contains(Refused(), one => one.Finding?.Kind == LimitKind.OrdersPerSecond);
    }

    [Fact]
    public async Task A_rate_of_amendments_is_kept()
    {
        _fixture.Limits = [Limit.Of(LimitKind.AmendsPerSecond, OfGrid, 1)];
        _fixture.Strategy = new QuotingParameters("grid", FakeVenue.Symbol, new Quantity(10), 4, 0, 0, new Quantity(100));
        await using var session = await StartTradingAsync();
        await UntilAsync(() => Venue.Open.Count == 2, "both quotes", () => Show(session));
        var moves = 0;
        await UntilAsync(() => Moved() && Refused().Any(one => one.Finding?.Kind == LimitKind.AmendsPerSecond), "a refusal", () => Show(session));
        var approved = Risk().Where(record => record.Event is IntentApproved { Intent: AmendIntent }).Select(record => record.At).Order().ToList();
        Assert.NotEmpty(approved);
        for (var i = 1; i < approved.Count; i++) Assert.True(approved[i] - approved[i - 1] >= TimeSpan.FromSeconds(1), $"{approved[i - 1]:O} and {approved[i]:O}");

        bool Moved()
        {
            Venue.Quote(100 + (++moves % 3));
            return true;
        }
    }

    [Fact]
    public async Task Fees_of_a_day_beyond_their_limit_refuse_what_would_cost_more()
    {
        _fixture.Limits = [Limit.Of(LimitKind.FeesPerDay, OfDollars, 1_000)];
        Venue.Commission = 1_500;
        await using var session = await StartTradingAsync();
        await BuyAsync(session);
        await UntilAsync(() => Passed(LimitKind.FeesPerDay) is not null, "the limit passed", () => Show(session));
        Assert.Equal(1_500m, Passed(LimitKind.FeesPerDay)!.Finding.Value);
        Assert.Contains("feesPerDay", (await session.ExamineAsync(Order(Side.Buy, 5))).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rejects_one_after_the_other_are_latched_and_nothing_more_is_sent()
    {
        _fixture.Limits = [new Limit(LimitKind.ConsecutiveRejects, OfGrid, 3, [new(1, RiskAction.CancelOrders)])];
        Venue.PlacementRefusal = "not today";
        await using var session = await StartTradingAsync();
        await UntilAsync(() => Passed(LimitKind.ConsecutiveRejects) is not null, "the limit passed", () => Show(session));
        Venue.PlacementRefusal = null;
        Assert.Contains("consecutiveRejects", (await session.ExamineAsync(Order(Side.Buy, 5))).Refusal, StringComparison.Ordinal);
        await session.OperateRiskAsync(OperatorVerb.Resume, "the venue takes orders again", [Passed(LimitKind.ConsecutiveRejects)!.Name]);
        await UntilAsync(() => Venue.Open.Count == 4, "four orders after all", () => Show(session));
    }

    [Fact]
    public async Task A_funding_that_would_cost_too_much_refuses_what_would_pay_it()
    {
        _fixture.Limits = [Limit.Of(LimitKind.FundingDue, OfPerp, 100)];
        await using var session = await StartTradingAsync();
        await UntilAsync(() => Venue.Open.Count == 4, "four orders", () => Show(session));
        Venue.SendMark(100m, 0.01m, DateTimeOffset.UtcNow.AddMinutes(20));
        await UntilAsync(() => Passed(LimitKind.FundingDue) is not null, "the limit passed", () => Show(session));
        Assert.Equal(20_000m, Passed(LimitKind.FundingDue)!.Finding.Value);
    }

    [Theory]
    [InlineData(LimitKind.DailyLoss)]
    [InlineData(LimitKind.Drawdown)]
    [InlineData(LimitKind.Loss)]
    public async Task A_loss_halts_survives_a_kill_lets_reduce_and_is_cleared_by_an_operator_alone(LimitKind kind)
    {
        var limit = new Limit(kind, kind == LimitKind.Loss ? OfGrid : OfDollars, 20_000, [new(0.5m, RiskAction.Alert), new(1, RiskAction.CancelOrders)]);
        _fixture.Limits = [limit];
        string latched;
        await using (var first = await StartTradingAsync())
        {
            await BuyAsync(first);
            Venue.SendMark(93m);
            await UntilAsync(() => first.View.Risk is { Latches.Count: 1 }, "a latch", () => Show(first));
            // What could increase the position is cancelled; the sells that are within it, and so reduce, may stay.
            await UntilAsync(() => Venue.Open.All(order => order.Side == Side.Sell), "no buy left", () => Show(first));
            latched = first.View.Risk!.Latches[0].Words;
            Assert.StartsWith(limit.Name, latched, StringComparison.Ordinal);
        }

        var before = Venue.Placements;
        await using var second = await TradingSession();
        await UntilAsync(() => second.View.LastReconciliation is not null && second.View.Switch.State == Domain.Switch.SwitchState.Armed && second.View.Risk is { Latches.Count: 1 }, "recovered", () => Show(second));
        Assert.Equal(latched, second.View.Risk!.Latches[0].Words);
        Venue.SendMark(93.5m);
        // What a resume forgives is what is known to be lost.
        await UntilAsync(() => second.View.Risk!.Levels.Single(level => level.Name == limit.Name).Value > limit.Bound, "the loss known", () => Show(second));
        await UntilAsync(() => Venue.Open.All(order => order.Side == Side.Sell), "no buy", () => Show(second));
        // Unless the grid's own sell, which reduces, rests already or is on its way, and takes all the room there is.
        if ((await second.ExamineAsync(Order(Side.Sell, 5))).Refusal is { } refusal) await UntilAsync(() => Venue.Open.Any(order => order.Side == Side.Sell), $"the grid's sell: {refusal}", () => Show(second));
        Assert.Contains($"until an operator clears {limit.Name}", (await second.ExamineAsync(Order(Side.Buy, 5))).Refusal, StringComparison.Ordinal);

        var picture = await second.OperateRiskAsync(OperatorVerb.Resume, "looked at it", [limit.Name]);
        Assert.Empty(picture.Latches);
        await UntilAsync(() => Venue.Open.Any(order => order.Side == Side.Buy), "buys again", () => Show(second));
        Assert.True(Venue.Placements > before);
        Assert.Contains(Risk(), record => record.Event is LatchesCleared { Reason: "looked at it" });
        await second.StopAsync();
    }

    [Fact]
    public async Task Flattening_closes_the_position_through_the_door_and_tells_when_it_is_done()
    {
        _fixture.Limits = [new Limit(LimitKind.DailyLoss, OfDollars, 20_000, [new(1, RiskAction.Flatten)])];
        await using var session = await StartTradingAsync();
        await BuyAsync(session);
        Venue.SendMark(93m);
        await UntilAsync(() => Closing() is not null, "an order that closes", () => Show(session));
        Assert.Equal(Side.Sell, Closing()!.Side);
        Venue.Fill(Closing()!.ClientId, 10);
        await UntilAsync(() => Risk().Any(record => record.Event is FlattenEnded { IsFlat: true }), "the end of it", () => Show(session));
        Assert.Equal(0, Venue.Position.Contracts);
        Assert.Contains(session.View.RiskNotices, notice => notice.Words.EndsWith(": flat", StringComparison.Ordinal));
        Assert.Empty(Venue.Open);
        await session.StopAsync();

        Domain.Port.OrderReport? Closing() => Venue.Open.FirstOrDefault(order => order.ClientId.Value.Contains("-risk-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_limit_that_stops_ends_the_session_in_the_safe_order()
    {
        _fixture.Limits = [new Limit(LimitKind.DailyLoss, OfDollars, 20_000, [new(1, RiskAction.Stop)])];
        await using var session = await StartTradingAsync();
        await BuyAsync(session);
        Venue.SendMark(93m);
        var summary = await session.Completion.WaitAsync(TimeSpan.FromSeconds(90));
        Assert.Contains(summary.Problems, problem => problem.Contains("dailyLoss:USDm", StringComparison.Ordinal));
        Assert.Equal(0, summary.OrdersLeft);
        Assert.Empty(Venue.Open);
    }

    [Fact]
    public async Task A_book_that_stays_stale_with_orders_in_it_is_told()
    {
        _fixture.Limits = [new Limit(LimitKind.StaleBook, OfPerp, 1, [new(1, RiskAction.CancelOrders)])];
        await using var session = await StartTradingAsync();
        await UntilAsync(() => Venue.Open.Count == 4, "four orders", () => Show(session));
        Venue.KeepsSnapshots = true;
        Venue.SendGap();
        await UntilAsync(() => Passed(LimitKind.StaleBook) is not null, "the limit passed", () => Show(session));
        await UntilAsync(() => Venue.Open.Count == 0, "no order left", () => Show(session));
    }

    [Fact]
    public async Task A_switch_that_cannot_be_armed_is_told()
    {
        _fixture.Limits = [Limit.Of(LimitKind.LateBeat, LimitScope.Account, 1)];
        Venue.Unreachable = true;
        await using var session = await TradingSession();
        await UntilAsync(() => Passed(LimitKind.LateBeat) is not null, "the limit passed", () => Show(session));
    }

    [Fact]
    public async Task An_operator_halts_and_resumes_and_every_command_is_journaled_with_its_reason()
    {
        await using var session = await StartTradingAsync();
        await UntilAsync(() => Venue.Open.Count == 4, "four orders", () => Show(session));
        var halted = await session.OperateRiskAsync(OperatorVerb.Halt, "maintenance", []);
        Assert.Equal(RiskStanding.Halted, halted.Standing);
        await UntilAsync(() => session.View is { Phase: SessionPhase.Halted, Reason: { } reason } && reason.Contains("maintenance", StringComparison.Ordinal), "halted", () => Show(session));
        Assert.Contains("maintenance", (await session.ExamineAsync(Order(Side.Buy, 5))).Refusal, StringComparison.Ordinal);
        Assert.Equal(RiskStanding.Open, (await session.OperateRiskAsync(OperatorVerb.Resume, "over", [])).Standing);
        await session.OperateRiskAsync(OperatorVerb.Resume, "nothing to clear", []);
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading, "trading", () => Show(session));
        await session.StopAsync();
        var commands = Risk().Select(record => record.Event).OfType<Consumed>().SelectMany(consumed => consumed.Inputs).Select(taken => taken.Input).OfType<OperatorSaid>().ToList();
        Assert.Equal(["maintenance", "over", "nothing to clear"], commands.Select(said => said.Reason));
    }

    /// <summary>What opens a gate may wait in the mailbox of a door that fails: it was proved for that one, and the next knows no order yet.</summary>
    [Fact]
    public async Task A_door_that_began_anew_does_not_open_by_what_was_told_to_the_one_before_it()
    {
        await using var session = await StartTradingAsync();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Venue.ComparisonsHeldUntil = held.Task;
        var door = (IInternalActorRef)session.Directory.Risk;
        door.Suspend();
        door.Tell(Kill.Instance, ActorRefs.NoSender);
        door.Tell(new RiskMessages.OpenGate(Gate.Start, 1), ActorRefs.NoSender);
        var shown = session.ShowRiskAsync();
        door.Resume(null!);
        await shown;
        await UntilAsync(() => Risk().Count(record => record.Event is PartBegan) == 2, "the record of the new door", () => Show(session));
        var (began, opened) = (Risk().FindLastIndex(record => record.Event is PartBegan), Risk().FindLastIndex(record => record.Event is GateOpened { Gate: Gate.Start }));
        Assert.InRange(began, opened + 1, int.MaxValue);
        held.SetResult();
        await UntilAsync(() => Risk().FindLastIndex(record => record.Event is GateOpened { Gate: Gate.Start }) > began, "the gate opened by a comparison", () => Show(session));
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading, "trading again", () => Show(session));
        Assert.Empty((await session.StopAsync()).Problems);
    }

    private static RiskMessages.Examine Order(Side side, long quantity) => new(FakeVenue.Symbol, side, new Quantity(quantity), 100m, "grid");

    private async Task BuyAsync(TradingSession session)
    {
        await UntilAsync(() => Venue.Open.Count(order => order.Side == Side.Buy) == 2, "two buys", () => Show(session));
        var buy = Venue.Open.Where(order => order.Side == Side.Buy).MaxBy(order => order.Price)!;
        Venue.Fill(buy.ClientId, 10);
        await UntilAsync(() => session.View.Positions[0].Quantity == 10, "the position", () => Show(session));
        await UntilAsync(() => Risk().Any(record => record.Event is FillCounted), "the fill counted", () => Show(session));
    }

    private Task<TradingSession> TradingSession() => _fixture.StartAsync();

    private async Task<TradingSession> StartTradingAsync()
    {
        var session = await _fixture.StartAsync();
        await UntilAsync(() => session.View.Phase == SessionPhase.Trading, "trading", () => Show(session));
        return session;
    }

    private IEnumerable<IntentRefused> Refused() => Risk().Select(record => record.Event).OfType<IntentRefused>();

    private LimitPassed? Passed(LimitKind kind) => Risk().Select(record => record.Event).OfType<LimitPassed>().FirstOrDefault(passed => passed.Finding.Kind == kind);

    private List<JournalRecord> Risk()
    {
        using var reader = SessionReader.Open(Path.Combine(_fixture.Folder, "journal.db"));
        return [.. reader.ListStreams().Where(stream => stream.Stream.StartsWith("risk-", StringComparison.Ordinal)).SelectMany(stream => reader.Read(stream.Stream))];
    }

    private static string Show(TradingSession session) =>
        $"{session.View.Phase} {session.View.Reason}; {session.View.OpenOrders.Count} open, {session.View.Orders.Refused} refused; {string.Join(" | ", session.View.Events.TakeLast(8))}";
}
