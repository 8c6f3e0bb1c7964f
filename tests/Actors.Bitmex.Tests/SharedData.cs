namespace Actors.Bitmex.Tests;

/// <summary>Finds the reference data that lies beside the checkout and is never part of it.</summary>
internal static class SharedData
{
    public static string? Root { get; } = Find();

    public static string Missing => "no folder shared/bitmex beside the checkout, and ACTORS_SHARED does not name one";

    public static string Recording(string path) => Path.Combine(Root!, "recordings", path);

    public static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(Path.Combine(Root!, folder), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("ACTORS_SHARED") is { Length: > 0 } named)
            return new[] { Path.Combine(named, "bitmex"), named }.FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, "recordings")));
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "bitmex");
            if (Directory.Exists(Path.Combine(candidate, "recordings"))) return candidate;
        }

        return null;
    }
}

/// <summary>A test that needs the reference data; skipped, with the reason shown, where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute()
    {
        if (SharedData.Root is null) Skip = SharedData.Missing;
    }
}
