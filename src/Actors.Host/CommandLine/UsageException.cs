namespace Actors.Host.CommandLine;

/// <summary>The command cannot be carried out as given. The message is one line: what is wrong and what was expected.</summary>
internal sealed class UsageException(string message) : Exception(message);
