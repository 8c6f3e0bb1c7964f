using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Actors.EndToEnd.Tests.Support;

/// <summary>A port of this machine that passes everything on to another one and keeps what clients sent, so that a test knows the signatures that went over the wire.</summary>
internal sealed partial class TappedWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentQueue<MemoryStream> _sent = [];
    private readonly Uri _target;
    private readonly Task _serving;

    public TappedWire(Uri target)
    {
        _target = target;
        _listener.Start();
        Address = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _serving = ServeAsync();
    }

    public string Address { get; }

    /// <summary>Every signature that was sent in a header.</summary>
    public IReadOnlySet<string> RestSignatures => Found(static text => HeaderPattern().Matches(text).Select(match => match.Groups[1].Value));

    /// <summary>Every signature that was sent over a WebSocket.</summary>
    public IReadOnlySet<string> StreamSignatures => Found(static text => StreamPattern().Matches(text).Select(match => match.Groups[1].Value));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _serving;
        _ending.Dispose();
    }

    private HashSet<string> Found(Func<string, IEnumerable<string>> find) => [.. _sent.SelectMany(sent =>
    {
        byte[] bytes;
        lock (sent) bytes = sent.ToArray();
        return find(Readable(bytes));
    })];

    /// <summary>What was sent as text; the frames of a WebSocket, which its client masks, without their mask (RFC 6455, section 5.2).</summary>
    private static string Readable(byte[] bytes)
    {
        var head = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        var text = new StringBuilder(Encoding.Latin1.GetString(bytes));
        if (head < 0 || !Encoding.Latin1.GetString(bytes, 0, head).Contains("Upgrade: websocket", StringComparison.OrdinalIgnoreCase)) return text.ToString();
        text.Length = head;
        for (var at = head + 4; at + 6 <= bytes.Length;)
        {
            var length = bytes[at + 1] & 0x7f;
            var body = at + 2;
            if (length == 126)
            {
                length = BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(body));
                body += 2;
            }

            var mask = bytes.AsSpan(body, 4);
            body += 4;
            if (length == 127 || body + length > bytes.Length) break;
            for (var index = 0; index < length; index++) text.Append((char)(bytes[body + index] ^ mask[index % 4]));
            at = body + length;
        }

        return text.ToString();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(PassAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException && _ending.IsCancellationRequested)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            var sent = new MemoryStream();
            _sent.Enqueue(sent);
            try
            {
                await server.ConnectAsync(_target.Host, _target.Port, _ending.Token);
                await Task.WhenAny(CopyAsync(client.GetStream(), server.GetStream(), sent), CopyAsync(server.GetStream(), client.GetStream(), null));
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
                // Either side left, which ends the connection for the other one too.
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, MemoryStream? kept)
    {
        var buffer = new byte[1 << 16];
        try
        {
            while (await from.ReadAsync(buffer, _ending.Token) is > 0 and var count)
            {
                if (kept is not null)
                {
                    lock (kept) kept.Write(buffer, 0, count);
                }

                await to.WriteAsync(buffer.AsMemory(0, count), _ending.Token);
            }
        }
        catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // As above.
        }
    }

    [GeneratedRegex("api-signature: ([0-9a-fA-F]{64})", RegexOptions.IgnoreCase)]
    private static partial Regex HeaderPattern();

    [GeneratedRegex("authKeyExpires.*?([0-9a-fA-F]{64})")]
    private static partial Regex StreamPattern();
}
