using System.Xml.Linq;

namespace Actors.Host.Tests.Support;

/// <summary>The repository that this test was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Source files below a folder, build output left out; relative to the root, with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, params string[] extensions) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories)
        .Where(file => extensions.Contains(Path.GetExtension(file)))
        .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/'))
        .Where(file => !file.Split('/').Any(part => part is "bin" or "obj"));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    /// <summary>What a project file names, by item: <c>ProjectReference</c> as project names, the others as they are.</summary>
    public static IReadOnlyList<string> References(string project, string item) => XDocument.Parse(Read(project))
        .Descendants(item)
        .Select(reference => reference.Attribute("Include")?.Value ?? string.Empty)
        .Select(name => item == "ProjectReference" ? Path.GetFileNameWithoutExtension(name.Replace('\\', '/')) : name)
        .ToList();

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Actors.sln"))) return folder.FullName;
        }

        throw new InvalidOperationException($"no Actors.sln above {AppContext.BaseDirectory}");
    }
}
