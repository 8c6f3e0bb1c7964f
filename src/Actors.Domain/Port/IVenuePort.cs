using Actors.Domain.Instruments;
using Actors.Domain.Orders;

namespace Actors.Domain.Port;

/// <summary>
/// Everything the engine asks of a venue. An implementation owns one dialect: it turns bytes into the neutral messages of
/// <see cref="IVenueMessages"/> and neutral requests into bytes. Nothing above this folder knows which venue it is.
/// </summary>
public interface IVenuePort : IAsyncDisposable
{
    /// <summary>The dialect's short lower-case name, for logs and the journal.</summary>
    string Dialect { get; }

    /// <summary>A decoder for the frames of one connection, needing no socket: an audit uses it on journaled frames.</summary>
    IVenueDecoder CreateDecoder();

    /// <summary>A stream that is not connected yet. One stream serves one connection; a reconnect makes a new one.</summary>
    IVenueStream CreateStream(IVenueStreamObserver observer);

    IVenueOrderEntry OrderEntry { get; }

    IVenueQueries Queries { get; }
}

/// <summary>Turns the frames of one connection, in the order received, into neutral messages. Keeps what sparse updates need; not thread-safe.</summary>
public interface IVenueDecoder
{
    /// <summary>Decodes one frame; what cannot be understood is told to <see cref="IVenueMessages.Undecodable"/> and never throws.</summary>
    void Decode(ReadOnlySpan<byte> frame, IVenueMessages messages);

    /// <summary>The frame as it may be kept: what it repeats of a key or a signature is covered, and it decodes to the same messages. Most frames are themselves.</summary>
    ReadOnlyMemory<byte> Cover(ReadOnlyMemory<byte> frame) => frame;
}

/// <summary>One connection of the venue's stream. Methods send; everything that comes back arrives as a frame.</summary>
public interface IVenueStream : IAsyncDisposable
{
    /// <summary>Opens the socket. Throws <see cref="VenueUnreachableException"/> with the reason in words.</summary>
    Task ConnectAsync(CancellationToken cancellation);

    Task AuthenticateAsync(CancellationToken cancellation);

    /// <summary>
    /// Subscribes to the market data of <paramref name="symbols"/> and to the account's own orders, executions, positions and margin. Returns the topics
    /// asked for, each of which the venue will answer with <see cref="SessionMessage.Subscribed"/>.
    /// </summary>
    Task<IReadOnlyList<string>> SubscribeAsync(IReadOnlyList<Symbol> symbols, CancellationToken cancellation);

    /// <summary>Asks for a fresh snapshot of one instrument's book.</summary>
    Task ResubscribeBookAsync(Symbol symbol, CancellationToken cancellation);

    /// <summary>Asks for a fresh snapshot of one table of the account, because changes of it may have been missed.</summary>
    Task ResubscribeAccountAsync(AccountTable table, CancellationToken cancellation);

    Task PingAsync(CancellationToken cancellation);

    /// <summary>Tells the venue to cancel every order of the account unless told again within <paramref name="timeout"/>; zero disarms.</summary>
    Task BeatAsync(TimeSpan timeout, CancellationToken cancellation);
}

/// <summary>Hears a stream. Called from the socket's own thread, one call at a time; must not block.</summary>
public interface IVenueStreamObserver
{
    /// <summary>A whole frame; the memory belongs to the observer from now on.</summary>
    void OnFrame(ReadOnlyMemory<byte> frame, DateTimeOffset receivedAt);

    /// <summary>The connection is over. Called once, last.</summary>
    void OnClosed(string reason);
}

/// <summary>
/// Changes orders. Every method waits for the venue's answer within its own deadline and never throws for what a venue or a network does. A request with an
/// <c>until</c> must not be carried out later than that by the venue's own clock, whatever delays it; where the venue cannot be made to hold that, it is refused and
/// not sent.
/// </summary>
public interface IVenueOrderEntry
{
    Task<OrderEntryOutcome> PlaceAsync(OrderTerms terms, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>Changes a working order.</summary>
    Task<OrderEntryOutcome> AmendAsync(ClientOrderId id, Symbol symbol, OrderChange change, DateTimeOffset until, CancellationToken cancellation);

    /// <summary>Cancels orders in one request; one outcome for each, in the same order.</summary>
    Task<IReadOnlyList<OrderEntryOutcome>> CancelAsync(IReadOnlyList<ClientOrderId> ids, CancellationToken cancellation);

    /// <summary>Cancels every order of the account.</summary>
    Task<OrderEntryOutcome> CancelAllAsync(CancellationToken cancellation);

    /// <summary>The dead man's switch without a socket, on a rate lane that orders cannot starve. Zero disarms. Null when the venue did not confirm.</summary>
    Task<BeatConfirmation?> BeatAsync(TimeSpan timeout, CancellationToken cancellation);
}

/// <summary>Asks for state. Throws <see cref="VenueUnreachableException"/> when no answer was had.</summary>
public interface IVenueQueries
{
    /// <summary>Definitions of the instruments named; a row that cannot be understood is left out and named in <paramref name="setAside"/>.</summary>
    Task<IReadOnlyList<InstrumentReport>> InstrumentsAsync(IReadOnlyList<Symbol> symbols, Action<string> setAside, CancellationToken cancellation);

    Task<IReadOnlyList<OrderReport>> OpenOrdersAsync(CancellationToken cancellation);

    /// <summary>The order with this identifier in any state, or null when the venue never had it.</summary>
    Task<OrderReport?> FindOrderAsync(ClientOrderId id, CancellationToken cancellation);

    /// <summary>All executions since <paramref name="since"/>, oldest first; may repeat known ones.</summary>
    Task<IReadOnlyList<ExecutionReport>> ExecutionsAsync(DateTimeOffset since, CancellationToken cancellation);

    Task<IReadOnlyList<PositionReport>> PositionsAsync(CancellationToken cancellation);

    Task<IReadOnlyList<MarginReport>> MarginsAsync(CancellationToken cancellation);

    /// <summary>The account the key belongs to, as the venue numbers it.</summary>
    Task<string> AccountAsync(CancellationToken cancellation);
}

/// <summary>No answer could be had from the venue; the message says why in one line.</summary>
public sealed class VenueUnreachableException : Exception
{
    public VenueUnreachableException(string message)
        : base(message)
    {
    }

    public VenueUnreachableException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public VenueUnreachableException()
    {
    }

    /// <summary>How long the venue wants to be left alone; null where it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
