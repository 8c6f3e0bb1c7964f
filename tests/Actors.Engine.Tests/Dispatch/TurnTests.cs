using System.Collections.Concurrent;
using System.Diagnostics;
using Actors.Engine.Dispatch;
using Akka.Dispatch;

namespace Actors.Engine.Tests.Dispatch;

/// <summary>One thread's turn, without actors: what is run where, in which order, and that nothing is lost when something hangs or throws.</summary>
public sealed class TurnTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    [Fact]
    public void What_a_message_sets_off_is_run_on_its_thread_in_the_order_told_never_within_it_and_what_may_wait_last()
    {
        string[] expected = ["first", "/first", "a", "/a", "b", "/b", "c", "/c", "d", "/d", "later", "/later", "late", "/late"];
        // A thread that this machine keeps waiting for long has it taken away, as it should be: then once more.
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var (ran, thread) = (new ConcurrentQueue<(string Name, int Thread)>(), Environment.CurrentManagedThreadId);
            Do Note(string name, params Do[] then) => new(() =>
            {
                ran.Enqueue((name, Environment.CurrentManagedThreadId));
                foreach (var one in then) Turn.Execute(one, one.IsForLater);
                ran.Enqueue(($"/{name}", Environment.CurrentManagedThreadId));
            });
            Turn.RunHere(Note("first", Note("later", Note("late")) with { IsForLater = true }, Note("a", Note("c")), Note("b", Note("d"))));
            Assert.True(SpinWait.SpinUntil(() => ran.Count == expected.Length, Deadline), $"only {string.Join(' ', ran)} was run");
            if (ran.Any(one => one.Thread != thread)) continue;
            Assert.Equal(expected, ran.Select(one => one.Name));
            return;
        }

        Assert.Fail("no turn of 200 was run on one thread");
    }

    [Fact]
    public void What_is_begun_outside_a_turn_and_what_is_more_than_may_wait_is_run_by_other_threads()
    {
        using var all = new CountdownEvent((2 * Turn.WaitingMax) + 1);
        var (here, thread) = (0, Environment.CurrentManagedThreadId);
        var one = new Do(() =>
        {
            if (Environment.CurrentManagedThreadId == thread) here++;
            all.Signal();
        });
        Turn.Execute(one, false);
        Turn.RunHere(new Do(() =>
        {
            for (var i = 0; i < 2 * Turn.WaitingMax; i++) Turn.Execute(one, i % 2 == 0);
        }));
        Assert.True(all.Wait(Deadline), $"{all.CurrentCount} were never run");
        // Fewer where this machine gives the thread so little that its turn takes too long.
        Assert.InRange(here, 0, Turn.WaitingMax);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_waits_behind_one_that_hangs_is_run_by_other_threads_while_it_hangs_and_again_each_time(bool isForLater)
    {
        using var first = new CountdownEvent(3);
        using var second = new CountdownEvent(3);
        using var hangs = new ManualResetEventSlim();
        var hung = Task.Factory.StartNew(() => Turn.RunHere(new Do(() =>
        {
            for (var i = 0; i < 3; i++) Turn.Execute(new Do(() => first.Signal()), isForLater);
            Assert.True(first.Wait(Deadline), "what waited was left behind the one that hangs");
            for (var i = 0; i < 3; i++) Turn.Execute(new Do(() => second.Signal()), isForLater);
            Assert.True(second.Wait(Deadline), "what waited was left behind the one that hangs again");
            hangs.Wait(Deadline);
        })), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(second.Wait(Deadline), "what waited was not taken away");
        Assert.False(hung.IsCompleted, "it no longer hangs");
        hangs.Set();
        await hung.WaitAsync(Deadline);
    }

    [Fact]
    public void A_turn_that_goes_on_for_long_leaves_the_rest_to_other_threads_and_none_is_lost()
    {
        using var all = new CountdownEvent(Turn.WaitingMax);
        var (here, thread) = (0, Environment.CurrentManagedThreadId);
        Turn.RunHere(new Do(() =>
        {
            for (var i = 0; i < Turn.WaitingMax; i++)
            {
                Turn.Execute(new Do(() =>
                {
                    if (Environment.CurrentManagedThreadId == thread) here++;
                    // Until the time of the turn is over, whatever the machine does.
                    for (var since = Stopwatch.StartNew(); since.Elapsed <= Turn.LongestTurn;) Thread.SpinWait(100);
                    all.Signal();
                }), false);
            }
        }));
        Assert.True(all.Wait(Deadline), $"{all.CurrentCount} were never run");
        Assert.InRange(here, 0, 1);
    }

    [Fact]
    public void What_waits_behind_one_that_throws_is_run_and_the_thread_has_no_turn_any_more()
    {
        using var all = new CountdownEvent(4);
        var thread = Environment.CurrentManagedThreadId;
        var elsewhere = new Do(() =>
        {
            if (Environment.CurrentManagedThreadId != thread) all.Signal();
        });
        var thrown = Assert.Throws<InvalidDataException>(() => Turn.RunHere(new Do(() =>
        {
            for (var i = 0; i < 3; i++) Turn.Execute(elsewhere, i == 0);
            throw new InvalidDataException("as a fatal error in Akka itself would");
        })));
        Assert.Contains("fatal", thrown.Message, StringComparison.Ordinal);
        Turn.Execute(elsewhere, false);
        Assert.True(all.Wait(Deadline), $"{all.CurrentCount} were never run");
    }

    private sealed record Do(Action Action) : IRunnable
    {
        public bool IsForLater { get; init; }

        public void Run() => Action();

        public void Execute() => Run();
    }
}
