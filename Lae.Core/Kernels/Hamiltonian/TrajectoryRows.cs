using Lae.Numerics;

namespace Lae.Kernels;

/// <summary>Leaves of many trajectories as the rows of tensors.</summary>
internal static class TrajectoryRows
{
    private delegate ReadOnlySpan<double> Part(TrajectoryLeaf leaf);

    /// <summary>Where each trajectory goes on, with the momentum turned round where it goes backwards in time: a leapfrog step backwards is one forwards with the momentum turned before and after.</summary>
    public static PhasePoint Frontiers(NoUTurnTrajectory[] trajectories, DType dtype, Workspace workspace)
    {
        TrajectoryLeaf[] leaves = [.. trajectories.Select(one => one.Frontier)];
        double[] momentum = Rows(leaves, static leaf => leaf.Momentum);
        int d = momentum.Length / leaves.Length;
        for (int i = 0; i < momentum.Length; i++)
        {
            momentum[i] *= trajectories[i / d].Direction;
        }

        return new PhasePoint(
            Matrix(Rows(leaves, static leaf => leaf.Position), d, dtype, workspace),
            Matrix(momentum, d, dtype, workspace),
            Column([.. leaves.Select(leaf => leaf.LogDensity)], dtype, workspace),
            Matrix(Rows(leaves, static leaf => leaf.Gradient), d, dtype, workspace));
    }

    /// <summary>The chosen leaf of each trajectory.</summary>
    public static LangevinState Samples(NoUTurnTrajectory[] trajectories, DType dtype, Workspace workspace)
    {
        TrajectoryLeaf[] leaves = [.. trajectories.Select(one => one.Sample)];
        int d = leaves[0].Position.Length;
        return new LangevinState(
            Matrix(Rows(leaves, static leaf => leaf.Position), d, dtype, workspace),
            Column([.. leaves.Select(leaf => leaf.LogDensity)], dtype, workspace),
            Matrix(Rows(leaves, static leaf => leaf.Gradient), d, dtype, workspace));
    }

    /// <summary>One number for each chain.</summary>
    public static Tensor Column(double[] values, DType dtype, Workspace workspace) => dtype == DType.Float64
        ? Tensor.FromSpan<double>(workspace, values, new Shape(values.Length))
        : Tensor.FromSpan<float>(workspace, Array.ConvertAll(values, static value => (float)value), new Shape(values.Length));

    private static Tensor Matrix(double[] values, int columns, DType dtype, Workspace workspace) => Column(values, dtype, workspace).Reshape(values.Length / columns, columns);

    private static double[] Rows(TrajectoryLeaf[] leaves, Part part)
    {
        int d = leaves[0].Position.Length;
        double[] values = new double[leaves.Length * d];
        for (int row = 0; row < leaves.Length; row++)
        {
            part(leaves[row]).CopyTo(values.AsSpan(row * d, d));
        }

        return values;
    }
}
