using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;

namespace Lae.Benchmarks.Logistic;

/// <summary>A logistic regression with an intercept, normal columns and coefficients ±½; priors N(0, 10²).</summary>
internal sealed class LogisticProblem
{
    public LogisticProblem(int rows, int columns, ulong seed)
    {
        (Rows, Columns, Design, Labels) = (rows, columns, new double[rows * columns], new double[rows]);
        RandomKey key = RandomKey.FromSeed(seed);
        RowDraws.Normal(key, 0, 0, rows, columns, Design);
        RowDraws.Uniform(key, 1, 0, rows, 1, Labels);
        for (int i = 0; i < rows; i++)
        {
            Design[i * columns] = 1;
            double logit = 0;
            for (int j = 0; j < columns; j++)
            {
                logit += Design[(i * columns) + j] * (j % 2 == 0 ? 0.5 : -0.5);
            }

            Labels[i] = Labels[i] < 1 / (1 + Math.Exp(-logit)) ? 1 : 0;
        }

        Target = LogisticRegression.Create(
            Tensor.FromArray(Design, rows, columns), Tensor.FromArray(Labels), [.. Enumerable.Repeat(Prior.Normal(0, PriorDeviation), columns)]).Target;
    }

    public const double PriorDeviation = 10;

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>[rows, columns].</summary>
    public double[] Design { get; }

    /// <summary>[rows], 0 or 1.</summary>
    public double[] Labels { get; }

    public Target Target { get; }

    /// <summary>Writes design and labels as little-endian float64, for the peer.</summary>
    public void Write(string path)
    {
        using BinaryWriter writer = new(File.Create(path));
        foreach (double value in Design.Concat(Labels))
        {
            writer.Write(value);
        }
    }
}
