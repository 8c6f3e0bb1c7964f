using Actors.Domain.Sessions;

namespace Actors.Journal.Tests;

public class BadFileTests
{
    [Fact]
    public void A_file_that_is_no_database_is_named()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.Location.JournalFile, string.Concat(Enumerable.Repeat("not a database\n", 100)));
        AssertRefused(directory.Location, "journal.db is not a database");
    }

    [Fact]
    public void A_database_of_something_else_is_left_alone()
    {
        using var directory = new TemporaryDirectory();
        Shell.Run(directory.Location.FramesFile, "CREATE TABLE recipes (name TEXT)");
        AssertRefused(directory.Location, "frames.db is a database, but not a journal");
        Assert.Equal(1L, Shell.Run(directory.Location.FramesFile, "SELECT count(*) FROM sqlite_master"));
    }

    [Fact]
    public void A_newer_schema_is_named()
    {
        using var directory = new TemporaryDirectory();
        JournalDatabase.Open(directory.Location).Dispose();
        Shell.Run(directory.Location.JournalFile, "PRAGMA user_version = 2");
        AssertRefused(directory.Location, "its schema has version 2, this build knows 1");
        Assert.Throws<JournalException>(() => SessionReader.Open(directory.Location.JournalFile));
    }

    [Fact]
    public void A_directory_that_cannot_be_is_named()
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "file");
        File.WriteAllText(file, "");
        AssertRefused(new JournalLocation.SqliteDirectory(file), "cannot be made a directory");
        AssertRefused(new JournalLocation.SqliteDirectory(Path.Combine(file, "below")), "cannot be made a directory");
    }

    [Fact]
    public void A_second_session_in_the_same_directory_is_refused()
    {
        using var directory = new TemporaryDirectory();
        using (JournalDatabase.Open(directory.Location)) AssertRefused(directory.Location, "in use by another session");
        JournalDatabase.Open(directory.Location).Dispose();
    }

    [Fact]
    public void A_failed_opening_leaves_the_directory_free()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.Location.FramesFile, string.Concat(Enumerable.Repeat("not a database\n", 100)));
        AssertRefused(directory.Location, "frames.db is not a database");
        File.Delete(directory.Location.FramesFile);
        JournalDatabase.Open(directory.Location).Dispose();
    }

    [Theory]
    [InlineData("a changed byte", "UPDATE journal SET message = CAST(replace(CAST(message AS TEXT), '\"beat\":3', '\"beat\":4') AS BLOB) WHERE sequence_number = 3", 4)]
    [InlineData("a broken payload", "UPDATE journal SET message = x'7B' WHERE sequence_number = 3", 3)]
    [InlineData("a dropped record", "DELETE FROM journal WHERE sequence_number = 3", 3)]
    [InlineData("a dropped first record", "DELETE FROM journal WHERE sequence_number = 1", 1)]
    [InlineData("a renumbered gap", "DELETE FROM journal WHERE sequence_number = 3; UPDATE journal SET sequence_number = sequence_number - 1 WHERE sequence_number > 3", 3)]
    [InlineData("swapped", "UPDATE journal SET sequence_number = sequence_number + 100 WHERE sequence_number IN (2, 3); UPDATE journal SET sequence_number = 105 - sequence_number WHERE sequence_number > 100", 2)]
    [InlineData("a foreign serializer", "UPDATE journal SET identifier = 17 WHERE sequence_number = 2", 2)]
    [InlineData("an unknown manifest", "UPDATE journal SET manifest = 'beat-proved/9' WHERE sequence_number = 2", 2)]
    [InlineData("a text for bytes", "UPDATE journal SET message = NULL WHERE 0; UPDATE journal SET manifest = 5 WHERE sequence_number = 5", 5)]
    [InlineData("marked as deleted", "UPDATE journal SET deleted = 1 WHERE sequence_number = 4", 4)]
    public async Task Tampering_is_found_and_the_first_bad_record_named(string what, string statement, long broken)
    {
        using var directory = new TemporaryDirectory();
        await using (var running = new RunningJournal(directory.Location)) await Scribe.Tell(running.Start("session"), Scribe.Beats(6));
        using (var untouched = SessionReader.Open(directory.Location.JournalFile))
            Assert.Equal(6, untouched.Read("session").Select(record => ((BeatProved)record.Event).Beat).Last());
        Shell.Run(directory.Location.JournalFile, statement);
        using var reader = SessionReader.Open(directory.Location.JournalFile);
        var refused = Assert.Throws<JournalFormatException>(() => reader.Read("session").Count());
        Assert.Equal((what, "session", broken), (what, refused.Stream, refused.Sequence));
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task A_journal_can_be_read_while_it_is_written()
    {
        using var directory = new TemporaryDirectory();
        await using var running = new RunningJournal(directory.Location);
        var scribe = running.Start("session");
        await Scribe.Tell(scribe, Scribe.Beats(4));
        using var reader = SessionReader.Open(directory.Location.JournalFile);
        using var records = reader.Read("session").GetEnumerator();
        Assert.True(records.MoveNext());
        await Scribe.Tell(scribe, new BeatProved(5));
        Assert.Empty(reader.Read("nobody"));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var refused = Assert.Throws<JournalException>(() => SessionReader.Open("/nowhere/journal.db"));
        Assert.Equal("/nowhere/journal.db does not exist, or this account may not look for it", refused.Message);
    }

    private static void AssertRefused(JournalLocation location, string expected)
    {
        var refused = Assert.Throws<JournalException>(() => JournalDatabase.Open(location));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
