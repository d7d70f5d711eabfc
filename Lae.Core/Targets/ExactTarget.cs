using Lae.Numerics;
using Lae.Randomness;

namespace Lae.Targets;

/// <summary>A target that can also be drawn from exactly, and whose normalising constant is known: what samplers are tested on.</summary>
/// <param name="Target">The log density.</param>
/// <param name="LogNormalizingConstant">log ∫ exp(log π(x)) dx; 0 for a log density that is normalised.</param>
/// <param name="Draw">Independent exact draws [rows, dimension]: a pure function of the key and the number of rows, where row i does not depend on how many there are.</param>
public sealed record ExactTarget(Target Target, double LogNormalizingConstant, Func<RandomKey, int, Tensor> Draw)
{
    /// <summary>
    /// The density π^T to give to a kernel at temperature T, so that the law that it keeps, (π^T)^{1/T}, is the one that is drawn here.
    /// </summary>
    /// <param name="temperature">T, positive and finite.</param>
    /// <returns>A target with T log π and its gradient; π itself where T is 1.</returns>
    public Target ForTemperature(double temperature)
    {
        if (!(temperature > 0) || !double.IsFinite(temperature))
        {
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature must be positive and finite.");
        }

        return temperature == 1
            ? Target
            : Target.With(x => Target.Evaluate(x) is var at ? new LogDensityAndGradient(at.LogDensity * temperature, at.Gradient * temperature) : at);
    }

    /// <summary>Standard normal rows, of which exact draws are made.</summary>
    /// <param name="key">The key.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="dtype">The number type.</param>
    /// <param name="stream">Which of the draws of this key.</param>
    /// <returns>[rows, columns].</returns>
    internal static Tensor Normals(RandomKey key, int rows, int columns, DType dtype, uint stream = 0)
    {
        Tensor result = Tensor.Uninitialized(Workspace.Default, new Shape(rows, columns), dtype);
        if (dtype == DType.Float32)
        {
            RowDraws.Normal(key, stream, 0, rows, columns, result.Write<float>());
        }
        else
        {
            RowDraws.Normal(key, stream, 0, rows, columns, result.Write<double>());
        }

        return result;
    }
}
