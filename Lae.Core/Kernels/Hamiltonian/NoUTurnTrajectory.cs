namespace Lae.Kernels;

/// <summary>The rules of the no-U-turn sampler that a law puts damaged ones in place of.</summary>
/// <param name="LogWeight">log w of a leaf from its energy error Δ/T: −Δ/T.</param>
/// <param name="TurnsWithin">Whether two neighbouring stretches of a doubling turn.</param>
/// <param name="Turns">Whether the whole trajectory turns: the old one with its doubling, in the order of time.</param>
internal sealed record NoUTurnRules(Func<double, double> LogWeight, Func<TrajectoryTree, TrajectoryTree, bool> TurnsWithin, Func<TrajectoryTree, TrajectoryTree, bool> Turns)
{
    public static NoUTurnRules Correct { get; } = new(static error => -error, TurningCriterion.Turns, TurningCriterion.Turns);
}

/// <summary>
/// The trajectory of one chain in one transition, as it grows leaf by leaf: a function of the chain's start and its noise alone.
/// <code>
///     doubling j = 0, 1, …:  forwards if u_direction[j] > 1/2, else backwards, 2^j leaves
///         given up (the trajectory ends as it was) if it turns within itself, or at a leaf with (H − H₀)/T > 1000 or not finite
///         its chosen leaf taken if u_doubling[j] &lt; W_new/W_old
///         then the end, if the whole trajectory turns or j + 1 = maxDepth
/// </code>
/// A doubling is built by joining neighbours of equal size as soon as both are there, like the carries of a binary counter, which makes the joins and the tests of the recursive definition in its
/// order, with at most maxDepth stretches in memory.
/// </summary>
internal sealed class NoUTurnTrajectory
{

    private readonly NoUTurnSettings settings;
    private readonly NoUTurnRules rules;
    private readonly NoUTurnNoise noise;
    private readonly double initialEnergy;
    private readonly Stack<TrajectoryTree> waiting = new();
    private TrajectoryTree whole;
    private double acceptanceSum;
    private int built;

    public NoUTurnTrajectory(NoUTurnSettings settings, NoUTurnRules rules, NoUTurnNoise noise, TrajectoryLeaf start)
    {
        this.settings = settings;
        this.rules = rules;
        this.noise = noise;
        initialEnergy = start.Energy;
        whole = TrajectoryTree.Of(start, rules.LogWeight(0), 0);
        Sample = Frontier = start;
        Direction = noise.Direction(0);
    }

    /// <summary>Whether a further leaf is wanted.</summary>
    public bool IsGrowing { get; private set; } = true;

    /// <summary>1 forwards in time, −1 backwards.</summary>
    public int Direction { get; private set; }

    /// <summary>The leaf from which the next is reached.</summary>
    public TrajectoryLeaf Frontier { get; private set; }

    /// <summary>The leaf chosen so far.</summary>
    public TrajectoryLeaf Sample { get; private set; }

    /// <summary>Whether a leaf other than the start was chosen.</summary>
    public bool HasMoved { get; private set; }

    public int Leapfrogs { get; private set; }

    /// <summary>Doublings that were completed.</summary>
    public int Depth { get; private set; }

    public bool Diverged { get; private set; }

    /// <summary>The mean of min(1, e^(−Δ/T)) over all leaves that were reached.</summary>
    public double Acceptance => acceptanceSum / Leapfrogs;

    /// <summary>(H − H₀)/T of the chosen leaf.</summary>
    public double EnergyError => ErrorOf(Sample);

    /// <summary>Takes the leaf that was reached from the frontier.</summary>
    public void Add(TrajectoryLeaf leaf)
    {
        Leapfrogs++;
        double error = ErrorOf(leaf);
        if (!double.IsFinite(error) || error > MetropolisAcceptance.DivergentEnergyError)
        {
            Diverged = true;
            IsGrowing = false;
            return;
        }

        acceptanceSum += Math.Min(1, Math.Exp(-error));
        Frontier = leaf;
        built++;
        TrajectoryTree grown = TrajectoryTree.Of(leaf, rules.LogWeight(error), noise.Gumbel(Leapfrogs));
        for (int size = built; size % 2 == 0; size /= 2)
        {
            TrajectoryTree before = waiting.Pop();
            if (rules.TurnsWithin(before, grown))
            {
                IsGrowing = false;
                return;
            }

            grown = before.Join(grown);
        }

        if (built < 1 << Depth)
        {
            waiting.Push(grown);
        }
        else
        {
            Complete(grown);
        }
    }

    /// <summary>Puts a finished doubling at its end of the trajectory.</summary>
    private void Complete(TrajectoryTree doubling)
    {
        if (noise.Doubling(Depth) < Math.Exp(doubling.LogWeight - whole.LogWeight))
        {
            Sample = doubling.Chosen;
            HasMoved = true;
        }

        (TrajectoryTree earlier, TrajectoryTree later) = Direction > 0 ? (whole, doubling) : (doubling.Reversed, whole);
        whole = earlier.Join(later);
        Depth++;
        IsGrowing = Depth < settings.MaxDepth && !rules.Turns(earlier, later);
        if (IsGrowing)
        {
            Direction = noise.Direction(Depth);
            Frontier = Direction > 0 ? whole.Last : whole.First;
            built = 0;
        }
    }

    private double ErrorOf(TrajectoryLeaf leaf) => (leaf.Energy - initialEnergy) / settings.Temperature;
}
