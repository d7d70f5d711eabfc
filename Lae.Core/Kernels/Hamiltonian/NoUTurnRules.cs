namespace Lae.Kernels;

/// <summary>The rules of the no-U-turn sampler that a law puts damaged ones in place of.</summary>
/// <param name="LogWeight">log w of a leaf from its energy error Δ/T: −Δ/T.</param>
/// <param name="TurnsWithin">Whether two neighbouring stretches of a doubling turn.</param>
/// <param name="Turns">Whether the whole trajectory turns: the old one with its doubling, in the order of time.</param>
internal sealed record NoUTurnRules(Func<double, double> LogWeight, Func<TrajectoryTree, TrajectoryTree, bool> TurnsWithin, Func<TrajectoryTree, TrajectoryTree, bool> Turns)
{
    public static NoUTurnRules Correct { get; } = new(static error => -error, TurningCriterion.Turns, TurningCriterion.Turns);
}
