using System.Net;
using Actors.Venue.Wire;
using Microsoft.AspNetCore.Http;

namespace Actors.Venue.Faults;

/// <summary>
/// <c>/admin/faults</c>, for this machine only: GET tells the grammar and every fault with how often it fired, POST adds faults, DELETE
/// removes one (<c>?id=</c>) or all. Bodies must be JSON by their content type, so that no web page can post here unasked.
/// </summary>
internal sealed class FaultFront(VenueContext venue, FaultActions actions)
{
    public const string Path = "/admin/faults";

    private const int BodyMax = 65_536;

    public async Task HandleAsync(HttpContext http)
    {
        var (status, body) = await AnswerAsync(http);
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private async Task<(int Status, byte[] Body)> AnswerAsync(HttpContext http)
    {
        try
        {
            if (http.Connection.RemoteIpAddress is not { } address || !IPAddress.IsLoopback(address) || !IsLocal(http.Request.Host.Host))
                return (403, Json.Error("Faults can be asked for from this machine only."));
            switch (http.Request.Method)
            {
                case "GET": return (200, List());
                case "POST": return (200, await AddAsync(http.Request));
                case "DELETE":
                    await actions.RemoveAsync(Id(http.Request));
                    return (200, List());
                default: return (405, Json.Error("Expected GET, POST or DELETE."));
            }
        }
        catch (FormatException wrong)
        {
            return (400, Json.Error(wrong.Message, "ValidationError"));
        }
        catch (OverloadedException stopped)
        {
            return (503, Json.Error(stopped.Message));
        }
    }

    /// <summary>A name that only a rebound address would have is refused.</summary>
    private static bool IsLocal(string host) => host is "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static long? Id(HttpRequest request)
    {
        if (request.Query["id"].FirstOrDefault() is not { } text) return null;
        return long.TryParse(text, out var id) ? id : throw new FormatException("expected id to be a number");
    }

    private async Task<byte[]> AddAsync(HttpRequest request)
    {
        if (!request.HasJsonContentType()) throw new FormatException("expected content of type application/json");
        if (request.ContentLength is not <= BodyMax) throw new FormatException($"expected a body of at most {BodyMax} bytes, its length told");
        using var buffer = new MemoryStream();
        await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
        var added = new List<long>();
        foreach (var wanted in FaultRequest.Parse(buffer.ToArray())) added.Add((await actions.AddAsync(wanted)).Id);
        return Json.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("added");
            foreach (var id in added) writer.WriteNumberValue(id);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private byte[] List() => Json.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("faults");
        foreach (var (fault, matched, fired, isActive) in venue.Faults.List())
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", fault.Id);
            writer.WriteBoolean("active", isActive);
            writer.WriteNumber("matched", matched);
            writer.WriteNumber("fired", fired);
            writer.WritePropertyName("fault");
            writer.WriteRawValue(fault.Request.ToJson());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartObject("help");
        foreach (var (name, text) in FaultHelp.Lines) writer.WriteString(name, text);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
