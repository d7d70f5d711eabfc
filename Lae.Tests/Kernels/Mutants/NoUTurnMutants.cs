using Lae.Kernels;
using Lae.Targets;

namespace Lae.Tests.Kernels.Mutants;

/// <summary>NUTS with one bug each, which the laws must see.</summary>
public static class NoUTurnMutants
{
    /// <summary>The bugs.</summary>
    public enum NoUTurnBug
    {
        None,

        /// <summary>Every leaf of a trajectory is as likely as every other.</summary>
        WeightsDropped,

        /// <summary>Leaves are weighed by the root of their density.</summary>
        WeightsRooted,

        /// <summary>Of each pair of stretches only the end that was built last is asked: not the same question when time is reversed.</summary>
        OneEndOnly,

        /// <summary>Only whole trajectories are tested, so that one is reached from a start that could not have led to it.</summary>
        NoTestWithinDoublings,

        /// <summary>Without the tests across two stretches.</summary>
        NoTestAcross,

        /// <summary>Momentum for velocity in the criterion.</summary>
        MassIgnored,
    }

    public static Kernel<LangevinState> Create(Target target, NoUTurnSettings settings, NoUTurnBug bug) => NoUTurn.Create(target, settings, bug switch
    {
        NoUTurnBug.WeightsDropped => NoUTurnRules.Correct with { LogWeight = static _ => 0 },
        NoUTurnBug.WeightsRooted => NoUTurnRules.Correct with { LogWeight = static error => NoUTurnRules.Correct.LogWeight(error) / 2 },
        NoUTurnBug.OneEndOnly => With(OneEnd),
        NoUTurnBug.NoTestWithinDoublings => NoUTurnRules.Correct with { TurnsWithin = static (_, _) => false },
        NoUTurnBug.NoTestAcross => With(static (a, b) => !TurningCriterion.GoesOn(a.First.Velocity, b.Last.Velocity, a.MomentumSum, b.MomentumSum)),
        NoUTurnBug.MassIgnored => With(static (a, b) => !(TurningCriterion.GoesOn(a.First.Momentum, b.Last.Momentum, a.MomentumSum, b.MomentumSum)
            && TurningCriterion.GoesOn(a.First.Momentum, b.First.Momentum, a.MomentumSum, b.First.Momentum)
            && TurningCriterion.GoesOn(a.Last.Momentum, b.Last.Momentum, a.Last.Momentum, b.MomentumSum))),
        _ => NoUTurnRules.Correct,
    });

    private static bool OneEnd(TrajectoryTree a, TrajectoryTree b) => !TurningCriterion.GoesOn(b.Last.Velocity, b.Last.Velocity, a.MomentumSum, b.MomentumSum);

    private static NoUTurnRules With(Func<TrajectoryTree, TrajectoryTree, bool> turns) => new(NoUTurnRules.Correct.LogWeight, turns, turns);
}
