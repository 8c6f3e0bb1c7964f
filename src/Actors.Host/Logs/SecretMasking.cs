using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace Actors.Host.Logs;

/// <summary>Masks every property whose name says that it holds a secret, at any depth.</summary>
internal sealed class SecretNamesEnricher : ILogEventEnricher
{
    private static readonly ScalarValue Masked = new(SecretRegistry.Mask);

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        foreach (var (name, value) in logEvent.Properties.ToList())
        {
            var covered = Cover(name, value);
            if (!ReferenceEquals(covered, value)) logEvent.AddOrUpdateProperty(new LogEventProperty(name, covered));
        }
    }

    private static LogEventPropertyValue Cover(string name, LogEventPropertyValue value)
    {
        if (SecretRegistry.IsSecretName(name)) return Masked;
        return value switch
        {
            StructureValue structure => Structure(structure),
            SequenceValue sequence => new SequenceValue(sequence.Elements.Select(element => Cover(string.Empty, element))),
            DictionaryValue dictionary => new DictionaryValue(dictionary.Elements.Select(
                pair => KeyValuePair.Create(pair.Key, Cover(pair.Key.Value?.ToString() ?? string.Empty, pair.Value)))),
            _ => value,
        };
    }

    private static StructureValue Structure(StructureValue structure) =>
        new(structure.Properties.Select(property => new LogEventProperty(property.Name, Cover(property.Name, property.Value))), structure.TypeTag);
}

/// <summary>
/// Masks known secrets in the finished text, the last thing before the bytes leave: messages, properties and exceptions alike pass here,
/// whatever made them.
/// </summary>
internal sealed class SecretMaskingFormatter(ITextFormatter inner, SecretRegistry secrets) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var buffer = new StringWriter();
        inner.Format(logEvent, buffer);
        output.Write(secrets.Cover(buffer.ToString()));
    }
}
