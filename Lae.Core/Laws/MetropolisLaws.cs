using Lae.Kernels;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Laws;

/// <summary>
/// Pointwise laws of a Metropolis-adjusted kernel whose proposal is Gaussian given the state: y = m(x) + S(x) ξ. The proposal is read
/// off the kernel as a black box (with the accept uniform at 0 every finite proposal is taken), its density follows, and the log
/// acceptance ratio that the kernel reports is compared with the one that detailed balance asks for. No random test is made.
/// </summary>
public static class MetropolisLaws
{
    /// <summary>
    /// Detailed balance at given points: r(x, y) = log π(y)/T + log q(y → x) − log π(x)/T − log q(x → y), relative to the size of the terms.
    /// </summary>
    /// <param name="kernel">The kernel; its noise leaves are <c>xi</c> [chains, dimension] and <c>uniform</c> [chains].</param>
    /// <param name="target">The distribution.</param>
    /// <param name="temperature">T, positive.</param>
    /// <param name="position">x, [points, dimension].</param>
    /// <param name="xi">The noise that makes each y, [points, dimension].</param>
    /// <param name="tolerance">The largest relative error.</param>
    /// <returns>The law's result.</returns>
    public static LawResult DetailedBalance(
        Kernel<LangevinState> kernel, Target target, double temperature, Tensor position, Tensor xi, double tolerance = 1e-12)
    {
        (Tensor proposed, Tensor ratio) = Propose(kernel, position, xi);
        (Tensor reverseNoise, Tensor forwardLog) = (NoiseOf(kernel, proposed, position), LogProposal(kernel, position, xi));
        Tensor reverseLog = LogProposal(kernel, proposed, reverseNoise);
        Tensor here = target.Evaluate(position).LogDensity * (1 / temperature);
        Tensor there = target.Evaluate(proposed).LogDensity * (1 / temperature);
        Tensor expected = there + reverseLog - here - forwardLog;
        Tensor scale = 1 + there.Abs() + here.Abs() + reverseLog.Abs() + forwardLog.Abs();
        double error = Largest((ratio - expected) / scale);
        return new LawResult(
            "detailed balance",
            error,
            tolerance,
            "The log acceptance ratio was compared with log π(y) q(y→x) / π(x) q(x→y), with q read off the kernel; a gap means a missing, flipped or mis-scaled proposal ratio.");
    }

    /// <summary>Antisymmetry: r(x, y) = −r(y, x).</summary>
    /// <param name="kernel">The kernel; its noise leaves are <c>xi</c> [chains, dimension] and <c>uniform</c> [chains].</param>
    /// <param name="position">x, [points, dimension].</param>
    /// <param name="xi">The noise that makes each y, [points, dimension].</param>
    /// <param name="tolerance">The largest error relative to 1 + |r|.</param>
    /// <returns>The law's result.</returns>
    public static LawResult Antisymmetry(Kernel<LangevinState> kernel, Tensor position, Tensor xi, double tolerance = 1e-9)
    {
        (Tensor proposed, Tensor forward) = Propose(kernel, position, xi);
        (_, Tensor backward) = Propose(kernel, proposed, NoiseOf(kernel, proposed, position));
        return new LawResult(
            "antisymmetry of the log acceptance ratio",
            Largest((forward + backward) / (1 + forward.Abs())),
            tolerance,
            "r(x, y) + r(y, x) must vanish: the way back must undo the way there.");
    }

    /// <summary>The proposal from each point by given noise, and the log acceptance ratio that the kernel reports for it.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="position">[points, dimension].</param>
    /// <param name="xi">[points, dimension].</param>
    /// <returns>[points, dimension] and [points].</returns>
    public static (Tensor Proposed, Tensor LogAcceptanceRatio) Propose(Kernel<LangevinState> kernel, Tensor position, Tensor xi)
    {
        LangevinState state = kernel.Initialize(position);
        Noise drawn = kernel.DrawNoise(new NoiseSource(RandomKey.FromSeed(0), 0, Chains.Range(position.Shape[0]), Workspace.Default));
        Noise noise = new(drawn.Leaves.With("xi", xi).With("uniform", Tensor.Zeros(new Shape(position.Shape[0]), position.DType)));
        Transition<LangevinState> next = kernel.Advance(noise, state);
        return (next.State.Position, -(next.Info.EnergyError
            ?? throw new ArgumentException($"'{kernel.Name}' reports no energy error: it makes no Metropolis test.", nameof(kernel))));
    }

    /// <summary>log q of the proposal that noise ξ makes: −|ξ|²/2 − log |det S(x)| − (d/2) log 2π.</summary>
    private static Tensor LogProposal(Kernel<LangevinState> kernel, Tensor from, Tensor xi)
    {
        int dimension = kernel.Dimension;
        double[] logs = new double[from.Shape[0]];
        for (int point = 0; point < logs.Length; point++)
        {
            (_, Tensor root) = ReadProposal(kernel, from.Slice(0, point, 1));
            logs[point] = -LogAbsoluteDeterminant(root) - (0.5 * dimension * Math.Log(2 * Math.PI));
        }

        return Reductions.DotRows(xi, xi).ScaleShift(-0.5, 0) + Tensor.FromArray(logs);
    }

    /// <summary>The noise that proposes one set of points from another.</summary>
    private static Tensor NoiseOf(Kernel<LangevinState> kernel, Tensor from, Tensor to)
    {
        List<Tensor> rows = [];
        for (int point = 0; point < from.Shape[0]; point++)
        {
            (Tensor mean, Tensor root) = ReadProposal(kernel, from.Slice(0, point, 1));
            // S ξ = y − m by the normal equations, which need no pivoting
            Tensor factor = root.MatMul(root, transposeA: true).Cholesky();
            Tensor right = (to.Slice(0, point, 1) - mean).MatMul(root).Transpose();
            rows.Add(factor.TriangularSolve(factor.TriangularSolve(right), transpose: true).Transpose());
        }

        return Shaping.Join(0, rows);
    }

    /// <summary>m(x) as a row, and S(x).</summary>
    private static (Tensor Mean, Tensor Root) ReadProposal(Kernel<LangevinState> kernel, Tensor point)
    {
        int dimension = kernel.Dimension;
        Tensor noise = Shaping.Join(0, [Tensor.Zeros(new Shape(1, dimension), point.DType), Tensor.Identity(dimension, point.DType)]);
        (Tensor proposed, _) = Propose(kernel, point.BroadcastTo(new Shape(dimension + 1, dimension)), noise);
        Tensor mean = proposed.Slice(0, 0, 1);
        return (mean, (proposed.Slice(0, 1, dimension) - mean).Transpose());
    }

    private static double LogAbsoluteDeterminant(Tensor root)
    {
        double[] factor = root.MatMul(root, transposeA: true).Cholesky().ToArray();
        int size = root.Shape[0];
        return Enumerable.Range(0, size).Sum(i => Math.Log(factor[(i * size) + i]));
    }

    private static double Largest(Tensor x)
    {
        double[] values = x.ToArray();
        return values.Any(double.IsNaN) ? double.NaN : values.Max(Math.Abs);
    }
}
