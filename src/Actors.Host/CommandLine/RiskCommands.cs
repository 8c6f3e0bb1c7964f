using System.CommandLine;
using Actors.Host.Control;

namespace Actors.Host.CommandLine;

/// <summary><c>actors risk</c>: what to ask the engine that runs on the data folder. The journal is read where none runs.</summary>
internal sealed record RiskOptions(JournalOptions Data, ControlRequest Request)
{
    public string Socket => Path.Combine(Data.DataDirectory, Actors.Host.Data.DataDirectory.ControlName);
}

/// <summary>The verbs below <c>actors risk</c> with their flags.</summary>
internal static class RiskCommands
{
    private const string ExitCodes = " Exit code 0: done, 1: something is wrong, 2: it cannot be asked.";

    public static Command Show(Func<RiskOptions, Task<int>> action)
    {
        var (data, journal) = Places();
        var command = new Command("show", "How the risk door stands and why, and every limit, the nearest first. Where no engine runs, what the journal has latched." + ExitCodes) { data, journal };
        command.SetAction((line, _) => action(new RiskOptions(Data(line, data, journal), new ControlRequest(ControlRequest.Show))));
        return command;
    }

    public static Command Halt(Func<RiskOptions, Task<int>> action)
    {
        var (data, journal) = Places();
        var reason = Flags.PathOf("--reason", "text", "Why; it is journaled.");
        var command = new Command("halt", "Lets nothing through the door but cancellations and what reduces a position, until it is resumed, also after a restart." + ExitCodes) { data, journal, reason };
        command.SetAction((line, _) => action(new RiskOptions(Data(line, data, journal), new ControlRequest(ControlRequest.Halt, line.GetValue(reason) ?? "no reason was given"))));
        return command;
    }

    public static Command Resume(Func<RiskOptions, Task<int>> action)
    {
        var (data, journal) = Places();
        var names = new Argument<string[]>("LATCH") { Description = "The latches to clear, as 'actors risk show' names them.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Clear every latch." };
        var reason = Flags.PathOf("--reason", "text", "Why; it is journaled.");
        reason.Required = true;
        var command = new Command(
            "resume",
            "Clears latches. What was lost by then is forgiven: losses, drawdown and fees count anew from here. What is still beyond its bound is latched again at once, and the exit code is 1." + ExitCodes)
        {
            names, all, data, journal, reason,
        };
        command.Validators.Add(result =>
        {
            var named = result.GetValue(names) is { Length: > 0 };
            if (named == result.GetValue(all)) result.AddError(named ? "--all cannot stand with names of latches" : "name the latches to clear, or give --all");
        });
        command.SetAction((line, _) => action(new RiskOptions(
            Data(line, data, journal), new ControlRequest(ControlRequest.Resume, line.GetValue(reason), line.GetValue(all) ? [] : line.GetValue(names)))));
        return command;
    }

    public static Command Check(Func<RiskOptions, Task<int>> action)
    {
        var (data, journal) = Places();
        var symbol = Flags.PathOf("--symbol", "symbol", "The instrument.");
        var side = Flags.Word("--side", "buy|sell", "The side.", "buy", "sell");
        var quantity = Flags.Number("--quantity", "Contracts.");
        symbol.Required = side.Required = quantity.Required = true;
        var price = Flags.Price("--price", "In quote units. Without it, a market order.");
        var strategy = Flags.PathOf("--strategy", "id", "Whose order it would be. Without it, no strategy's limits are looked at.");
        var command = new Command("check", "What the door would say to an order, with every limit it looks at; nothing is sent. Exit code 0: it would pass, 1: it would be refused, 2: it cannot be asked.")
        {
            symbol, side, quantity, price, strategy, data, journal,
        };
        command.SetAction((line, _) => action(new RiskOptions(Data(line, data, journal), new ControlRequest(
            ControlRequest.Check,
            Symbol: line.GetValue(symbol),
            Side: line.GetValue(side),
            Quantity: line.GetValue(quantity)!.Value,
            Price: line.GetValue(price),
            Strategy: line.GetValue(strategy)))));
        return command;
    }

    private static (Option<string?> Data, Option<string?> Journal) Places() =>
        (Flags.PathOf("--data", "dir", "The data folder of the engine. Default: ./data."), VerbCommands.Journal());

    private static JournalOptions Data(ParseResult line, Option<string?> data, Option<string?> journal) => new(line.GetValue(data) ?? VerbCommands.DefaultData, line.GetValue(journal));
}
