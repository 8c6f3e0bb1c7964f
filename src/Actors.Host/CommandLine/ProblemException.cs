namespace Actors.Host.CommandLine;

/// <summary>What was asked for is possible but did not work: a venue that does not answer, a journal that is broken. The message is one line.</summary>
internal sealed class ProblemException(string message) : Exception(message);
