using Actors.Bitmex.Realtime;
using Actors.Bitmex.Rest;
using Actors.Domain.Port;

namespace Actors.Bitmex;

/// <summary>The dialect behind the port: owns the secret and the REST connections; makes decoders and streams.</summary>
public sealed class BitmexVenuePort : IVenuePort
{
    private readonly BitmexOptions _options;
    private readonly ApiCredentials _credentials;
    private readonly BitmexRestClient _client;

    public BitmexVenuePort(BitmexOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _credentials = new ApiCredentials(options.KeyId, options.Secret.Span);
        _client = new BitmexRestClient(options, _credentials, new InstrumentMap());
    }

    public string Dialect => "bitmex";

    public IVenueOrderEntry OrderEntry => _client;

    public IVenueQueries Queries => _client;

    /// <summary>The instrument definitions that order prices are written by; filled by the instruments query.</summary>
    public InstrumentMap Instruments => _client.Instruments;

    /// <summary>Asks the venue what it knows of this port's key. Never throws for what a venue or a network does.</summary>
    public Task<OwnKeyAnswer> OwnKeyAsync(CancellationToken cancellation) => _client.OwnKeyAsync(cancellation);

    public IVenueDecoder CreateDecoder() => new BitmexDecoder();

    public IVenueStream CreateStream(IVenueStreamObserver observer) => new BitmexStream(_options, _credentials, observer);

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _credentials.Dispose();
        return ValueTask.CompletedTask;
    }

    public override string ToString() => _options.ToString();
}
