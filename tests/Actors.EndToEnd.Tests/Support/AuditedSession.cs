using System.Security.Cryptography;
using Actors.Bitmex;
using Actors.Domain.Sessions;
using Actors.Journal;
using Actors.Journal.Audit;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>One real session on a busy market, its checkpoints signed, run once for all tests that look at its journal; and copies of it to spoil.</summary>
public sealed class AuditedSession : IAsyncLifetime, IDisposable
{
    /// <summary>Its tests run one after the other, on one session.</summary>
    public const string Collection = "one audited session";

    private readonly TemporaryFolder _folder = new();

    public string PublicKey => _folder.File("operator.pub");

    public string DataFolder => _folder.File("data");

    public string Journal => Path.Combine(DataFolder, "journal");

    public async Task InitializeAsync()
    {
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            _folder.Write("operator.key", key.ExportPkcs8PrivateKeyPem());
            _folder.Write("operator.pub", key.ExportSubjectPublicKeyInfoPem());
        }

        var (exitCode, output, error) = await ActorsProcess.RunAsync(
            "run", "--for", "12s", "--market", "busy", "--seed", "11", "--data", DataFolder, "--sign-key", _folder.File("operator.key"));
        Assert.True(exitCode == 0, string.Join('\n', [.. output, .. error]));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    /// <summary>Audits a journal folder in this process, by the plan as journaled or another one.</summary>
    public AuditReport Audit(string folder, bool checkSignatures = true, Func<SessionPlan, SessionPlan>? rules = null)
    {
        using var verifier = checkSignatures ? CheckpointVerifier.Read(PublicKey) : null;
        return SessionAudit.Run(new AuditRequest
        {
            Journal = new JournalLocation.SqliteDirectory(folder),
            Decoder = _ => new BitmexDecoder(),
            Verifier = verifier,
            Rules = rules,
        });
    }

    /// <summary>A copy of both files in another folder.</summary>
    public void CopyTo(string folder)
    {
        foreach (var table in (string[])["journal", "frames"]) Restore(folder, table);
    }

    /// <summary>One file as it was, without what a write-ahead log of the spoilt one still holds.</summary>
    public void Restore(string folder, string table)
    {
        foreach (var log in (string[])["-wal", "-shm"]) File.Delete(Path.Combine(folder, $"{table}.db{log}"));
        File.Copy(Path.Combine(Journal, $"{table}.db"), Path.Combine(folder, $"{table}.db"), overwrite: true);
    }
}

[CollectionDefinition(AuditedSession.Collection)]
public sealed class OneAuditedSession : ICollectionFixture<AuditedSession>;
