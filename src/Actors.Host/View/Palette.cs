using Actors.Domain.Instruments;
using Actors.Domain.Switch;
using Actors.Engine.Session;
using Spectre.Console;

namespace Actors.Host.View;

/// <summary>The colours of the live view and what each means; sixteen colours, so that every terminal has them.</summary>
internal static class Palette
{
    public static readonly Style Plain = Style.Plain;
    public static readonly Style Strong = new(decoration: Decoration.Bold);
    public static readonly Style Dim = new(Color.Grey);
    public static readonly Style Good = new(Color.Green);
    public static readonly Style Warning = new(Color.Yellow);
    public static readonly Style Bad = new(Color.Red);

    public static Style Of(SessionPhase phase) => phase switch
    {
        SessionPhase.Trading => Good,
        SessionPhase.Halted => Bad,
        SessionPhase.Stopped => Dim,
        _ => Warning,
    };

    public static Style Of(SwitchState state) => state switch
    {
        SwitchState.Armed => Good,
        SwitchState.Disarmed => Dim,
        SwitchState.Late => Warning,
        _ => Bad,
    };

    public static Style Of(Side side) => side == Side.Buy ? Good : Bad;

    /// <summary>Gains and long positions green, losses and short ones red.</summary>
    public static Style OfSign(long amount) => amount switch
    {
        > 0 => Good,
        < 0 => Bad,
        _ => Plain,
    };
}
