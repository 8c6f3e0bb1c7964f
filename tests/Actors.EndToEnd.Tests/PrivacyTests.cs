using System.Text;
using Actors.Bitmex;
using Actors.EndToEnd.Tests.Support;
using Actors.Journal;

namespace Actors.EndToEnd.Tests;

/// <summary>
/// What an engine leaves on the disk holds neither its key nor anything made with it. The venue's own folder is elsewhere: the embedded venue keeps its clients'
/// keys, as a venue must to check them.
/// </summary>
public class PrivacyTests
{
    /// <summary>
    /// The bytes of every file, also right after a kill, when the databases' write-ahead logs are still there; and the frames unpacked, for compression hides
    /// what it holds. The venue's answer to a login repeats key and signature.
    /// </summary>
    [Fact]
    public async Task No_byte_of_the_data_folder_is_of_the_key_its_secret_or_a_signature()
    {
        using var folder = new TemporaryFolder();
        await using var venue = ActorsProcess.Start("venue", "--port", "0", "--data", folder.File("venue"), "--market", "busy");
        await using var wire = new TappedWire(new Uri(await VenueTests.AddressAsync(venue)));
        var keyFile = folder.File("venue/keys/alice.json");
        string[] line = ["run", "--venue", wire.Address, "--keys", keyFile, "--data", folder.File("data")];
        await using (var killed = ActorsProcess.Start(line))
        {
            await killed.LineAsync(CrashTests.HasFills, "a status line with fills");
            await killed.KillAsync();
        }

        Assert.NotEmpty(Directory.GetFiles(folder.File("data/journal"), "*-wal"));
        NothingIn(folder.File("data"), wire, keyFile);
        await using var restarted = ActorsProcess.Start(line);
        await restarted.LineAsync(CrashTests.HasFills, "a status line with fills");
        restarted.SendInterrupt();
        Assert.Equal(0, await restarted.ExitAsync());
        NothingIn(folder.File("data"), wire, keyFile);
        await Audited.CleanAsync(folder.File("data"));
        Assert.DoesNotContain([.. restarted.Output, .. restarted.Error], said => Traces(wire, keyFile).Any(trace => said.Contains(trace.Text, StringComparison.Ordinal)));
    }

    private static List<(string What, string Text)> Traces(TappedWire wire, string keyFile)
    {
        using var key = ApiKeyFile.Read(keyFile);
        // More than one of each: every order is signed, and both processes logged in.
        Assert.True(wire.RestSignatures.Count > 2 && wire.StreamSignatures.Count > 0, $"{wire.RestSignatures.Count} and {wire.StreamSignatures.Count} signatures were seen");
        return [("the key's id", key.Id), ("the secret", Encoding.UTF8.GetString(key.Secret.Span)), .. wire.RestSignatures.Concat(wire.StreamSignatures).Select(one => ("a signature", one))];
    }

    private static void NothingIn(string data, TappedWire wire, string keyFile)
    {
        var traces = Traces(wire, keyFile).Select(trace => (trace.What, Bytes: Encoding.UTF8.GetBytes(trace.Text))).ToList();
        void Check(string where, ReadOnlySpan<byte> bytes)
        {
            foreach (var (what, trace) in traces) Assert.True(bytes.IndexOf(trace) < 0, $"{what} stands in {where}");
        }

        var files = Directory.GetFiles(data, "*", SearchOption.AllDirectories);
        foreach (var name in (string[])["journal.db", "frames.db"]) Assert.Contains(files, file => Path.GetFileName(file) == name);
        Assert.Contains(files, file => file.EndsWith(".jsonl", StringComparison.Ordinal));
        // A socket has no bytes of its own; a kill leaves its name.
        foreach (var file in files.Where(file => !file.EndsWith(".sock", StringComparison.Ordinal))) Check(file, File.ReadAllBytes(file));

        var archive = JournalArchive.Open(new JournalLocation.SqliteDirectory(Path.Combine(data, "journal")));
        var logins = 0;
        foreach (var stream in archive.Streams.Where(stream => stream.Stream.StartsWith("frames-", StringComparison.Ordinal)))
        {
            var unpacker = new FrameUnpacker();
            foreach (var batch in archive.Read(stream.Stream).Select(one => one.Record.Event).OfType<FramesRecorded>())
            {
                foreach (var frame in unpacker.Unpack(batch))
                {
                    Check("a frame", frame.Bytes.Span);
                    logins += frame.Bytes.Span.IndexOf("authKeyExpires"u8) >= 0 ? 1 : 0;
                }
            }
        }

        Assert.True(logins > 0, "the answer to no login was recorded");
    }
}
