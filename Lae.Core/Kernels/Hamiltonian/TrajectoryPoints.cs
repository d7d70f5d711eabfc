using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>Points of phase space, one for each chain that is still at work, in double precision, with all that a trajectory wants to know of them.</summary>
internal readonly ref struct TrajectoryPoints
{
    private readonly int dimension;
    private readonly ReadOnlySpan<double> position;
    private readonly ReadOnlySpan<double> momentum;
    private readonly ReadOnlySpan<double> velocity;
    private readonly ReadOnlySpan<double> gradient;
    private readonly ReadOnlySpan<double> logDensity;
    private readonly ReadOnlySpan<double> energy;

    /// <summary>Points and their energies.</summary>
    /// <param name="state">x, p, log π(x), ∇log π(x) of every row.</param>
    /// <param name="mass">M.</param>
    public TrajectoryPoints(PhasePoint state, MassMatrix mass)
    {
        Tensor v = mass.Velocity(state.Momentum);
        dimension = state.Position.Shape[1];
        position = Numbers(state.Position);
        momentum = Numbers(state.Momentum);
        velocity = Numbers(v);
        gradient = Numbers(state.Gradient);
        logDensity = Numbers(state.LogDensity);
        energy = Numbers(MassMatrix.KineticEnergy(state.Momentum, v) - state.LogDensity);
    }

    /// <summary>H of a point.</summary>
    public double EnergyOf(int row) => energy[row];

    /// <summary>p of a point, [dimension], as it was integrated.</summary>
    public ReadOnlySpan<double> MomentumOf(int row) => RowOf(momentum, row);

    /// <summary>M⁻¹ p of a point, [dimension].</summary>
    public ReadOnlySpan<double> VelocityOf(int row) => RowOf(velocity, row);

    /// <summary>Writes x, ∇log π(x), log π(x), H of a point one after the other.</summary>
    /// <param name="leaf">[2 dimension + 2].</param>
    /// <param name="row">Which point.</param>
    public void CopyTo(Span<double> leaf, int row)
    {
        RowOf(position, row).CopyTo(leaf);
        RowOf(gradient, row).CopyTo(leaf[dimension..]);
        leaf[^2] = logDensity[row];
        leaf[^1] = energy[row];
    }

    private static ReadOnlySpan<double> Numbers(Tensor tensor) => tensor.Cast(DType.Float64).Read<double>();

    private ReadOnlySpan<double> RowOf(ReadOnlySpan<double> rows, int row) => rows.Slice(row * dimension, dimension);
}
