using System.Reflection;

namespace Actors.Engine.Clustering;

/// <summary>Marks a message that may cross from one node to another. Everything else stays in its process: the serializer refuses it.</summary>
public interface IBetweenNodes;

/// <summary>The allow-list of what may be read from another node: every marked message and the types of its parts, and nothing else.</summary>
public static class BetweenNodesTypes
{
    /// <summary>Marked messages of this assembly with the types of all their properties, their element types and their arguments.</summary>
    public static IReadOnlyList<Type> AllowList { get; } = Collect();

    private static List<Type> Collect()
    {
        var found = new HashSet<Type>();
        var waiting = new Queue<Type>(typeof(IBetweenNodes).Assembly.GetTypes().Where(type => type.IsClass && !type.IsAbstract && typeof(IBetweenNodes).IsAssignableFrom(type)));
        while (waiting.TryDequeue(out var type))
        {
            if (type.IsPrimitive || type == typeof(string) || !found.Add(type)) continue;
            foreach (var part in Parts(type)) waiting.Enqueue(part);
        }

        return [.. found.OrderBy(type => type.FullName, StringComparer.Ordinal)];
    }

    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType) yield return type.GetElementType()!;
        foreach (var argument in type.GetGenericArguments()) yield return argument;
        if (type.Namespace is not { } space || !space.StartsWith("Actors.", StringComparison.Ordinal) || type.IsEnum) yield break;
        foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)) yield return field.FieldType;
    }
}
