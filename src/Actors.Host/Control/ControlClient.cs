using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Actors.Host.Control;

/// <summary>Asks a running engine.</summary>
internal static class ControlClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The answer; null when no engine listens there. Throws <see cref="CommandLine.ProblemException"/> when one does and does not answer.</summary>
    public static async Task<ControlAnswer?> AskAsync(string path, ControlRequest request)
    {
        if (!File.Exists(path)) return null;
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path)).ConfigureAwait(false);
        }
        catch (SocketException problem) when (problem.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable)
        {
            return null; // left over by an engine that was killed
        }
        catch (Exception problem) when (problem is SocketException or ArgumentException)
        {
            throw new CommandLine.ProblemException($"the engine's socket {path} cannot be used: {problem.Message.ReplaceLineEndings(" ")}");
        }

        try
        {
            using var patience = new CancellationTokenSource(Patience);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(request) + "\n"), patience.Token).ConfigureAwait(false);
            using var reader = new StreamReader(stream);
            var line = await reader.ReadLineAsync(patience.Token).ConfigureAwait(false);
            if (line is not null && JsonSerializer.Deserialize<ControlAnswer>(line) is { } answer) return answer;
        }
        catch (Exception problem) when (problem is IOException or OperationCanceledException or JsonException)
        {
            throw new CommandLine.ProblemException($"the engine did not answer: {problem.Message.ReplaceLineEndings(" ")}");
        }

        throw new CommandLine.ProblemException("the engine ended the connection without an answer");
    }
}
