using System.Text.Json.Serialization;

namespace Actors.Guard;

/// <summary>A currency's profit, in minor units, at the first sight of the UTC day, at its best, and when it was last written down.</summary>
internal sealed record LossReference(DateOnly Day, decimal Midnight, decimal Peak, decimal Last)
{
    /// <summary>The references with what is seen now. A day begins with the first sight of it; when the guard was away over midnight, with the
    /// better of that and the evening before, so that a loss in the gap counts. A deposit that the wallet does not show yet looks like
    /// profit, so a peak is raised only when <paramref name="mayPeak"/>.</summary>
    public static LossReference Seen(LossReference? before, DateOnly today, decimal profit, bool mayPeak)
    {
        if (before is null) return new LossReference(today, profit, profit, profit);
        var midnight = before.Day == today ? before.Midnight : before.Day.AddDays(1) == today ? Math.Max(before.Last, profit) : profit;
        return new LossReference(today, midnight, mayPeak ? Math.Max(before.Peak, profit) : before.Peak, profit);
    }
}

/// <summary>A breach that holds until an operator clears it.</summary>
internal sealed record Latch(string Limit, IReadOnlyList<Step> Steps, string Finding, DateTimeOffset At)
{
    public override string ToString() => FormattableString.Invariant($"{Finding}, since {At:yyyy-MM-dd HH:mm:ss}Z: {string.Join(" and ", Steps.Select(step => Guard.Steps.Name(step)))}");
}

/// <summary>What must outlive a restart.</summary>
internal sealed record State(IReadOnlyDictionary<string, LossReference> Losses, IReadOnlyList<Latch> Latches);

/// <summary>Owns the guard's one file, written whole or not at all, and beside it the operator's request to clear. A second guard on the same
/// file is refused. A running guard takes the request itself, so that the file has one writer.</summary>
internal sealed class StateFile(string path) : IDisposable
{
    private static readonly JsonSerializerOptions Format = new()
    {
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter<Step>(allowIntegerValues: false) },
    };

    private FileStream? _lock;
    private string Request => path + ".clear";

    /// <summary>Takes the file for this process. Throws <see cref="RefusalException"/> when another guard has it.</summary>
    public void Lock()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            _lock = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new RefusalException($"{path}: in use by another guard, or its folder cannot be written: {broken.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>The state; empty without a file. Throws <see cref="RefusalException"/> when the file cannot be understood.</summary>
    public State Read()
    {
        if (!File.Exists(path)) return new State(new Dictionary<string, LossReference>(), []);
        try { return JsonSerializer.Deserialize<State>(File.ReadAllBytes(path), Format) ?? throw new RefusalException($"{path}: empty"); }
        catch (Exception broken) when (broken is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new RefusalException($"{path}: cannot be understood: {broken.Message.ReplaceLineEndings(" ")}");
        }
    }

    /// <summary>Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> when the disk does not take it.</summary>
    public void Write(State state)
    {
        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, state, Format);
            file.Flush(flushToDisk: true);
        }
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Leaves the operator's request for the guard, whole.</summary>
    public void AskToClear(bool restartLosses)
    {
        File.WriteAllText(Request + ".new", restartLosses ? "restart losses" : "");
        File.Move(Request + ".new", Request, overwrite: true);
    }

    /// <summary>Null when nobody asked to clear; otherwise whether the losses start again from now.</summary>
    public bool? ClearAsked() => File.Exists(Request) ? File.ReadAllText(Request).Length > 0 : null;
    public void ClearDone() => File.Delete(Request);
    public void Dispose() => _lock?.Dispose();
}
