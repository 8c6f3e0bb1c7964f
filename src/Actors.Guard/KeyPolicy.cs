namespace Actors.Guard;

/// <summary>What the guard's key may be allowed: cancelling, and ordering when something is to be flattened. Nothing else.</summary>
internal static class KeyPolicy
{
    /// <summary>One line on a key that will do. Throws <see cref="RefusalException"/> for one that will not.</summary>
    public static string Check(Settings settings, IReadOnlyList<string>? permissions)
    {
        if (permissions is null) throw new RefusalException("key: the venue does not tell what it may do");
        // At the venue a key that may order may cancel too.
        var (needed, why) = settings.Does(Step.Flatten) ? ("order", "the limits file says flatten") : ("orderCancel", "nothing is to be flattened");
        if (!permissions.Contains(needed)) throw new RefusalException($"key: it needs the permission {needed}, because {why}; it may {string.Join(", ", permissions.Prepend("read"))}");
        var more = permissions.Except([needed, "orderCancel"]).ToList();
        if (more.Count > 0) throw new RefusalException($"key: it may {string.Join(", ", more)}, which a guard's key must not, because {why}");
        return $"key: it may {string.Join(", ", permissions.Prepend("read"))}";
    }
}
