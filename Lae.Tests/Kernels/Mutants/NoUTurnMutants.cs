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
        NoUTurnBug.OneEndOnly => With(OneEnd),
        NoUTurnBug.NoTestWithinDoublings => NoUTurnRules.Correct with { TurnsWithin = static (_, _) => false },
        NoUTurnBug.NoTestAcross => With(static (a, b) => !(
            TurningCriterion.Along(a.First.Velocity, a.MomentumSum, b.MomentumSum) > 0
            && TurningCriterion.Along(b.Last.Velocity, a.MomentumSum, b.MomentumSum) > 0)),
        NoUTurnBug.MassIgnored => With(static (a, b) => !(GoesOn(a.First, b.Last, a.MomentumSum, b.MomentumSum)
            && GoesOn(a.First, b.First, a.MomentumSum, b.First.Momentum) && GoesOn(a.Last, b.Last, a.Last.Momentum, b.MomentumSum))),
        _ => NoUTurnRules.Correct,
    });

    private static bool OneEnd(TrajectoryTree a, TrajectoryTree b) => TurningCriterion.Along(b.Last.Velocity, a.MomentumSum, b.MomentumSum) <= 0;

    private static NoUTurnRules With(Func<TrajectoryTree, TrajectoryTree, bool> turns) => new(NoUTurnRules.Correct.LogWeight, turns, turns);

    private static bool GoesOn(TrajectoryLeaf first, TrajectoryLeaf last, ReadOnlySpan<double> a, ReadOnlySpan<double> b) =>
        TurningCriterion.Along(first.Momentum, a, b) > 0 && TurningCriterion.Along(last.Momentum, a, b) > 0;
}
