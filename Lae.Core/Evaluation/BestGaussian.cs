using Lae.Models;
using Lae.Numerics;
using Lae.Optimizers;
using Lae.Randomness;

namespace Lae.Evaluation;

/// <summary>
/// The best factorised Gaussian q_i = N(m_i, diag(e^{2 s_i})) of each observation's posterior, by stochastic ascent of its evidence bound:
/// <code>
///     L(m, s) = E[log p(x, z)] + Σ_j s_j + (d_z/2) log(2πe),   z = m + e^s ε,   ε ~ N(0, I)
///     ∇_m L = E[g],   ∇_s L = E[g ε e^s] + 1,   g = ∇_z log p(x, z)
/// </code>
/// by Adam with a step of 0.05 in the first half and 0.005 in the second, over which the iterates are averaged. Source: Cremer, Li and Duvenaud, ICML 2018, section 3 (their q*_FFG). Shapes: m, s are [n, d_z].
/// </summary>
/// <param name="Mean">m, [n, d_z], detached.</param>
/// <param name="LogDeviation">s, [n, d_z], detached.</param>
public sealed record BestGaussian(Tensor Mean, Tensor LogDeviation)
{
    private const double FirstStepSize = 0.05;
    private const double SecondStepSize = 0.005;

    /// <summary>Draws of ε at each step of the ascent.</summary>
    private const int DrawsPerStep = 8;

    /// <summary>Ascends.</summary>
    /// <param name="key">All randomness.</param>
    /// <param name="density">The posteriors.</param>
    /// <param name="start">Where the means start, [n, d_z], in the pooled workspace of the density's observations.</param>
    /// <param name="startDeviation">Where the deviations start, positive.</param>
    /// <param name="steps">Steps of Adam, 2 or more.</param>
    /// <returns>The fit.</returns>
    /// <exception cref="ArithmeticException">The fit is not finite.</exception>
    public static BestGaussian Fit(RandomKey key, LatentDensity density, Tensor start, double startDeviation = 0.1, int steps = 1000)
    {
        FittedProposal.RequirePositive(startDeviation, nameof(startDeviation));
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 2);
        Workspace workspace = start.Workspace;
        int mark = workspace.Mark();
        TensorTree q = TensorTree.Of(("mean", start), ("logDeviation", Tensor.Full(Math.Log(startDeviation), start.Shape, start.DType, workspace)));
        TensorTree state = new Adam(FirstStepSize).Initialize(q);
        TensorTree sum = q.Map(leaf => leaf * 0);
        int second = steps / 2;
        for (int step = 0; step < steps; step++)
        {
            TensorTree descent = Gradient(key.FoldIn((ulong)step), density, q).Map(leaf => -leaf);
            (q, state) = new Adam(step < second ? FirstStepSize : SecondStepSize).Descend(descent, q, state);
            sum = step < second ? sum : sum.Zip(q, (total, leaf) => total + leaf);
            workspace.Collect(mark, [.. q.Leaves, .. state.Leaves, .. sum.Leaves]);
        }

        BestGaussian fit = new((sum["mean"] / (steps - second)).Detach(), (sum["logDeviation"] / (steps - second)).Detach());
        workspace.Collect(mark);
        return fit.Mean.AllFinite() && fit.LogDeviation.AllFinite() ? fit : throw new ArithmeticException("The best Gaussian of a posterior is not finite.");
    }

    /// <summary>L of each observation at the fit, by fresh draws.</summary>
    /// <param name="key">All randomness, apart from that of the fit.</param>
    /// <param name="density">The posteriors.</param>
    /// <param name="draws">1 or more.</param>
    /// <param name="workspace">Where the density computes; what it allocates is taken back.</param>
    /// <returns>[n], in nats.</returns>
    public IReadOnlyList<double> Bound(RandomKey key, LatentDensity density, int draws, Workspace workspace)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        int mark = workspace.Mark();
        (int n, int d) = (Mean.Shape[0], Mean.Shape[1]);
        double[] mean = Mean.ToArray();
        double[] deviation = LogDeviation.Cast(DType.Float64).Exp().ToArray();
        double[] logDeviation = LogDeviation.ToArray();
        double[] bound = new double[n];
        double[] epsilon = new double[n * d];
        double[] z = new double[n * d];
        for (int draw = 0; draw < draws; draw++)
        {
            RowDraws.Normal(key, (uint)draw, 0, n, d, epsilon);
            for (int i = 0; i < z.Length; i++)
            {
                z[i] = mean[i] + (deviation[i] * epsilon[i]);
            }

            double[] logJoint = density.LogDensity(Tensor.FromSpan<double>(workspace, z, new Shape(n, d)).Cast(density.DType)).ToArray();
            workspace.Collect(mark);
            for (int i = 0; i < n; i++)
            {
                bound[i] += logJoint[i] / draws;
            }
        }

        for (int i = 0; i < z.Length; i++)
        {
            bound[i / d] += logDeviation[i] + (0.5 * Math.Log(2 * Math.PI * Math.E));
        }

        return bound;
    }

    /// <summary>∇L by a few draws, each with its mirror image.</summary>
    private static TensorTree Gradient(RandomKey key, LatentDensity density, TensorTree q)
    {
        (int n, int d) = (q["mean"].Shape[0], q["mean"].Shape[1]);
        double[] half = new double[DrawsPerStep / 2 * n * d];
        RowDraws.Normal(key, 0, 0, DrawsPerStep / 2 * n, d, half);
        double[] both = [.. half, .. half.Select(value => -value)];
        Shape blocks = new(DrawsPerStep, n, d);
        Tensor scaled = Tensor.FromSpan<double>(q["mean"].Workspace, both, blocks).Cast(density.DType) * q["logDeviation"].Exp();
        Tensor g = density.Evaluate((scaled + q["mean"]).Reshape(DrawsPerStep * n, d)).Gradient.Reshape(blocks);
        return TensorTree.Of(("mean", g.Mean(0)), ("logDeviation", (g * scaled).Mean(0) + 1));
    }
}
