namespace Actors.Guard;

/// <summary>What the guard's key may be allowed: cancelling, and ordering when something is to be flattened. Never withdrawing.</summary>
internal static class KeyPolicy
{
    /// <summary>One line on a key that will do. Throws <see cref="RefusalException"/> for one that will not.</summary>
    public static string Check(Settings settings, IReadOnlyList<string>? permissions)
    {
        if (permissions is null) throw new RefusalException("key: the venue does not tell what it may do");
        var mayOrder = permissions.Contains("order");
        var flattens = settings.Does(Step.Flatten);
        if (permissions.Contains("withdraw")) throw new RefusalException("key: it may withdraw; a guard's key must not");
        if (!mayOrder && !permissions.Contains("orderCancel")) throw new RefusalException("key: it may not cancel; it needs the permission orderCancel");
        if (flattens && !mayOrder) throw new RefusalException("key: it may not order, but the limits file says flatten; it needs the permission order");
        if (mayOrder && !flattens && !settings.AcceptOrderPermission)
            throw new RefusalException("key: it may order, but nothing is to be flattened; take one that may only cancel, or set acceptOrderPermission");
        var more = permissions.Where(permission => permission is not ("order" or "orderCancel")).ToList();
        return $"key: it may {string.Join(", ", permissions)}"
            + (mayOrder && !flattens ? "; WARNING: ordering is more than the guard needs" : "")
            + (more.Count > 0 ? $"; WARNING: the guard needs no {string.Join(", ", more)}" : "");
    }
}
