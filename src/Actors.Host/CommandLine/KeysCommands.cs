using System.CommandLine;
using System.Net;

namespace Actors.Host.CommandLine;

/// <summary><c>actors keys check</c>. <see cref="Source"/> as <c>run --keys</c> takes it.</summary>
internal sealed record KeysCheckOptions(string Source, Uri? Venue, string DataDirectory, string? ConfigDirectory, bool Real);

/// <summary><c>actors keys new</c>.</summary>
internal sealed record KeysNewOptions(string File, string? Name, IReadOnlyList<string> Permissions, IReadOnlyList<string> Cidrs);

/// <summary><c>actors keys encrypt</c>. <see cref="Passphrase"/>: a file or <c>systemd:NAME</c>.</summary>
internal sealed record KeysEncryptOptions(string File, string Passphrase);

/// <summary>What the verbs of <c>actors keys</c> do.</summary>
internal sealed record KeysActions(Func<KeysCheckOptions, Task<int>> Check, Func<KeysNewOptions, Task<int>> New, Func<KeysEncryptOptions, Task<int>> Encrypt);

/// <summary>The verbs below <c>actors keys</c> with their flags.</summary>
internal static class KeysCommands
{
    private static readonly string[] Permissions = ["order", "orderCancel", "withdraw"];

    public static Command Check(Func<KeysCheckOptions, Task<int>> action)
    {
        var file = new Argument<string>("FILE") { Description = "A key file, or systemd:NAME, vault:MOUNT/PATH, env:NAME." };
        var url = Flags.Address("--url", "The venue to ask about the key. Without it the venue's rules cannot be checked, and the exit code is 2.");
        var data = Flags.PathOf("--data", "dir", "Data folder whose keys.used is looked at. Default: ./data.");
        var config = Flags.PathOf("--config", "dir", "Folder with keys.json. Default: the one beside the executable.");
        var real = new Option<bool>("--real") { Description = "Judge as 'run --real' does." };
        var command = new Command("check", "Asks the venue about a key and checks it as 'run' does, one line a rule. Exit code 0: all passed, 1: refused, 2: could not be asked.")
        {
            file, url, data, config, real,
        };
        command.SetAction((line, _) => action(new KeysCheckOptions(
            line.GetValue(file)!, line.GetValue(url), line.GetValue(data) ?? VerbCommands.DefaultData, line.GetValue(config), line.GetValue(real))));
        return command;
    }

    public static Command New(Func<KeysNewOptions, Task<int>> action)
    {
        var file = new Argument<string>("FILE") { Description = "The key file to make, with mode 0600; it must not be there yet." };
        var name = Flags.PathOf("--name", "name", "The key's name. Default: the file's name.");
        var permissions = Flags.List("--permissions", "list", $"Of {string.Join(", ", Permissions)}, with commas between, or none. Default: order,orderCancel.", "none", Permissions.Contains);
        var cidrs = Flags.List("--cidrs", "list", "Networks it may be used from, with commas between, or any. Default: any.", "any", text => IPNetwork.TryParse(text, out _));
        var command = new Command("new", "Makes a key for the venue that is shipped here: it knows NAME.json in its keys folder when it starts.") { file, name, permissions, cidrs };
        command.SetAction((line, _) => action(new KeysNewOptions(
            line.GetValue(file)!, line.GetValue(name), line.GetValue(permissions) ?? ["order", "orderCancel"], line.GetValue(cidrs) ?? [])));
        return command;
    }

    public static Command Encrypt(Func<KeysEncryptOptions, Task<int>> action)
    {
        var file = new Argument<string>("FILE") { Description = "A key file." };
        var passphrase = Flags.PathOf("--passphrase", "file", "The passphrase, of at least 12 bytes: a file of mode 0600, or systemd:NAME.");
        passphrase.Required = true;
        var command = new Command("encrypt", "Prints a key file's content encrypted, for 'run --keys env:NAME'. A file or a systemd credential is the better place for a key.")
        {
            file, passphrase,
        };
        command.SetAction((line, _) => action(new KeysEncryptOptions(line.GetValue(file)!, line.GetValue(passphrase)!)));
        return command;
    }
}
