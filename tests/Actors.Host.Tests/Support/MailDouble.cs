using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Actors.Host.Tests.Support;

/// <summary>A letter as it came over the wire.</summary>
internal sealed record LetterReceived(string? User, string From, IReadOnlyList<string> To, string Text);

/// <summary>A mail server on a free port of this machine that speaks as much of RFC 5321 as a letter needs, and keeps the letters.</summary>
internal sealed class MailDouble : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private readonly bool _refuses;
    private readonly Task _serving;

    public MailDouble(bool refuses = false)
    {
        _refuses = refuses;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<LetterReceived> Letters { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        foreach (var client in _clients) client.Dispose();
        await _serving;
    }

    private async Task ServeAsync()
    {
        var talks = new List<Task>();
        while (true)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync();
                _clients.Add(client);
                talks.Add(TalkAsync(client));
            }
            catch (Exception over) when (over is SocketException or ObjectDisposedException)
            {
                await Task.WhenAll(talks);
                return;
            }
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        try
        {
            using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\r\n", AutoFlush = true };
            var (user, from, to) = ((string?)null, "", new List<string>());
            await writer.WriteLineAsync("220 double ready");
            while (await reader.ReadLineAsync() is { } line)
            {
                var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                switch (verb)
                {
                    case "EHLO":
                        await writer.WriteLineAsync("250-double\r\n250 AUTH PLAIN");
                        break;
                    case "AUTH":
                        user = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[2])).Replace('\0', '|');
                        await writer.WriteLineAsync("235 welcome");
                        break;
                    case "MAIL":
                        from = line;
                        await writer.WriteLineAsync("250 ok");
                        break;
                    case "RCPT":
                        to.Add(line);
                        await writer.WriteLineAsync(_refuses ? "550 nobody here" : "250 ok");
                        break;
                    case "DATA":
                        await writer.WriteLineAsync("354 go on");
                        var text = new StringBuilder();
                        while (await reader.ReadLineAsync() is { } part and not ".") text.AppendLine(part);
                        Letters.Enqueue(new LetterReceived(user, from, [.. to], text.ToString()));
                        await writer.WriteLineAsync("250 taken");
                        break;
                    case "QUIT":
                        await writer.WriteLineAsync("221 bye");
                        return;
                    default:
                        await writer.WriteLineAsync("250 ok");
                        break;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // The client under test may leave at any time.
        }
    }
}
