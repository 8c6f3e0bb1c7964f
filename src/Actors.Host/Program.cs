Console.Error.WriteLine("actors: the command is not there yet");
return 2;
