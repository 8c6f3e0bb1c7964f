namespace Actors.Host.Configuration;

/// <summary>A configuration file cannot be used. The message is one line: file, line where there is one, key, and what was expected.</summary>
internal sealed class BrokenConfigurationException(string message) : Exception(message);
