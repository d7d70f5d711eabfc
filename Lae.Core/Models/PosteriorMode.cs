using Lae.Numerics;
using Lae.Targets;

namespace Lae.Models;

/// <summary>
/// Gradient ascent to a mode of each datapoint's posterior, for models without an encoder: every row has a step of its own, which grows where the density rose and shrinks where it did not,
/// <code>
///     y = z + h ∇ log p(z, x);   z' = y, h' = 1.5 h  if log p(y, x) &gt; log p(z, x),  else  z' = z, h' = h/2
/// </code>
/// so a row never descends, uses no randomness, and does not depend on the rows beside it. A density that is not finite counts as lower. Shapes: z [n, d_z], h [n, 1].
/// </summary>
public static class PosteriorMode
{
    private const double FirstStep = 0.1;
    private const double Growth = 1.5;
    private const double Shrinkage = 0.5;

    /// <summary>Ascends.</summary>
    /// <param name="density">The posteriors.</param>
    /// <param name="start">Where to start, [n, d_z].</param>
    /// <param name="iterations">Gradients for each datapoint beyond the first, 0 or more.</param>
    /// <returns>[n, d_z].</returns>
    public static Tensor Ascend(LatentDensity density, Tensor start, int iterations)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iterations);
        Workspace workspace = start.Workspace;
        int rows = start.Shape[0];
        int mark = workspace.Mark();
        Tensor z = start;
        LogDensityAndGradient here = density.Evaluate(z);
        Tensor step = Tensor.Full(FirstStep, new Shape(rows, 1), start.DType, workspace);
        for (int i = 0; i < iterations; i++)
        {
            Tensor proposed = z + (step * here.Gradient);
            LogDensityAndGradient there = density.Evaluate(proposed);
            Tensor better = Elementwise.Greater(there.LogDensity, here.LogDensity);
            z = Elementwise.Choose(better, proposed, z);
            step = Elementwise.Choose(better, step * Growth, step * Shrinkage);
            here = new LogDensityAndGradient(
                Elementwise.Choose(better, there.LogDensity, here.LogDensity), Elementwise.Choose(better, there.Gradient, here.Gradient));
            workspace.Collect(mark, z, step, here.LogDensity, here.Gradient);
        }

        workspace.Collect(mark, z);
        return z;
    }
}
