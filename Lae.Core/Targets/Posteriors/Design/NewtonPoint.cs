using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace Lae.Targets;

/// <summary>A point of Newton's method on the logistic loss f(w) = Σ log(1 + exp(−m_i)), m_i = s_i x_i·w: the step −H⁻¹ g and its decrement ν = (gᵀ H⁻¹ g)^½.</summary>
internal sealed class NewtonPoint
{
    private readonly Cholesky<double>? factor;

    private NewtonPoint(Cholesky<double>? factor, double[]? direction, double decrement)
    {
        this.factor = factor;
        Direction = direction;
        Decrement = decrement;
    }

    /// <summary>−H⁻¹ g; null where H is singular to rounding.</summary>
    public double[]? Direction { get; }

    /// <summary>ν.</summary>
    public double Decrement { get; }

    /// <summary>Computes g and H.</summary>
    /// <param name="x">The columns.</param>
    /// <param name="signs">s, ±1 for each row.</param>
    /// <param name="margins">m.</param>
    public static NewtonPoint Of(double[][] x, double[] signs, double[] margins)
    {
        (int rows, int d) = (margins.Length, x.Length);
        double[] pull = new double[rows]; // s_i σ(−m_i) = −∂f/∂(x_i·w)
        double[] roots = new double[rows]; // the square root of the second derivative
        for (int i = 0; i < rows; i++)
        {
            double tail = Math.Exp(-Math.Abs(margins[i]));
            double miss = margins[i] > 0 ? tail / (1 + tail) : 1 / (1 + tail);
            pull[i] = signs[i] * miss;
            roots[i] = Math.Sqrt(tail) / (1 + tail);
        }

        double[][] weighted = [.. x.Select(column =>
        {
            double[] product = new double[rows];
            TensorPrimitives.Multiply(column, roots, product);
            return product;
        })];
        Vector<double> gradient = Vector<double>.Build.Dense(d, j => -TensorPrimitives.Dot<double>(x[j], pull));
        Matrix<double> hessian = Matrix<double>.Build.Dense(d, d);
        for (int j = 0; j < d; j++)
        {
            for (int k = 0; k <= j; k++)
            {
                hessian[j, k] = hessian[k, j] = TensorPrimitives.Dot<double>(weighted[j], weighted[k]);
            }
        }

        if (!TryFactor(hessian, out Cholesky<double>? factor))
        {
            return new NewtonPoint(null, null, double.NaN);
        }

        Vector<double> step = factor.Solve(gradient);
        return new NewtonPoint(factor, (-step).ToArray(), Math.Sqrt(Math.Max(0, gradient * step)));
    }

    /// <summary>max_i (x_iᵀ H⁻¹ x_i)^½.</summary>
    /// <param name="x">The columns.</param>
    public double WidestRow(double[][] x)
    {
        double[,] lower = factor!.Factor.ToArray();
        int d = x.Length;
        double[] z = new double[d];
        double widest = 0;
        for (int i = 0; i < x[0].Length; i++)
        {
            double squares = 0;
            for (int j = 0; j < d; j++)
            {
                double value = x[j][i];
                for (int k = 0; k < j; k++)
                {
                    value -= lower[j, k] * z[k];
                }

                z[j] = value / lower[j, j];
                squares += z[j] * z[j];
            }

            widest = Math.Max(widest, squares);
        }

        return Math.Sqrt(widest);
    }

    private static bool TryFactor(Matrix<double> hessian, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Cholesky<double>? factor)
    {
        try
        {
            factor = hessian.Cholesky();
            return true;
        }
        catch (ArgumentException)
        {
            factor = null;
            return false;
        }
    }
}
