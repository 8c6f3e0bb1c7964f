using Actors.Engine.Connection;
using Actors.Engine.Session;
using Akka.Actor;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests;

/// <summary>A venue that does not let us in: the reason is said, it is not hammered, and trading begins when it does.</summary>
public sealed class ConnectionTests : IDisposable
{
    private readonly SessionFixture _fixture = new() { Changed = [("backoff-max = 30s", "backoff-max = 500ms")] };

    private FakeVenue Venue => _fixture.Venue;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task A_key_that_is_refused_on_the_stream_trades_nothing_says_why_and_is_tried_again()
    {
        Venue.RefusesKey = true;
        await using var session = await _fixture.StartAsync();
        await UntilAsync(() => Said(session, "no connection: the venue refused with 401: Invalid API Key."), "the reason");
        await UntilAsync(() => session.View.Connection.Connections > 1, "another try");
        Assert.Equal(0, Venue.Placements);
        Venue.RefusesKey = false;
        await TradesAsync(session);
    }

    [Fact]
    public async Task A_venue_that_bans_us_for_the_rate_of_connections_is_left_alone_for_as_long_as_it_says()
    {
        (Venue.ConnectRefusal, Venue.RetryAfter) = ("refused with HTTP status 429", TimeSpan.FromSeconds(8));
        await using var session = await _fixture.StartAsync();
        await UntilAsync(() => Said(session, "no connection: refused with HTTP status 429"), "the reason");
        var since = session.View.Now;
        Venue.ConnectRefusal = null;
        await TradesAsync(session);
        // Without the venue's word it would have come back within half a second.
        Assert.True(session.View.Now - since > TimeSpan.FromSeconds(3), "it came back too early");
        // The view is drawn with the connection's next tick.
        await UntilAsync(() => session.View.Connection.Connections >= 2, "the connection in the view");
        Assert.Equal(2, session.View.Connection.Connections);
    }

    [Fact]
    public async Task A_half_open_socket_is_given_up_in_words_and_trading_goes_on_with_the_next()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);
        Venue.Hang();
        await UntilAsync(() => Said(session, "connection lost: no answer to a ping"), "the reason", () => string.Join(" | ", session.View.Events));
        await UntilAsync(() => session.View.Connection.Connections >= 2, "the next connection", () => string.Join(" | ", session.View.Events));
        await TradesAsync(session);
    }

    [Fact]
    [Trait("Regression", "buffered writes replayed into a new socket before authentication")]
    public async Task What_was_to_be_sent_while_there_was_no_socket_never_leaves_on_the_next_one()
    {
        await using var session = await _fixture.StartAsync();
        await TradesAsync(session);
        var first = Venue.Requested.First().Socket;
        Venue.ConnectRefusal = "connection refused";
        Venue.DropSocket("reset by peer");
        await UntilAsync(() => Said(session, "no connection: connection refused"), "a try that failed");
        for (var i = 0; i < 5; i++)
        {
            session.Directory.Connection.Tell(new ConnectionMessages.ResubscribeBook(FakeVenue.Symbol), ActorRefs.NoSender);
            session.Directory.Connection.Tell(new ConnectionMessages.SendBeat(TimeSpan.FromSeconds(8), session.View.Now), ActorRefs.NoSender);
        }

        Venue.ConnectRefusal = null;
        await TradesAsync(session);
        await UntilAsync(() => Venue.Requested.Count(one => one.Socket != first) > 2, "requests on the next socket");
        Assert.Equal(["authenticate", "subscribe"], Venue.Requested.Where(one => one.Socket != first).Take(2).Select(one => one.Request));
        Assert.DoesNotContain(Venue.Requested, one => one.Request == "book" && one.Socket != first);
    }

    private static bool Said(TradingSession session, string words) => session.View.Events.Any(line => line.Contains(words, StringComparison.Ordinal));

    private static Task TradesAsync(TradingSession session) => UntilAsync(() => session.View.Phase == SessionPhase.Trading && session.View.OpenOrders.Count == 4, "trading", () => string.Join(" | ", session.View.Events));
}
