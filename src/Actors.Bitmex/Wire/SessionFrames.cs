using Actors.Domain.Port;

namespace Actors.Bitmex.Wire;

/// <summary>What a frame without a table says about the connection. Order of the tests: a refusal may look like an acknowledgement in all else.</summary>
internal static class SessionFrames
{
    private const int StatusUnknown = 400;

    /// <summary>Tells the message; returns a fault when the frame is none of the kinds known.</summary>
    public static string? Tell(in Envelope envelope, IVenueMessages messages)
    {
        if (envelope.Error is { } error) messages.Session(new SessionMessage.Refused(envelope.Status ?? StatusUnknown, Reason(error, envelope)));
        else if (envelope.Info is { } info) messages.Session(new SessionMessage.Welcome(envelope.Version is { } version ? $"{info} ({version})" : info));
        else if (envelope.HasCancelTime || envelope.Operation == "cancelAllAfter") return Beat(envelope, messages);
        else if (envelope.Subscribed is { } topic) messages.Session(new SessionMessage.Subscribed(topic));
        else if (envelope.Success && envelope.Operation is "authKeyExpires" or "authKey") messages.Session(new SessionMessage.Authenticated());
        else if (envelope.Unsubscribed is null && !envelope.Success) return "an object that is neither a table, a welcome, an acknowledgement nor an error";
        return null;
    }

    private static string? Beat(in Envelope envelope, IVenueMessages messages)
    {
        if (envelope.Now is not { } now) return "an acknowledged beat without the venue's time (now)";
        messages.Session(new SessionMessage.BeatConfirmed(new BeatConfirmation(now, envelope.CancelTime)));
        return null;
    }

    // The request itself is left out: an authentication's holds the key and the signature.
    private static string Reason(string error, in Envelope envelope)
    {
        var what = envelope.Subscribed ?? envelope.Operation;
        return WireFormatException.OneLine(what is null ? error : $"{error} ({what})");
    }
}
