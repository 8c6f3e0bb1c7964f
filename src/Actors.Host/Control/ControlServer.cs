using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Actors.Host.CommandLine;
using Microsoft.Extensions.Logging;

namespace Actors.Host.Control;

/// <summary>
/// Hears an operator's commands on a unix domain socket in the data folder that only its owner may open: one connection at a time, one line of request, one line
/// of answer. Whoever locks the folder owns the socket, so that one that is left over is nobody's.
/// </summary>
internal sealed class ControlServer : IAsyncDisposable
{
    /// <summary>The longest line that is read.</summary>
    private const int RequestMax = 64 * 1024;

    /// <summary>A client that says nothing must not keep others out.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly string _path;
    private readonly Socket _socket;
    private readonly Func<ControlRequest, Task<ControlAnswer>> _answer;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _serving;

    private ControlServer(string path, Socket socket, Func<ControlRequest, Task<ControlAnswer>> answer, ILogger log)
    {
        (_path, _socket, _answer, _log) = (path, socket, answer, log);
        _serving = ServeAsync();
    }

    /// <summary>Throws <see cref="UsageException"/> when the socket cannot be made, as where its path is longer than the system allows.</summary>
    public static ControlServer Open(string path, Func<ControlRequest, Task<ControlAnswer>> answer, ILogger log)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(path);
            socket.Bind(new UnixDomainSocketEndPoint(path));
            // Before it listens nobody can connect: there is no moment at which another user could.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen(8);
            return new ControlServer(path, socket, answer, log);
        }
        catch (Exception problem) when (problem is SocketException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            socket.Dispose();
            throw new UsageException($"the operator's socket {path} cannot be made: {problem.Message.ReplaceLineEndings(" ")}; a shorter --data may help");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _serving.ConfigureAwait(false);
        File.Delete(_path);
        _ending.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                using var client = await _socket.AcceptAsync(_ending.Token).ConfigureAwait(false);
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
                patience.CancelAfter(Patience);
                await ServeAsync(client, patience.Token).ConfigureAwait(false);
            }
            catch (Exception problem) when (problem is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                if (!_ending.IsCancellationRequested) _log.LogWarning("an operator's connection ended: {Reason:l}", problem.Message);
            }
        }
    }

    private async Task ServeAsync(Socket client, CancellationToken cancellation)
    {
        await using var stream = new NetworkStream(client);
        var answer = await ReadAsync(stream, cancellation).ConfigureAwait(false) is { } request
            ? await AnswerAsync(request).ConfigureAwait(false)
            : new ControlAnswer(ExitCode.Usage, ["the request was not understood: one line of JSON was expected"]);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(answer) + "\n"), cancellation).ConfigureAwait(false);
    }

    private async Task<ControlAnswer> AnswerAsync(ControlRequest request)
    {
        _log.LogInformation("an operator asks for {Verb:l}", request.Verb);
        try
        {
            return await _answer(request).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is Akka.Actor.AskTimeoutException or TaskCanceledException)
        {
            return new ControlAnswer(ExitCode.Problem, ["the risk door did not answer: whether the command was carried out is not known; ask again with 'actors risk show'"]);
        }
    }

    private static async Task<ControlRequest?> ReadAsync(NetworkStream stream, CancellationToken cancellation)
    {
        var buffer = new byte[RequestMax];
        var length = 0;
        while (length < buffer.Length && await stream.ReadAsync(buffer.AsMemory(length), cancellation).ConfigureAwait(false) is > 0 and var read)
        {
            length += read;
            if (buffer.AsSpan(length - read, read).Contains((byte)'\n')) break;
        }

        try
        {
            return JsonSerializer.Deserialize<ControlRequest>(buffer.AsSpan(0, length).TrimEnd((byte)'\n')) is { Verb: not null } request ? request : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
