using System.Collections.Concurrent;
using Actors.Engine.Dispatch;
using Actors.Engine.Session;
using Akka.Actor;
using Akka.Configuration;
using static Actors.Engine.Tests.SessionFixture;

namespace Actors.Engine.Tests.Dispatch;

/// <summary>
/// Actors on the engine's own dispatchers: random graphs of messages, with actors that throw and one that hangs, against a naive oracle that walks the same graph with a
/// queue. Nobody is lost or told twice, what one actor tells another arrives in its order, and no actor is run twice at once or within itself.
/// </summary>
public sealed class TurnExecutorTests : IAsyncLifetime
{
    private const int Seeds = 150;

    private readonly ActorSystem _system = ActorSystem.Create("turns", ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF }")
        .WithFallback(EngineConfiguration.Parse("engine.conf", Hocon("engine.conf")).Akka));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate();

    [Fact]
    public async Task Whatever_is_told_throws_and_hangs_every_message_arrives_once_and_in_its_order()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            using var world = new World(seed);
            world.Start(_system);
            if (world.Hung is { } hung)
            {
                await UntilAsync(() => hung.Blocks, $"seed {seed}: the actor that hangs to hang");
                // All but that one go on meanwhile: each answers what is asked of it now.
                foreach (var other in world.Actors.Where(other => other != hung)) other.Ref.Tell(World.Probe.Instance);
                await UntilAsync(() => world.Actors.All(other => other == hung || other.IsProved), $"seed {seed}: the others to go on", world.ToString);
                Assert.True(hung.Blocks, $"seed {seed}: it no longer hangs");
                world.Release();
            }

            var expected = world.Walk();
            await UntilAsync(() => world.Received >= expected.Values.Sum(), $"seed {seed}: {expected.Values.Sum()} messages", world.ToString);
            foreach (var actor in world.Actors) Assert.True(await actor.Ref.GracefulStop(TimeSpan.FromSeconds(60)), $"seed {seed}: an actor that does not stop");
            Assert.Empty(world.Faults);
            Assert.Equal(expected.OrderBy(one => one.Key), world.Counts().OrderBy(one => one.Key));
        }
    }

    [Fact]
    public async Task A_system_under_load_is_terminated_and_nothing_is_run_after_it()
    {
        var ran = 0L;
        var players = Enumerable.Range(0, 8).Select(number => _system.ActorOf(
            Props.Create(() => new Player(() => Interlocked.Increment(ref ran))).WithDispatcher(number % 4 == 0 ? TurnExecutor.BehindOrders : "akka.actor.default-dispatcher"))).ToArray();
        foreach (var player in players) player.Tell(players);
        await UntilAsync(() => Interlocked.Read(ref ran) > 10_000, "the load");
        await _system.Terminate().WaitAsync(TimeSpan.FromSeconds(60));
        var at = Interlocked.Read(ref ran);
        using var drained = new CountdownEvent(1);
        Turn.Execute(new Akka.Dispatch.ActionRunnable(() => drained.Signal()), false);
        Assert.True(drained.Wait(TimeSpan.FromSeconds(60)), "a turn of another kind was not begun");
        Assert.Equal(at, Interlocked.Read(ref ran));
    }

    /// <summary>Never stops by itself.</summary>
    private sealed class Player(Action onMessage) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            onMessage();
            var players = (IActorRef[])message;
            players[Random.Shared.Next(players.Length)].Tell(message);
        }
    }

    /// <summary>What one message leads to follows from its own number alone, so that it is the same whatever runs first.</summary>
    private sealed class World : IDisposable
    {
        private const int Depth = 7;

        private readonly ManualResetEventSlim _released = new();
        private readonly ConcurrentQueue<string> _faults = [];
        private readonly int _seed;
        private readonly int _begins;
        private long _received;

        public World(int seed)
        {
            var random = new Random(_seed = seed);
            Actors = [.. Enumerable.Range(0, random.Next(2, 9)).Select(number => new Part(number, this))];
            _begins = random.Next(1, 6);
            if (random.Next(3) == 0) Hung = Actors[0];
        }

        public IReadOnlyList<Part> Actors { get; }

        /// <summary>The one that hangs at its first message; the first message of all is for it.</summary>
        public Part? Hung { get; }

        public IEnumerable<string> Faults => _faults;

        public long Received => Interlocked.Read(ref _received);

        public void Start(ActorSystem system)
        {
            foreach (var part in Actors)
            {
                part.Ref = system.ActorOf(Props.Create(() => new Puppet(part))
                    .WithDispatcher(new Random(_seed + part.Number).Next(4) == 0 ? TurnExecutor.BehindOrders : "akka.actor.default-dispatcher"));
            }

            for (var i = 0; i < _begins; i++) Actors[i % Actors.Count].Ref.Tell(new Message(-1, i / Actors.Count, Number(i), Depth));
        }

        public void Release() => _released.Set();

        /// <summary>The oracle: how many messages each tells each other.</summary>
        public Dictionary<(int From, int To), long> Walk()
        {
            var (counts, queue) = (new Dictionary<(int, int), long>(), new Queue<(int From, int To, int Number, int Depth)>());
            for (var i = 0; i < _begins; i++) queue.Enqueue((-1, i % Actors.Count, Number(i), Depth));
            while (queue.TryDequeue(out var one))
            {
                counts[(one.From, one.To)] = counts.GetValueOrDefault((one.From, one.To)) + 1;
                foreach (var (to, number) in Follow(one.Number, one.Depth)) queue.Enqueue((one.To, to, number, one.Depth - 1));
            }

            return counts;
        }

        public Dictionary<(int From, int To), long> Counts() =>
            Actors.SelectMany(part => part.Heard.Select(heard => (Key: (heard.Key, part.Number), heard.Value))).ToDictionary(one => one.Key, one => one.Value);

        public void Dispose()
        {
            _released.Set();
            _released.Dispose();
        }

        public override string ToString() => $"received {Received}; {string.Join(" | ", _faults)}";

        private int Number(int begin) => new Random((_seed * 31) + begin).Next();

        private IEnumerable<(int To, int Number)> Follow(int number, int depth)
        {
            if (depth == 0) yield break;
            var random = new Random(number);
            for (var left = random.Next(0, 4); left > 0; left--) yield return (random.Next(Actors.Count), random.Next());
        }

        public sealed record Message(int From, long Sequence, int Number, int Depth);

        public sealed record Probe
        {
            public static readonly Probe Instance = new();
        }

        /// <summary>What outlives an actor that throws.</summary>
        public sealed class Part(int number, World world)
        {
            private readonly Dictionary<int, long> _told = [];
            private int _inside;
            private volatile bool _isProved;
            private volatile bool _blocks;

            public int Number => number;

            public IActorRef Ref { get; set; } = ActorRefs.Nobody;

            public Dictionary<int, long> Heard { get; } = [];

            public bool IsProved => _isProved;

            public bool Blocks => _blocks;

            public void Take(object message)
            {
                if (Interlocked.Exchange(ref _inside, 1) != 0) world._faults.Enqueue($"seed {world._seed}: {number} is run twice at once");
                try
                {
                    if (message is Message one) Take(one);
                    else _isProved = true;
                }
                finally
                {
                    Interlocked.Exchange(ref _inside, 0);
                }
            }

            private void Take(Message message)
            {
                var heard = Heard.GetValueOrDefault(message.From);
                if (message.Sequence != heard) world._faults.Enqueue($"seed {world._seed}: {number} heard {message.Sequence} of {message.From}, and not {heard}");
                Heard[message.From] = heard + 1;
                foreach (var (to, follows) in world.Follow(message.Number, message.Depth))
                {
                    var sequence = _told.GetValueOrDefault(to);
                    _told[to] = sequence + 1;
                    world.Actors[to].Ref.Tell(new Message(number, sequence, follows, message.Depth - 1));
                }

                if (world.Hung == this && heard == 0 && message.From == -1)
                {
                    _blocks = true;
                    world._released.Wait();
                    _blocks = false;
                }

                Interlocked.Increment(ref world._received);
                if (message.Number % 11 == 0) throw new InvalidOperationException("a fault that its supervisor mends");
            }
        }

        private sealed class Puppet(Part part) : UntypedActor
        {
            protected override void OnReceive(object message) => part.Take(message);
        }
    }
}
