using Actors.Domain;
using Actors.Domain.Books;
using Actors.Domain.Instruments;
using Actors.Engine.Books;
using Actors.Engine.Clustering;
using Actors.Engine.Connection;
using Actors.Engine.Supervision;
using Akka.Actor;
using Akka.Configuration;

namespace Actors.Engine.Tests;

public sealed class ClusterTests : IAsyncLifetime
{
    private static readonly object[] Messages =
    [
        new BookMessages.TopChanged(new Cursor(1, 7), new Symbol("PERP"), new BookTop(new BookLevel(new Price(1), new Quantity(2)), null)),
        new BookMessages.StatusChanged(new Symbol("PERP"), BookStatus.Stale, "gap"),
        new BookMessages.TopTaken("grid"),
        new BookMessages.AskTop("grid"),
        new PartMessages.Probe(4),
        new PartMessages.Alive("orders", 4),
        new EngineMessages.Stop("asked", false),
    ];

    private ActorSystem _first = null!;
    private ActorSystem _second = null!;

    public Task InitializeAsync()
    {
        _first = Start();
        _second = Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await Task.WhenAll(_first.Terminate(), _second.Terminate());

    [Fact]
    public void Every_message_that_may_cross_has_a_sample_here()
    {
        var marked = typeof(IBetweenNodes).Assembly.GetTypes().Where(type => type.IsClass && typeof(IBetweenNodes).IsAssignableFrom(type));
        Assert.Empty(marked.Except(Messages.Select(message => message.GetType())));
    }

    [Fact]
    public async Task Two_nodes_form_a_cluster_and_messages_cross_it_unchanged()
    {
        var first = Akka.Cluster.Cluster.Get(_first);
        var second = Akka.Cluster.Cluster.Get(_second);
        await first.JoinAsync(first.SelfAddress);
        await second.JoinAsync(first.SelfAddress);
        _second.ActorOf(Props.Create(() => new Echo()), "echo");
        var echo = await _first.ActorSelection(new RootActorPath(second.SelfAddress) / "user" / "echo").ResolveOne(TimeSpan.FromSeconds(20));
        foreach (var message in Messages) Assert.Equal(message, await echo.Ask<object>(message, TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void Every_message_survives_the_way_there_and_back()
    {
        var serializer = new HyperionMessageSerializer((ExtendedActorSystem)_first);
        foreach (var message in Messages) Assert.Equal(message, serializer.FromBinary(serializer.ToBinary(message), message.GetType()));
    }

    [Fact]
    public void What_is_not_on_the_list_is_neither_written_nor_read()
    {
        var serializer = new HyperionMessageSerializer((ExtendedActorSystem)_first);
        Assert.ThrowsAny<Exception>(() => serializer.ToBinary(new ConnectionMessages.SendBeat(TimeSpan.Zero)));
        var anything = new Hyperion.Serializer();
        using var stream = new MemoryStream();
        anything.Serialize(new ConnectionMessages.SocketClosed(1, "x"), stream);
        Assert.ThrowsAny<Exception>(() => serializer.FromBinary(stream.ToArray(), typeof(object)));
    }

    private static ActorSystem Start() =>
        ActorSystem.Create("actors", ConfigurationFactory.ParseString("akka.loglevel = ERROR").WithFallback(ConfigurationFactory.ParseString(SessionFixture.Hocon("cluster.conf"))));

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }
}
