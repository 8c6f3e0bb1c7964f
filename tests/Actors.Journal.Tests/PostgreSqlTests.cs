using Actors.Domain.Sessions;
using Xunit.Abstractions;

namespace Actors.Journal.Tests;

/// <summary>The same events, the same codec and the same reader on a real server.</summary>
public class PostgreSqlTests(ITestOutputHelper output)
{
    [Fact]
    public async Task What_actors_journal_on_a_server_is_read_link_by_link_and_tampering_is_named()
    {
        var (server, reason) = await PostgreSqlServer.StartAsync();
        if (server is null)
        {
            output.WriteLine($"not run: {reason}");
            Console.WriteLine($"PostgreSQL test not run: {reason}");
            return;
        }

        using (server)
        {
            var location = new JournalLocation.PostgreSql(server.ConnectionString);
            await using (var running = new RunningJournal(location))
            {
                await Scribe.Tell(running.Start("session"), Scribe.Beats(6));
                await Scribe.Tell(running.Start("frames", JournalDatabase.FramesPlugin), Samples.Events.OfType<FramesRecorded>().First());
            }

            await using (var running = new RunningJournal(location)) await Scribe.Tell(running.Start("kept"), [.. Scribe.Beats(2), KeptSamples.All[3], new BeatProved(3)]);
            await using (var running = new RunningJournal(location))
                Assert.Equal([typeof(Domain.Positions.PositionKept), typeof(BeatProved)], (await Scribe.Ask(running.Start("kept"))).Select(one => one.GetType()));

            var archive = JournalArchive.Open(location);
            Assert.Equal(["frames", "kept", "session"], archive.Streams.Select(stream => stream.Stream));
            Assert.Equal(Enumerable.Range(1, 6).Select(beat => (long)beat), archive.Read("session").Select(one => ((BeatProved)one.Record.Event).Beat));
            Assert.IsType<FramesRecorded>(Assert.Single(archive.Read("frames")).Record.Event);

            await using var connection = new Npgsql.NpgsqlConnection(server.ConnectionString);
            await connection.OpenAsync();
            await using var command = new Npgsql.NpgsqlCommand("DELETE FROM journal WHERE sequence_number = 3", connection);
            await command.ExecuteNonQueryAsync();
            var refused = Assert.Throws<JournalFormatException>(() => JournalArchive.Open(location).Read("session").Count());
            Assert.Equal(("session", 3L), (refused.Stream, refused.Sequence));
        }
    }
}
