using Akka.Actor;
using Akka.Util;
using Hyperion;
using SerializerOptions = Hyperion.SerializerOptions;

namespace Actors.Engine.Clustering;

/// <summary>
/// Carries <see cref="IBetweenNodes"/> messages between nodes of one build. It reads and writes the types of the allow-list and no others, so that a peer cannot
/// make this process create what it likes. Never used for the journal: what must be read in ten years has a format of its own.
/// </summary>
public sealed class HyperionMessageSerializer : Akka.Serialization.Serializer
{
    private readonly Hyperion.Serializer _hyperion;

    public HyperionMessageSerializer(ExtendedActorSystem system)
        : base(system)
    {
        var actors = Surrogate.Create<ISurrogated, ISurrogate>(from => from.ToSurrogate(system), to => to.FromSurrogate(system));
        _hyperion = new Hyperion.Serializer(new SerializerOptions(
            versionTolerance: false,
            preserveObjectReferences: false,
            surrogates: [actors],
            serializerFactories: null,
            knownTypes: null,
            ignoreISerializable: true,
            packageNameOverrides: null,
            disallowUnsafeTypes: true,
            typeFilter: new AllowList()));
    }

    public override int Identifier => 7302;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj)
    {
        using var stream = new MemoryStream(256);
        _hyperion.Serialize(obj, stream);
        return stream.ToArray();
    }

    public override object FromBinary(byte[] bytes, Type type)
    {
        using var stream = new MemoryStream(bytes, writable: false);
        return _hyperion.Deserialize<object>(stream);
    }

    /// <summary>
    /// Hyperion asks by name: with version, culture and key when it writes, by type and assembly alone when it reads. Its own filter knows only the second form.
    /// </summary>
    private sealed class AllowList : ITypeFilter
    {
        private readonly HashSet<string> _names = [.. BetweenNodesTypes.AllowList.Select(type => Short(type.AssemblyQualifiedName!))];

        public bool IsAllowed(string typeName) => _names.Contains(Short(typeName));

        private static string Short(string name)
        {
            var version = name.IndexOf(", Version=", StringComparison.Ordinal);
            return version < 0 ? name : name[..version];
        }
    }
}
