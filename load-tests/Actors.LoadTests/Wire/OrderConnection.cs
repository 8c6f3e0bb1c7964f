using System.Buffers.Text;
using System.Net.Sockets;

namespace Actors.LoadTests.Wire;

/// <summary>
/// One HTTP connection that is kept alive, as a client of the venue keeps it: a request, its answer, then the next. It blocks its thread, which is the
/// cheapest way to wait for an answer, so that what is left of the machine is the venue's.
/// </summary>
public sealed class OrderConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 60_000 };
    private readonly byte[] _answer = new byte[16 * 1024];

    public OrderConnection(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        _socket.Connect(address.Host, address.Port);
    }

    /// <summary>Sends a whole request and waits for its answer's end; the status. Throws <see cref="SocketException"/> when the connection broke.</summary>
    public int Send(ReadOnlySpan<byte> request)
    {
        while (request.Length > 0) request = request[_socket.Send(request)..];
        var length = 0;
        while (true)
        {
            var read = _socket.Receive(_answer.AsSpan(length));
            if (read == 0) throw new SocketException((int)SocketError.ConnectionReset);
            length += read;
            if (Status(_answer.AsSpan(0, length)) is { } status) return status;
        }
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>The status of an answer that is there to its end; null while it is not.</summary>
    private static int? Status(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        var head = answer[..(end + 2)];
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0 || !Utf8Parser.TryParse(head[(at + 16)..], out int body, out _) || !Utf8Parser.TryParse(head[9..12], out int status, out _))
            throw new InvalidDataException("expected an answer with a status and a length");
        return answer.Length >= end + 4 + body ? status : null;
    }
}
