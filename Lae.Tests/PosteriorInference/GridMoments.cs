using Lae.Numerics;
using Lae.PosteriorInference;

namespace Lae.Tests.PosteriorInference;

/// <summary>Moments of the laws of a problem in one or two dimensions by quadrature on a grid, which is exact to rounding for densities that are smooth on its scale.</summary>
internal sealed class GridMoments
{
    /// <summary>A grid over [−half, half]^d.</summary>
    public GridMoments(InferenceProblem problem, double half, int side)
    {
        (int n, int d) = (problem.Points, problem.LatentSize);
        int cells = (int)Math.Pow(side, d);
        double step = 2 * half / (side - 1);
        double[] grid = new double[cells * n * d];
        for (int cell = 0; cell < cells; cell++)
        {
            for (int point = 0; point < n; point++)
            {
                for (int j = 0; j < d; j++)
                {
                    grid[(((cell * n) + point) * d) + j] = -half + (step * (j == 0 ? cell % side : cell / side));
                }
            }
        }

        double[] logs = problem.Density.LogDensity(Tensor.FromArray(grid, cells * n, d)).ToArray();
        LogEvidence = new double[n];
        Means = new double[n * d];
        Variances = new double[n * d];
        for (int point = 0; point < n; point++)
        {
            int own = point;
            double top = Enumerable.Range(0, cells).Max(cell => logs[(cell * n) + own]);
            double[] weights = [.. Enumerable.Range(0, cells).Select(cell => Math.Exp(logs[(cell * n) + own] - top))];
            double total = weights.Sum();
            LogEvidence[point] = top + Math.Log(total) + (d * Math.Log(step));
            for (int j = 0; j < d; j++)
            {
                int column = j;
                double At(int cell) => grid[(((cell * n) + own) * d) + column];
                double mean = Enumerable.Range(0, cells).Sum(cell => weights[cell] * At(cell)) / total;
                Means[(point * d) + j] = mean;
                Variances[(point * d) + j] = Enumerable.Range(0, cells).Sum(cell => weights[cell] * (At(cell) - mean) * (At(cell) - mean)) / total;
            }
        }
    }

    /// <summary>log p(x) of each point, where the joint density is normalised.</summary>
    public double[] LogEvidence { get; }

    public double[] Means { get; }

    public double[] Variances { get; }
}
