using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Targets;

/// <summary>
/// A mixture of Gaussians with diagonal covariances: log π(x) = log Σ_k w_k N(x; m_k, diag(s_k²)), with the gradient by differentiation.
/// </summary>
public static class GaussianMixture
{
    /// <summary>The target, with exact draws.</summary>
    /// <param name="weights">w, positive; they are divided by their sum.</param>
    /// <param name="means">m, [components, dimension].</param>
    /// <param name="deviations">s, [components, dimension], positive.</param>
    /// <returns>A normalised target of the type of the means.</returns>
    /// <exception cref="ArgumentException">The shapes or types do not match.</exception>
    public static ExactTarget Create(IReadOnlyList<double> weights, Tensor means, Tensor deviations)
    {
        if (means.Rank != 2 || deviations.Shape != means.Shape || deviations.DType != means.DType || weights.Count != means.Shape[0] || means.Count == 0)
        {
            throw new ArgumentException(
                $"K weights, means [K, d] and deviations [K, d] of one type are needed, not {weights.Count}, {means.DType}{means.Shape} and {deviations.DType}{deviations.Shape}.", nameof(weights));
        }

        RequirePositive(weights, nameof(weights));
        RequirePositive(deviations.ToArray(), nameof(deviations));
        int components = means.Shape[0];
        int dimension = means.Shape[1];
        double total = weights.Sum();
        Tensor centre = means.Detach();
        Tensor deviation = deviations.Detach();
        Tensor inverse = deviation.Reciprocal();
        double[] logs = deviation.Log().Sum(1).ToArray();
        Tensor constants = Tensor.FromArray([.. weights.Select((w, k) => Math.Log(w / total) - logs[k] - (0.5 * dimension * Math.Log(2 * Math.PI)))]).Cast(means.DType);
        return new ExactTarget(Target.FromFunction(dimension, LogDensity, means.DType, "Gaussian mixture"), 0, Draw);

        Tensor LogDensity(Tensor x)
        {
            Tensor standard = (x.Reshape(x.Shape[0], 1, dimension) - centre) * inverse;
            return (standard.Square().Sum(2) * -0.5 + constants).LogSumExp(1);
        }

        Tensor Draw(RandomKey key, int rows)
        {
            double[] uniform = new double[rows];
            RowDraws.Uniform(key, 1, 0, rows, 1, uniform);
            int[] component = [.. uniform.Select(u => Component(u * total))];
            return centre.GatherRows(component) + deviation.GatherRows(component) * ExactTarget.Normals(key, rows, dimension, means.DType);
        }

        int Component(double position)
        {
            int k = 0;
            while (k < components - 1 && (position -= weights[k]) > 0)
            {
                k++;
            }

            return k;
        }
    }

    private static void RequirePositive(IEnumerable<double> values, string name)
    {
        foreach (double value in values)
        {
            if (!(value > 0) || !double.IsFinite(value))
            {
                throw new ArgumentOutOfRangeException(name, value, "Must be positive and finite.");
            }
        }
    }
}
