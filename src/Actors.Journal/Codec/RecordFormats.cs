using System.Collections.Frozen;
using System.Globalization;
using Actors.Domain.Sessions;
using Actors.Journal.Codec.Kept;

namespace Actors.Journal.Codec;

/// <summary>The table from manifest to type to format. <see cref="Known"/> holds everything that this build can journal.</summary>
internal sealed class RecordFormats
{
    /// <summary>Every format, family by family.</summary>
    public static readonly RecordFormats Known = new(
        [
            .. OrderFormats.All,
            .. PositionFormats.All,
            .. AccountFormats.All,
            .. RiskFormats.All,
            .. StrategyFormats.All,
            .. SessionFormats.All,
            .. EvidenceFormats.All,
            .. InputFormats.All,
            .. KeptStates.All,
            new FramesFormat(),
        ]);

    private readonly FrozenDictionary<string, RecordFormat>.AlternateLookup<ReadOnlySpan<char>> _byNamePart;
    private readonly FrozenDictionary<Type, RecordFormat> _byType;

    /// <summary>Throws <see cref="ArgumentException"/> when a name or a type is there twice.</summary>
    public RecordFormats(IReadOnlyList<RecordFormat> formats)
    {
        All = formats;
        _byNamePart = ToDictionaryOfOnes(formats, format => format.Name, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        _byType = ToDictionaryOfOnes(formats, format => format.Type, EqualityComparer<Type>.Default);
    }

    public IReadOnlyList<RecordFormat> All { get; }

    public RecordFormat? Find(Type type) => _byType.GetValueOrDefault(type);

    /// <summary>The format of a manifest, whatever its version; null for a name that is unknown.</summary>
    public RecordFormat? FindByManifest(string manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var slash = manifest.LastIndexOf('/');
        return slash >= 0 && _byNamePart.TryGetValue(manifest.AsSpan(0, slash), out var format) ? format : null;
    }

    /// <summary>Throws <see cref="JournalFormatException"/> as <see cref="RecordCodec.Open"/> says.</summary>
    public (object Happened, Envelope Envelope) Read(string manifest, ReadOnlyMemory<byte> bytes)
    {
        var (format, version) = Resolve(manifest);
        try
        {
            RefuseNewer(format, version, manifest);
            return format.Read(version, bytes);
        }
        catch (JournalFormatException unreadable) when (KeptStates.IsKept(format))
        {
            // The records before it say the same: it stays a link of its chain, and counts for nothing.
            return (new StateUnreadable(manifest, unreadable.Message), format.ReadEnvelope(manifest, bytes));
        }
    }

    /// <summary>The hash of the predecessor alone. Throws as <see cref="Read"/> for a manifest that cannot be read.</summary>
    public ReadOnlyMemory<byte> ReadPrevious(string manifest, ReadOnlyMemory<byte> bytes)
    {
        var (format, version) = Resolve(manifest);
        if (!KeptStates.IsKept(format)) RefuseNewer(format, version, manifest);
        return format.ReadPrevious(manifest, bytes);
    }

    private (RecordFormat Format, int Version) Resolve(string manifest) => manifest.LastIndexOf('/') is >= 0 and var slash
        && int.TryParse(manifest.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version >= 1
        && _byNamePart.TryGetValue(manifest.AsSpan(0, slash), out var format)
            ? (format, version)
            : throw new JournalFormatException($"no record is called '{manifest}' in this build");

    private static void RefuseNewer(RecordFormat format, int version, string manifest)
    {
        if (version > format.Version) throw new JournalFormatException($"a record '{manifest}' was written by a newer build: the newest version known here is '{format.Manifest}'");
    }

    private static FrozenDictionary<TKey, RecordFormat> ToDictionaryOfOnes<TKey>(
        IEnumerable<RecordFormat> formats, Func<RecordFormat, TKey> key, IEqualityComparer<TKey> comparer)
        where TKey : notnull
    {
        // FrozenDictionary would keep the last of two silently; Dictionary throws.
        var table = new Dictionary<TKey, RecordFormat>(comparer);
        foreach (var format in formats) table.Add(key(format), format);
        return table.ToFrozenDictionary(comparer);
    }
}
