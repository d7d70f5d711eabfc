using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>The points that one leapfrog step reached, one for each chain that is still at work, copied out of the tensors.</summary>
internal sealed class TrajectoryPoints
{
    /// <summary>Copies points.</summary>
    /// <param name="state">x, p, log π(x), ∇log π(x) of every row.</param>
    /// <param name="mass">M.</param>
    /// <param name="directions">For each row −1 where time runs backwards, so that the momentum of the trajectory is −p; else 1.</param>
    public TrajectoryPoints(PhasePoint state, MassMatrix mass, ReadOnlySpan<double> directions)
    {
        Dimension = state.Position.Shape[1];
        Position = state.Position.ToArray();
        Gradient = state.Gradient.ToArray();
        LogDensity = state.LogDensity.ToArray();
        Energy = HamiltonianDynamics.Energy(mass, state).ToArray();
        Momentum = Signed(state.Momentum, directions);
        Velocity = Signed(mass.Velocity(state.Momentum), directions);
    }

    public int Dimension { get; }

    public double[] Position { get; }

    public double[] Momentum { get; }

    public double[] Velocity { get; }

    public double[] Gradient { get; }

    public double[] LogDensity { get; }

    public double[] Energy { get; }

    private double[] Signed(Tensor rows, ReadOnlySpan<double> directions)
    {
        double[] values = rows.ToArray();
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= directions[i / Dimension];
        }

        return values;
    }
}

/// <summary>One point of a trajectory of the no-U-turn sampler: a leaf of its tree.</summary>
/// <param name="Points">The points among which it was reached.</param>
/// <param name="Row">Its row there.</param>
internal readonly record struct TrajectoryLeaf(TrajectoryPoints Points, int Row)
{
    public ReadOnlySpan<double> Position => RowOf(Points.Position);

    public ReadOnlySpan<double> Momentum => RowOf(Points.Momentum);

    /// <summary>M⁻¹ p.</summary>
    public ReadOnlySpan<double> Velocity => RowOf(Points.Velocity);

    public ReadOnlySpan<double> Gradient => RowOf(Points.Gradient);

    public double LogDensity => Points.LogDensity[Row];

    public double Energy => Points.Energy[Row];

    private ReadOnlySpan<double> RowOf(double[] values) => values.AsSpan(Row * Points.Dimension, Points.Dimension);
}
