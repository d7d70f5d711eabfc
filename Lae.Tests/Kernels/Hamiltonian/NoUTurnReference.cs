using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using MathNet.Numerics.LinearAlgebra;

namespace Lae.Tests.Kernels;

/// <summary>
/// The no-U-turn sampler of one chain as the papers define it, by recursion, in plain numbers: of Lae's sampler it shares the leapfrog step and the meaning of the noise, and nothing else.
/// </summary>
internal sealed class NoUTurnReference(Target target, NoUTurnSettings settings, Matrix<double> mass, double[] directions, double[] doublings, double[] seed)
{
    private readonly RandomKey leafKey = RandomKey.FromValue(BitConverter.DoubleToUInt64Bits(seed[0])).FoldIn(BitConverter.DoubleToUInt64Bits(seed[1]));
    private double initialEnergy;
    private double acceptanceSum;
    private int leaves;
    private bool diverged;

    public sealed record Outcome(double[] Position, int Leapfrogs, int Depth, double Acceptance, bool Moved, double EnergyError, bool Diverged);

    private sealed record Point(UnderdampedState State, double Energy)
    {
        public Vector<double> P { get; } = Vector<double>.Build.Dense(State.Momentum.ToArray());
    }

    /// <summary>A tree in the order of time, whatever the order in which it was built.</summary>
    private sealed record Tree(Point Left, Point Right, Vector<double> Rho, double LogWeight, Point Chosen, double Score);

    public Outcome Transition(Tensor position, Tensor momentum)
    {
        Point start = At(UnderdampedState.At(target, position, momentum));
        initialEnergy = start.Energy;
        Tree whole = new(start, start, start.P, 0, start, 0);
        Point sample = start;
        int depth = 0;
        while (depth < settings.MaxDepth)
        {
            bool forward = directions[depth] > 0.5;
            Tree? grown = Build(forward ? whole.Right : whole.Left, depth, forward ? 1 : -1);
            if (grown is null)
            {
                break;
            }

            if (Math.Log(doublings[depth]) < grown.LogWeight - whole.LogWeight)
            {
                sample = grown.Chosen;
            }

            depth++;
            (Tree left, Tree right) = forward ? (whole, grown) : (grown, whole);
            whole = Merge(left, right);
            if (Turned(left, right))
            {
                break;
            }
        }

        return new Outcome(
            sample.State.Position.ToArray(), leaves, depth, acceptanceSum / leaves, sample != start, (sample.Energy - initialEnergy) / settings.Temperature, diverged);
    }

    /// <summary>2^depth leaves beyond a point; null if they turn or diverge.</summary>
    private Tree? Build(Point from, int depth, int direction)
    {
        if (depth == 0)
        {
            return Leaf(from, direction);
        }

        Tree? first = Build(from, depth - 1, direction);
        Tree? second = first is null ? null : Build(direction > 0 ? first.Right : first.Left, depth - 1, direction);
        if (first is null || second is null)
        {
            return null;
        }

        (Tree left, Tree right) = direction > 0 ? (first, second) : (second, first);
        return Turned(left, right) ? null : Merge(left, right);
    }

    private Tree? Leaf(Point from, int direction)
    {
        Point next = At(Leapfrog.Advance(target, settings.Mass, direction * settings.StepSize, from.State));
        leaves++;
        double error = (next.Energy - initialEnergy) / settings.Temperature;
        if (double.IsNaN(error) || double.IsInfinity(error) || error > 1000)
        {
            diverged = true;
            return null;
        }

        acceptanceSum += error > 0 ? Math.Exp(-error) : 1;
        double[] u = new double[1];
        RowDraws.Uniform(leafKey, 0, leaves, 1, 1, u);
        return new Tree(next, next, next.P, -error, next, -error - Math.Log(-Math.Log(u[0])));
    }

    private bool Turned(Tree left, Tree right)
    {
        return Ends(left.Left, right.Right, left.Rho + right.Rho) || Ends(left.Left, right.Left, left.Rho + right.Left.P) || Ends(left.Right, right.Right, right.Rho + left.Right.P);

        bool Ends(Point a, Point b, Vector<double> rho) => a.P * mass.Solve(rho) <= 0 || b.P * mass.Solve(rho) <= 0;
    }

    private static Tree Merge(Tree left, Tree right)
    {
        double largest = Math.Max(left.LogWeight, right.LogWeight);
        Tree chosen = left.Score > right.Score ? left : right;
        return new Tree(
            left.Left, right.Right, left.Rho + right.Rho, largest + Math.Log(Math.Exp(left.LogWeight - largest) + Math.Exp(right.LogWeight - largest)), chosen.Chosen, chosen.Score);
    }

    private Point At(UnderdampedState state)
    {
        Vector<double> p = Vector<double>.Build.Dense(state.Momentum.ToArray());
        return new Point(state, (0.5 * (p * mass.Solve(p))) - state.LogDensity.ToDouble());
    }
}
