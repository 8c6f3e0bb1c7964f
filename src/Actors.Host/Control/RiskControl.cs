using System.Globalization;
using Actors.Domain.Instruments;
using Actors.Domain.Risk;
using Actors.Engine.Risk;
using Actors.Engine.Session;
using Actors.Host.CommandLine;
using Actors.Host.View;

namespace Actors.Host.Control;

/// <summary>Carries out an operator's commands on a session.</summary>
internal sealed class RiskControl(TradingSession session)
{
    public async Task<ControlAnswer> AnswerAsync(ControlRequest request)
    {
        switch (request)
        {
            case { Verb: ControlRequest.Show }:
                return Shown(await session.ShowRiskAsync().ConfigureAwait(false));
            case { Verb: ControlRequest.Halt, Reason: { Length: > 0 } reason }:
                return Shown(await session.OperateRiskAsync(OperatorVerb.Halt, reason, []).ConfigureAwait(false), "halted");
            case { Verb: ControlRequest.Resume, Reason: { Length: > 0 } reason }:
                return await ResumeAsync(reason, request.Latches ?? []).ConfigureAwait(false);
            case { Verb: ControlRequest.Check, Symbol: { } symbol, Side: "buy" or "sell" }:
                var side = request.Side == "buy" ? Side.Buy : Side.Sell;
                return Checked(await session.ExamineAsync(new RiskMessages.Examine(new Symbol(symbol), side, new Quantity(request.Quantity), request.Price, request.Strategy ?? "")).ConfigureAwait(false));
            default:
                return new ControlAnswer(ExitCode.Usage, [$"the engine does not understand '{request.Verb}' as it was asked"]);
        }
    }

    private async Task<ControlAnswer> ResumeAsync(string reason, IReadOnlyList<string> names)
    {
        var before = await session.ShowRiskAsync().ConfigureAwait(false);
        var latched = before.Latches.Select(latch => latch.Name).ToList();
        if (names.FirstOrDefault(name => !latched.Contains(name)) is { } unknown)
            return new ControlAnswer(ExitCode.Usage, [$"'{unknown}' is not latched; {(latched.Count == 0 ? "nothing is" : "latched: " + string.Join(", ", latched))}"]);
        var after = await session.OperateRiskAsync(OperatorVerb.Resume, reason, names).ConfigureAwait(false);
        var again = after.Latches.Where(latch => names.Count == 0 || names.Contains(latch.Name)).Select(latch => latch.Name).ToList();
        if (latched.Count == 0) return Shown(after, "nothing was latched");
        return again.Count == 0
            ? Shown(after, $"cleared {string.Join(", ", names.Count == 0 ? latched : names)}")
            : Shown(after, $"still beyond its bound, and latched again: {string.Join(", ", again)}") with { ExitCode = ExitCode.Problem };
    }

    private static ControlAnswer Shown(RiskPicture picture, string? first = null)
    {
        var lines = RiskText.Lines(picture);
        return new ControlAnswer(ExitCode.Success, [.. first is null ? lines : lines.Prepend(first)]);
    }

    private static ControlAnswer Checked(RiskMessages.Examined examined)
    {
        var lines = new List<string> { examined.Refusal is { } refusal ? $"refused: {refusal}" : "the door would let it through" };
        foreach (var finding in examined.Findings)
        {
            var value = finding.Value is { } known ? LimitWords.Shown(known) : "unknown";
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"  {LimitNames.Of(finding.Kind, finding.Scope),-30} {value,18} of {LimitWords.Shown(finding.Bound),-18} {finding.Inputs}"));
        }

        return new ControlAnswer(examined.Refusal is null ? ExitCode.Success : ExitCode.Problem, lines);
    }
}
