// The guard is a process of its own that shares nothing with the engine. It is not there yet, and says so.
Console.Error.WriteLine("actors-guard: the guard process is not there yet; nothing is being watched");
return 2;
