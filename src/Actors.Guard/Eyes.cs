namespace Actors.Guard;

/// <summary>Sees the account: the socket tells news at once, REST is asked now and then to prove it, and often when the socket is silent. The
/// socket's word counts only while a REST answer confirmed it within the last four cross-checks: a socket may live and tell nothing.</summary>
internal sealed class Eyes(Settings settings, VenueClient venue, VenueSocket socket, Account account, Voice voice, TimeProvider clock)
{
    private const int ConfirmedFor = 4;
    private readonly DateTimeOffset _began = clock.GetUtcNow();
    private Task _reading = Task.CompletedTask;
    private DateTimeOffset _readBegun = DateTimeOffset.MinValue;
    private bool _isWanted;
    private bool _isKeyChecked;
    private int _contradictions;
    private IReadOnlyDictionary<string, decimal> _transfers = new Dictionary<string, decimal>();

    /// <summary>When REST last answered all questions; null until it did.</summary>
    public DateTimeOffset? ReadAt { get; private set; }

    /// <summary>Whether the last two REST answers told the same deposits and withdrawals.</summary>
    public bool AreTransfersSettled { get; private set; }

    /// <summary>Why the guard must not go on: the venue told that its key is not right.</summary>
    public RefusalException? Refusal { get; private set; }
    public bool IsSocketSeeing => socket.HeardAt is { } heard && clock.GetUtcNow() - heard < settings.Timing.SocketSilence;

    /// <summary>The last moment at which the account was seen.</summary>
    public DateTimeOffset SeenAt
    {
        get
        {
            var read = ReadAt ?? _began;
            var isConfirmed = ReadAt is not null && clock.GetUtcNow() - read < settings.Timing.CrossCheckEvery * ConfirmedFor;
            return isConfirmed && socket.HeardAt is { } heard && heard > read ? heard : read;
        }
    }

    /// <summary>Asks REST at the next occasion, which is not before a second after the last question.</summary>
    public void LookAgain() => _isWanted = true;

    /// <summary>Starts asking REST when it is due; returns at once.</summary>
    public void Look(CancellationToken stop)
    {
        if (Refusal is not null) throw Refusal;
        var since = clock.GetUtcNow() - _readBegun;
        var every = IsSocketSeeing ? settings.Timing.CrossCheckEvery : settings.Timing.PollEvery;
        if (!_reading.IsCompleted || since < (_isWanted ? TimeSpan.FromSeconds(1) : every)) return;
        _isWanted = false;
        _readBegun = clock.GetUtcNow();
        _reading = ReadAsync(stop);
    }

    /// <summary>Asks REST for the whole account. The margin before the wallet: a deposit in between cannot look like profit then.</summary>
    public async Task ReadAsync(CancellationToken stop)
    {
        try
        {
            if (!_isKeyChecked) voice.Say(KeyPolicy.Check(settings, await venue.PermissionsAsync(stop)));
            _isKeyChecked = true;
            var news = account.NewsCounts();
            account.Read("margin", await venue.MarginsAsync(stop), news["margin"]);
            account.Read("wallet", await venue.WalletsAsync(stop), news["wallet"]);
            account.Read("position", await venue.PositionsAsync(stop), news["position"]);
            var agrees = account.Read("order", await venue.OpenOrdersAsync(stop), news["order"]);
            var transfers = account.Take().Transfers;
            AreTransfersSettled = transfers.Count == _transfers.Count && transfers.All(transfer => _transfers.TryGetValue(transfer.Key, out var before) && before == transfer.Value);
            _transfers = transfers;
            ReadAt = clock.GetUtcNow();
            // Once may be a frame on its way; twice is a socket that does not tell everything.
            _contradictions = agrees || !IsSocketSeeing ? 0 : _contradictions + 1;
            if (_contradictions == 1) _isWanted = true;
            if (_contradictions >= 2) socket.Reopen("REST tells other orders");
        }
        catch (RefusalException refusal) { Refusal = refusal; }
        catch (VenueException refused) when (!_isKeyChecked && refused.Status is 401 or 403) { Refusal = new RefusalException($"key: {refused.Message}"); }
        catch (Exception unseen) when (unseen is not OutOfMemoryException)
        {
            if (!stop.IsCancellationRequested) voice.Warn($"cannot see by REST: {unseen.Message}");
        }
        account.News.Set();
    }
}
