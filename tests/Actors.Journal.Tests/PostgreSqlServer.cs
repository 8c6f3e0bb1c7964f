using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Actors.Journal.Tests;

/// <summary>
/// A real PostgreSQL server on loopback in a directory of its own, one for all tests of the process and gone with it. A machine without one says why; where
/// <c>ACTORS_POSTGRES=required</c> is set that is a failure.
/// </summary>
internal sealed class PostgreSqlServer : IDisposable
{
    private static readonly Lazy<Task<(PostgreSqlServer? Server, string Reason)>> Shared = new(StartAsync);
    private static int _journals;
    private readonly string _folder;
    private readonly string[] _line;
    private Process? _process;

    private PostgreSqlServer(string folder, string[] line, string connectionString)
    {
        _folder = folder;
        _line = line;
        _process = Start(line);
        ConnectionString = connectionString;
    }

    /// <summary>Why there is no server.</summary>
    public static string WhyNone { get; private set; } = "";

    private string ConnectionString { get; }

    /// <summary>The server of this process; null where there is none.</summary>
    public static async Task<PostgreSqlServer?> SharedAsync() => Told(await Shared.Value);

    /// <summary>A server of one test's own, which may stop it; null where there is none.</summary>
    public static async Task<PostgreSqlServer?> OwnAsync() => Told(await StartAsync());

    /// <summary>Ends the server with everything that is connected to it, as a crash of its machine would.</summary>
    public void Stop()
    {
        if (_process is not { } process) return;
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        _process = null;
    }

    /// <summary>Starts a server that was stopped, on the same data and port, and waits until it answers.</summary>
    public async Task StartAgainAsync()
    {
        _process = Start(_line);
        await AnsweringAsync();
    }

    private static PostgreSqlServer? Told((PostgreSqlServer? Server, string Reason) found)
    {
        var (server, reason) = found;
        if (server is not null) return server;
        if (Environment.GetEnvironmentVariable("ACTORS_POSTGRES") == "required") throw new InvalidOperationException($"a PostgreSQL server was required: {reason}");
        WhyNone = reason;
        Console.WriteLine($"PostgreSQL test not run: {reason}");
        return null;
    }

    /// <summary>A database of its own, empty.</summary>
    public async Task<JournalLocation.PostgreSql> NewJournalAsync()
    {
        var name = $"journal{Interlocked.Increment(ref _journals)}";
        await RunAsync(new JournalLocation.PostgreSql(ConnectionString), $"CREATE DATABASE {name}");
        return new JournalLocation.PostgreSql(ConnectionString.Replace("Database=postgres", $"Database={name}", StringComparison.Ordinal));
    }

    /// <summary>What a person with a database shell would do; how many rows it changed.</summary>
    public static async Task<int> RunAsync(JournalLocation.PostgreSql location, string statement)
    {
        await using var connection = new Npgsql.NpgsqlConnection(location.ConnectionString);
        await connection.OpenAsync();
        await using var command = new Npgsql.NpgsqlCommand(statement, connection);
        return await command.ExecuteNonQueryAsync();
    }

    private static async Task<(PostgreSqlServer? Server, string Reason)> StartAsync()
    {
        if (Find("initdb") is not { } initdb || Find("postgres") is not { } postgres) return (null, "there is no PostgreSQL on this machine");
        var folder = Directory.CreateTempSubdirectory("actors-postgres-").FullName;
        // The server refuses to run as root: it gets the account that its package makes.
        var asOther = Environment.UserName == "root";
        if (asOther && await RunAsync("chown", "-R", "postgres", folder) != 0) return (null, "this is root, and there is no account 'postgres' to run the server as");
        string[] prefix = asOther ? ["runuser", "-u", "postgres", "--"] : [];
        var data = Path.Combine(folder, "data");
        if (await RunAsync([.. prefix, initdb, "-D", data, "-A", "trust", "-U", "actors", "-N"]) != 0) return (null, "initdb failed");
        var port = FreePort();
        string[] line = [.. prefix, postgres, "-D", data, "-p", $"{port}", "-c", "listen_addresses=127.0.0.1", "-c", $"unix_socket_directories={folder}"];
        var server = new PostgreSqlServer(folder, line, $"Host=127.0.0.1;Port={port};Username=actors;Database=postgres;Maximum Pool Size=20;Include Error Detail=true");
        // The process of the tests ends without disposing what all of them share.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.Dispose();
        await server.AnsweringAsync();
        return (server, "");
    }

    public void Dispose()
    {
        Npgsql.NpgsqlConnection.ClearAllPools();
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Find(string name) => new[] { $"/usr/local/bin/{name}", $"/usr/bin/{name}" }
        .Concat(Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin", name)) : [])
        .FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Start(params string[] line)
    {
        var start = new ProcessStartInfo(line[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in line.Skip(1)) start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task<int> RunAsync(params string[] line)
    {
        using var process = Start(line);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private async Task AnsweringAsync()
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        using var tries = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                await using var connection = new Npgsql.NpgsqlConnection(ConnectionString);
                await connection.OpenAsync();
                return;
            }
            catch (Exception refused) when (refused is Npgsql.NpgsqlException && DateTime.UtcNow < deadline)
            {
                await tries.WaitForNextTickAsync();
            }
        }
    }
}
