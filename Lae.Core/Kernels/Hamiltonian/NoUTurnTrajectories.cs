using System.Buffers;
using System.Numerics;
using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>
/// The trajectories of all chains in one transition, as they grow leaf by leaf, each a function of its chain's start and noise alone.
/// <code>
///     doubling j = 0, 1, …:  forwards if u_direction[j] > 1/2, else backwards, 2^j leaves
///         given up (the trajectory ends as it was) if it turns within itself, or at a leaf with (H − H₀)/T > 1000 or not finite
///         its chosen leaf taken if u_doubling[j] &lt; W_new/W_old
///         then the end, if the whole trajectory turns or j + 1 = maxDepth
/// </code>
/// A doubling is built by joining neighbours of equal size as soon as both are there, like the carries of a binary counter, which makes the joins and the tests of the recursive definition in its
/// order, with at most maxDepth stretches in memory. Chains that have ended drop out while the others go on, which have the same number of leaves always.
/// </summary>
internal sealed class NoUTurnTrajectories
{
    private readonly NoUTurnSettings settings;
    private readonly NoUTurnRules rules;
    private readonly NoUTurnNoise noise;
    private readonly NoUTurnFigures figures;
    private readonly TrajectoryForest forest;
    private readonly TrajectoryEnds ends;
    private readonly Tensor initialEnergy;
    private readonly int[] growing;
    private readonly int[] kept;
    private int count;
    private int depth;
    private int built;
    private int mark;

    /// <param name="settings">Step size, most doublings, temperature, mass.</param>
    /// <param name="rules">Weights and turning.</param>
    /// <param name="noise">Directions and choices.</param>
    /// <param name="start">Where the chains are, [chains, dimension].</param>
    public NoUTurnTrajectories(NoUTurnSettings settings, NoUTurnRules rules, NoUTurnNoise noise, PhasePoint start)
    {
        (this.settings, this.rules, this.noise) = (settings, rules, noise);
        (count, int d) = (start.Position.Shape[0], start.Position.Shape[1]);
        TrajectoryForm form = new(d, !settings.Mass.IsIdentity);
        Workspace workspace = start.Momentum.Workspace;
        figures = new NoUTurnFigures(count, workspace);
        forest = new TrajectoryForest(form, count, settings.MaxDepth, workspace);
        ends = new TrajectoryEnds(form, start.Position.DType, count, workspace);
        initialEnergy = Tensor.Uninitialized(workspace, new Shape(count), DType.Float64);
        growing = ArrayPool<int>.Shared.Rent(count);
        kept = ArrayPool<int>.Shared.Rent(count);
        TrajectoryPoints points = new(start, settings.Mass);
        for (int chain = 0; chain < count; chain++)
        {
            growing[chain] = chain;
            initialEnergy.Write<double>()[chain] = points.EnergyOf(chain);
            forest.Whole(chain).Become(points, chain, 1, rules.LogWeight(0), 0);
            ends.Put(chain, 1, points, chain);
            ends.Put(chain, -1, points, chain);
        }

        mark = workspace.Mark();
        Frontier = ends.Frontier(forest, noise, growing.AsSpan(0, count), 0);
    }

    /// <summary>Whether further leaves are wanted.</summary>
    public bool AreGrowing => count > 0;

    /// <summary>The points from which the next leaves are reached, [chains at work, dimension], with the momentum turned round where time runs backwards.</summary>
    public PhasePoint Frontier { get; private set; }

    /// <summary>Takes the leaves that were reached from the frontier.</summary>
    public void Add(PhasePoint reached)
    {
        built++;
        bool isComplete = built == 1 << depth;
        TrajectoryPoints points = new(reached, settings.Mass);
        Workspace workspace = initialEnergy.Workspace;
        int rows = count;
        count = 0;
        for (int row = 0; row < rows; row++)
        {
            int chain = growing[row];
            if (GoesOn(points, row, chain) && (!isComplete || Doubles(points, row, chain)))
            {
                growing[count] = chain;
                kept[count++] = row;
            }
        }

        if (isComplete)
        {
            workspace.Collect(mark);
            BeginDoubling(workspace);
        }
        else
        {
            forest.Wait(BitOperations.TrailingZeroCount(built));
            Frontier = count == rows ? reached : Rows(reached, kept.AsSpan(0, count));
            workspace.Collect(mark, Frontier.Position, Frontier.Momentum, Frontier.LogDensity, Frontier.Gradient);
        }
    }

    /// <summary>Ends the transition: the chosen leaves, and what happened. What was rented goes back.</summary>
    public Transition<LangevinState> End()
    {
        int chains = initialEnergy.Count;
        for (int chain = 0; chain < chains; chain++)
        {
            figures.EnergyError[chain] = ErrorOf(forest.Whole(chain).Chosen[^1], chain);
        }

        Transition<LangevinState> end = new(ends.Samples(forest, chains), figures.ToInfo(ends.DType));
        forest.Return();
        noise.Return();
        ArrayPool<int>.Shared.Return(growing);
        ArrayPool<int>.Shared.Return(kept);
        return end;
    }

    /// <summary>Takes a leaf, and joins what it completes; whether the doubling can go on.</summary>
    private bool GoesOn(TrajectoryPoints points, int row, int chain)
    {
        int leaf = (1 << depth) - 1 + built;
        figures.Leapfrogs[chain] = leaf;
        double error = ErrorOf(points.EnergyOf(row), chain);
        if (!double.IsFinite(error) || error > MetropolisAcceptance.DivergentEnergyError)
        {
            figures.Diverged[chain] = 1;
            return false;
        }

        figures.AcceptanceSum[chain] += Math.Min(1, Math.Exp(-error));
        TrajectoryTree grown = forest.Grown(chain);
        grown.Become(points, row, noise.Direction(chain, depth), rules.LogWeight(error), noise.Gumbel(chain, leaf));
        for (int level = 0; level < BitOperations.TrailingZeroCount(built); level++)
        {
            TrajectoryTree before = forest.Waiting(level, chain);
            if (rules.TurnsWithin(before, grown))
            {
                return false;
            }

            grown.Join(before);
        }

        return true;
    }

    /// <summary>Puts a finished doubling at its end of the trajectory; whether there is to be another.</summary>
    private bool Doubles(TrajectoryPoints points, int row, int chain)
    {
        TrajectoryTree whole = forest.Whole(chain);
        TrajectoryTree doubling = forest.Grown(chain);
        int direction = noise.Direction(chain, depth);
        if (noise.Doubling(chain, depth) < Math.Exp(doubling.LogWeight - whole.LogWeight))
        {
            doubling.Chosen.CopyTo(whole.Chosen);
            figures.Moved[chain] = 1;
        }

        figures.Depth[chain] = depth + 1;
        if (depth + 1 == settings.MaxDepth || (direction > 0 ? rules.Turns(whole, doubling) : rules.Turns(doubling.Reversed, whole)))
        {
            return false;
        }

        whole.Extend(doubling, direction);
        ends.Put(chain, direction, points, row);
        return true;
    }

    private void BeginDoubling(Workspace workspace)
    {
        depth++;
        built = 0;
        if (count > 0)
        {
            forest.AddLevel(depth - 1);
            mark = workspace.Mark();
            Frontier = ends.Frontier(forest, noise, growing.AsSpan(0, count), depth);
        }
    }

    private static PhasePoint Rows(PhasePoint points, ReadOnlySpan<int> rows) => new(
        Raw.GatherRows(points.Position, rows), Raw.GatherRows(points.Momentum, rows), Raw.GatherRows(points.LogDensity, rows), Raw.GatherRows(points.Gradient, rows));

    private double ErrorOf(double energy, int chain) => (energy - initialEnergy.Read<double>()[chain]) / settings.Temperature;
}
