using Actors.Domain.Risk;
using Actors.Domain.Strategies;
using Actors.Domain.Switch;

namespace Actors.Engine.Session;

/// <summary>What one session trades and how much it may lose: the content of <c>config/</c>, checked.</summary>
public sealed record SessionSettings
{
    /// <summary>At least one; identifiers are unique. The instruments traded are theirs.</summary>
    public required IReadOnlyList<StrategyParameters> Strategies { get; init; }

    public required RiskLimits Limits { get; init; }

    public required SwitchSettings Switch { get; init; }

    /// <summary>How often engine and venue are compared while trading goes on.</summary>
    public required TimeSpan ReconcileInterval { get; init; }
}
